import type { Line, SceneLabel } from '../scene3d/scene-data.ts';
import { formatCorrelation, formatPercent } from '../text/number-words.ts';
import type { Coordinates, FrameName, SpaceData } from './space-data.ts';

/** Where units lie in a frame of the scene, and the frame's own lines and words. */
export interface Frame {
  /** [3 x rows], within about 1 of the middle. */
  positions: Float32Array;
  apart: number;
  lines: Line[];
  labels: SceneLabel[];
  spheres: number[];
}

/** How far the middles of two networks' own frames stand from the picture's. */
const apart = 1.22;
const circlePoints = 72;
const tick = 0.025;
/** Of frames without a sphere: how far the farthest unit is from the middle. */
const reach = 1.08;

export type Axes = readonly [x: number, y: number, z: number];

/** The dimensions a person can choose from in a frame: none where they mean nothing. */
export function dimensionsOf(space: SpaceData, frame: FrameName): number {
  if (frame === 'aligned') return space.aligned?.dimensions ?? 0;
  if (frame === 'own') return space.own?.dimensions ?? 0;
  if (frame === 'profile') return space.profile?.dimensions ?? 0;
  return 0;
}

/** The three dimensions asked for, or the first three where those are not there. */
export function usableAxes(asked: Axes, dimensions: number): Axes {
  const isUsable = asked.every((axis) => axis >= 0 && axis < dimensions) && new Set(asked).size === 3;
  return isUsable ? asked : [0, 1, 2];
}

/** Null where the space holds no such frame (or its layout is still being worked out). */
export function buildFrame(
  space: SpaceData,
  name: FrameName,
  axes: Axes,
  umap: Coordinates | null,
): Frame | null {
  switch (name) {
    case 'aligned':
      return space.aligned && alignedFrame(space.aligned, usableAxes(axes, space.aligned.dimensions));
    case 'own':
      return space.own && ownFrame(space, usableAxes(axes, space.own.dimensions));
    case 'profile':
      return space.profile && profileFrame(space.profile, usableAxes(axes, space.profile.dimensions));
    case 'umap':
      return umap && umapFrame(chosen(umap, [0, 1, 2]));
  }
}

/** Units on the way from one frame to another; lines and words are those of the nearer one. */
export function mixFrames(from: Frame, to: Frame, mix: number): Frame {
  const between = (p: number, q: number) => p + (q - p) * mix;
  return {
    ...(mix < 0.5 ? from : to),
    positions: to.positions.map((value, at) => between(from.positions[at], value)),
    apart: between(from.apart, to.apart),
  };
}

function alignedFrame(aligned: Coordinates, axes: Axes): Frame {
  return {
    ...bare(chosen(aligned, axes)),
    lines: [...globe(0), ...axisLines(axes, aligned.dimensions, 0)],
    labels: axisLabels(axes, aligned.dimensions, 0, (axis) => {
      return `canonical direction ${axis + 1}, ρ ${formatCorrelation(aligned.worth[axis] ?? NaN)}`;
    }),
    spheres: [0],
  };
}

function ownFrame(space: SpaceData, axes: Axes): Frame {
  const { own } = space;
  if (!own) throw new Error('The space has no frames of its networks.');
  const sides = [-1, 1];
  const words = (side: number) => (axis: number) => {
    const share = (side < 0 ? own.worth : own.otherWorth)[axis];
    return share === undefined ? `component ${axis + 1}` : `component ${axis + 1}, ${formatPercent(share)}`;
  };
  return {
    ...bare(chosen(own, axes)),
    apart,
    lines: sides.flatMap((side) => [...globe(side), ...axisLines(axes, own.dimensions, side)]),
    labels: sides.flatMap((side, at): SceneLabel[] => [
      { at: [0, 0, 0], side, text: space.networks[at]?.name ?? '', kind: 'title' },
      ...axisLabels(axes, own.dimensions, side, words(side)),
    ]),
    spheres: sides,
  };
}

function profileFrame(profile: Coordinates, axes: Axes): Frame {
  const positions = chosen(profile, axes);
  return {
    ...bare(centred(positions, meanOf(positions))),
    lines: axisLines(axes, profile.dimensions, 0, false),
    labels: axisLabels(
      axes,
      profile.dimensions,
      0,
      (axis) => `profile component ${axis + 1}, ${formatPercent(profile.worth[axis] ?? NaN)}`,
      false,
    ),
    spheres: [],
  };
}

function umapFrame(positions: Float32Array): Frame {
  return bare(centred(positions, midOf(positions)));
}

function bare(positions: Float32Array): Frame {
  return { positions, apart: 0, lines: [], labels: [], spheres: [] };
}

/** Three of the dimensions; those that are not there are 0. */
function chosen({ dimensions, values }: Coordinates, axes: Axes): Float32Array {
  const rows = values.length / dimensions;
  const positions = new Float32Array(3 * rows);
  for (let row = 0; row < rows; row++) {
    axes.forEach((axis, k) => {
      if (axis < dimensions) positions[3 * row + k] = values[row * dimensions + axis];
    });
  }
  return positions;
}

/**
 * About a middle, scaled so that the farthest is `reach` away: their distances keep their proportions, and none leaves
 * the picture however it is turned.
 */
function centred(positions: Float32Array, middle: readonly number[]): Float32Array {
  let far = 0;
  for (let at = 0; at < positions.length; at += 3) {
    for (let k = 0; k < 3; k++) positions[at + k] -= middle[k];
    far = Math.max(far, Math.hypot(positions[at], positions[at + 1], positions[at + 2]));
  }
  if (far > 0) for (let at = 0; at < positions.length; at++) positions[at] *= reach / far;
  return positions;
}

function meanOf(positions: Float32Array): number[] {
  const mean = [0, 0, 0];
  positions.forEach((value, at) => (mean[at % 3] += (3 * value) / positions.length));
  return mean;
}

/** Between the extremes: where axes mean nothing, the place that shows the whole largest. */
function midOf(positions: Float32Array): number[] {
  const [low, high] = [
    [Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity],
  ];
  positions.forEach((value, at) => {
    low[at % 3] = Math.min(low[at % 3], value);
    high[at % 3] = Math.max(high[at % 3], value);
  });
  return low.map((value, k) => (value + high[k]) / 2);
}

type Point = [number, number, number];

function onAxis(k: number, value: number): Point {
  const point: Point = [0, 0, 0];
  point[k] = value;
  return point;
}

function axisLines(axes: Axes, dimensions: number, side: number, hasTicks = true): Line[] {
  return [0, 1, 2].flatMap((k): Line[] => {
    if (axes[k] >= dimensions) return [];
    const line: Line = { from: onAxis(k, -1), to: onAxis(k, 1), side, kind: 'axis' };
    if (!hasTicks) return [line];
    const other = (k + 1) % 3;
    const ticks = [-1, -0.5, 0.5, 1].map((at): Line => {
      const [from, to] = [onAxis(k, at), onAxis(k, at)];
      from[other] = -tick;
      to[other] = tick;
      return { from, to, side, kind: 'axis' };
    });
    return [line, ...ticks];
  });
}

function axisLabels(
  axes: Axes,
  dimensions: number,
  side: number,
  words: (axis: number) => string,
  hasTicks = true,
): SceneLabel[] {
  return axes.flatMap((axis, k): SceneLabel[] => {
    if (axis >= dimensions) return [];
    const end: SceneLabel = { at: onAxis(k, 1), from: [0, 0, 0], side, text: words(axis), kind: 'axis' };
    if (!hasTicks) return [end];
    return [end, { at: onAxis(k, -1), from: [0, 0, 0], side, text: '−1', kind: 'tick' }];
  });
}

/** Great circles of radius 1 in the planes of the axes. */
function globe(side: number): Line[] {
  return [0, 1, 2].flatMap((k) => {
    const point = (at: number): Point => {
      const angle = (2 * Math.PI * at) / circlePoints;
      const place: Point = [0, 0, 0];
      place[(k + 1) % 3] = Math.cos(angle);
      place[(k + 2) % 3] = Math.sin(angle);
      return place;
    };
    return Array.from({ length: circlePoints }, (_, at) => {
      return { from: point(at), to: point(at + 1), side, kind: 'guide' } satisfies Line;
    });
  });
}
