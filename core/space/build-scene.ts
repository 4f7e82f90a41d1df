import { inks as pageInks, networkLook, type Theme } from '../figure/colour/sets.ts';
import { hullFaces } from '../scene3d/convex-hull.ts';
import {
  emphasis,
  rgbOf,
  shapeOrder,
  type Hull,
  type SceneData,
  type SceneInks,
} from '../scene3d/scene-data.ts';
import { clusterColour, colourUnits, type Colouring, type Legend } from './colouring.ts';
import { buildFrame, mixFrames, type Axes } from './frames.ts';
import type { Coordinates, Cut, FrameName, SpaceData } from './space-data.ts';

/** What a person set, apart from the camera: together with the data it makes the scene. */
export interface SceneChoices {
  frame: FrameName;
  /** Another frame, that the units are on the way from; at `mix` 1 they have come. */
  from?: FrameName | null;
  mix?: number;
  axes: Axes;
  colouring: Colouring;
  hasLinks: boolean;
  /** Least r of a link. */
  linksFrom: number;
  hasHulls: boolean;
}

export interface SceneSelection {
  /** Rows of the selected pair; -1: none. */
  selected: readonly number[];
  /** Null: no group is selected. */
  isInGroup: ((row: number) => boolean) | null;
  /** The selected group is this cluster of the drawn cut. */
  cluster: number | null;
}

export interface BuiltScene {
  scene: SceneData;
  legend: Legend;
  linkCount: number;
}

/** Null where the frame's coordinates are not there. */
export function buildScene(
  space: SpaceData,
  choices: SceneChoices,
  cut: Cut | null,
  umap: Coordinates | null,
  selection: SceneSelection,
  theme: Theme,
): BuiltScene | null {
  const goal = buildFrame(space, choices.frame, choices.axes, umap);
  if (!goal) return null;
  const { from, mix = 1 } = choices;
  const start = from && mix < 1 ? buildFrame(space, from, choices.axes, umap) : null;
  const frame = start ? mixFrames(start, goal, mix) : goal;
  const { colour, legend } = colourUnits(space, choices.colouring, cut, theme);
  const links = linksOf(space, choices, selection);
  const shapes = space.networks.map(({ look }) => shapeOrder.indexOf(networkLook(look, theme).shape));
  return {
    legend,
    linkCount: links.from.length,
    scene: {
      marks: {
        count: space.count,
        positions: frame.positions,
        side: sidesOf(space),
        shape: Uint8Array.from(space.network, (at) => shapes[at]),
        colour,
        emphasis: emphasisOf(space, selection),
        size: markSize(space.count),
      },
      links,
      hulls:
        choices.hasHulls && cut
          ? hullsOf(space, cut, frame.positions, frame.apart > 0, selection, theme)
          : [],
      lines: frame.lines,
      labels: frame.labels,
      apart: frame.apart,
      spheres: frame.spheres,
    },
  };
}

/** Diameter in pixels: never under 6, however many there are. */
export function markSize(count: number): number {
  return Math.min(13, Math.max(6, 30 / Math.max(1, count) ** 0.2));
}

/** The first of two networks stands left, the second right; more than two never stand apart. */
function sidesOf({ networks, network }: SpaceData): Int8Array {
  return Int8Array.from(network, (at) => (networks.length === 2 ? 2 * at - 1 : 0));
}

function emphasisOf({ count }: SpaceData, { selected, isInGroup }: SceneSelection): Uint8Array {
  const levels = new Uint8Array(count).fill(emphasis.usual);
  if (isInGroup)
    for (let row = 0; row < count; row++) levels[row] = isInGroup(row) ? emphasis.grouped : emphasis.faint;
  for (const row of selected) if (row >= 0) levels[row] = emphasis.selected;
  return levels;
}

function linksOf(
  { matches }: SpaceData,
  { hasLinks, linksFrom }: SceneChoices,
  { selected, isInGroup }: SceneSelection,
): SceneData['links'] {
  const chosen = new Set(selected.filter((row) => row >= 0));
  const kept: number[] = [];
  for (let at = 0; at < matches.r.length; at++) {
    const isSelected = chosen.has(matches.from[at]) || chosen.has(matches.to[at]);
    const isGroup = !isInGroup || isInGroup(matches.from[at]) || isInGroup(matches.to[at]);
    if (isSelected || (hasLinks && isGroup && matches.r[at] >= linksFrom)) kept.push(at);
  }
  return {
    from: Uint32Array.from(kept, (at) => matches.from[at]),
    to: Uint32Array.from(kept, (at) => matches.to[at]),
    strength: Float32Array.from(kept, (at) => Math.max(0, matches.r[at])),
    isSelected: Uint8Array.from(kept, (at) =>
      Number(chosen.has(matches.from[at]) || chosen.has(matches.to[at])),
    ),
  };
}

/** One body a cluster; one a cluster and network where the networks stand apart. */
function hullsOf(
  { count, network, networks }: SpaceData,
  { k, labels }: Cut,
  positions: Float32Array,
  isApart: boolean,
  { cluster }: SceneSelection,
  theme: Theme,
): Hull[] {
  const parts = isApart ? networks.length : 1;
  const members = Array.from({ length: k * parts }, () => [] as number[]);
  for (let row = 0; row < count; row++)
    if (labels[row] >= 0) members[labels[row] * parts + (isApart ? network[row] : 0)]?.push(row);
  return members.map((rows, at) => {
    const label = Math.floor(at / parts);
    return {
      faces: hullFaces(rows, positions),
      colour: rgbOf(clusterColour(label, theme)),
      isFaint: cluster !== null && cluster !== label,
    };
  });
}

/** Colours of the page that scenes are drawn on. */
export function sceneInks(theme: Theme): SceneInks {
  const { ground, text, quiet } = pageInks[theme];
  return {
    ground,
    text,
    quiet,
    line: theme === 'light' ? '#7d8793' : '#6d7884',
    accent: theme === 'light' ? '#2458d3' : '#7fa6ff',
  };
}
