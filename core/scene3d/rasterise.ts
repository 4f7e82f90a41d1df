import type { RgbImage } from '../figure/scene.ts';
import { place, type Lens } from './camera.ts';
import { faintAlpha, fogAt, deepestFog } from './looks.ts';
import { placeMarks } from './placed-marks.ts';
import { SampleBand, type SampleMark, type SamplePoint } from './sample-band.ts';
import { emphasis, rgbOf, type Rgb, type SceneData, type SceneInks } from './scene-data.ts';
import {
  frameSegments,
  globeBodies,
  hullBodies,
  linkSegments,
  type Bodies,
  type Segments,
} from './scene-parts.ts';

/** Samples along a side of a pixel. */
const factor = 3;
/** Rows of pixels that are worked on at a time: their samples stay in the processor's cache. */
const bandRows = 24;
/** Of a mark's colour towards white at its upper left. */
const lightShare = 0.2;

/** Something drawn over the page where nothing opaque is before it. */
interface Veil {
  depth: number;
  y0: number;
  y1: number;
  draw(band: SampleBand): void;
}

/**
 * A picture of a scene, on the processor alone: opaque marks by a depth buffer, then hulls, lines and links from back to
 * front, each cut where a mark is before it, over a page of the ground's colour. Everything is sampled nine times a
 * pixel. Pure: the same scene, lens and inks give the same bytes on every machine.
 * @param lens in pixels of the picture @param ratio pixels for one pixel that sizes of marks and lines are meant for
 */
export function rasterise(scene: SceneData, lens: Lens, inks: SceneInks, ratio: number): RgbImage {
  const [cols, rows] = [lens.width, lens.height];
  const rgb = new Uint8Array(3 * rows * cols);
  const samples = sampleLens(lens);
  const scale = ratio * factor;
  const ground = rgbOf(inks.ground);
  const globes = trianglesOf(globeBodies(scene, lens, inks), samples, false);
  const marks = marksOf(scene, samples, inks, scale);
  const veils = [
    ...trianglesOf(hullBodies(scene), samples, true),
    ...linesOf(frameSegments(scene, lens, inks), samples, scale),
    ...linesOf(linkSegments(scene, inks), samples, scale),
  ].sort((one, other) => one.depth - other.depth);
  const band = new SampleBand(cols * factor, bandRows * factor);
  for (let row = 0; row < rows; row += bandRows) {
    const [top, bottom] = [row * factor, (row + bandRows) * factor];
    const isHere = ({ y0, y1 }: { y0: number; y1: number }): boolean => y1 >= top && y0 <= bottom;
    band.clear(top, ground);
    for (const globe of globes) if (isHere(globe)) globe.draw(band);
    for (const { mark, ...range } of marks) if (isHere(range)) band.mark(mark, ground);
    for (const veil of veils) if (isHere(veil)) veil.draw(band);
    band.resolve(rgb, row, Math.min(bandRows, rows - row), cols, factor);
  }
  return { rows, cols, rgb };
}

/** The lens for samples. Sines and cosines may differ in their last bit between machines: the bit is rounded away. */
function sampleLens(lens: Lens): Lens {
  return {
    ...lens,
    rotation: lens.rotation.map((value) => Math.round(value * 1e9) / 1e9),
    pixels: lens.pixels * factor,
    width: lens.width * factor,
    height: lens.height * factor,
  };
}

function marksOf(
  { marks }: SceneData,
  lens: Lens,
  inks: SceneInks,
  scale: number,
): { mark: SampleMark; y0: number; y1: number }[] {
  const placed = placeMarks(marks, lens);
  const [ground, text] = [rgbOf(inks.ground), rgbOf(inks.text)];
  const size = Math.round(marks.size * 1000) / 1000;
  const rim = 0.9 * scale;
  return Array.from({ length: marks.count }, (_, i) => {
    const radius = 0.5 * size * placed.scale[i] * scale;
    const fog = fogAt(placed.depth[i]);
    const isFaint = marks.emphasis[i] === emphasis.faint;
    const own: Rgb = [marks.colour[3 * i], marks.colour[3 * i + 1], marks.colour[3 * i + 2]];
    const colour = mixed(own, ground, isFaint ? 1 - (1 - fog) * faintAlpha : fog);
    const [x, y] = [placed.x[i], placed.y[i]];
    const mark: SampleMark = {
      ...{ x, y, depth: placed.depth[i], radius, rim, shape: marks.shape[i], colour },
      bulge: radius / (lens.pixels * placed.scale[i]),
      edge: mixed(colour, isFaint ? ground : text, 0.38 * (1 - (0.5 * fog) / deepestFog)),
      light: mixed(colour, [255, 255, 255], lightShare),
    };
    return { mark, y0: y - radius - rim, y1: y + radius + rim };
    // The nearest first: what they hide need not be worked out. The order of equals stays that of the marks.
  }).sort((one, other) => other.mark.depth - one.mark.depth);
}

function linesOf({ count, ends, sides, ink, width }: Segments, lens: Lens, scale: number): Veil[] {
  return Array.from({ length: count }, (_, i): Veil => {
    const end = (at: 0 | 1): SamplePoint => pointOf(lens, ends, 6 * i + 3 * at, sides[2 * i + at]);
    const [from, to] = [end(0), end(1)];
    const wide = Math.max(width[i] * scale, 1);
    const colour: Rgb = [ink[4 * i], ink[4 * i + 1], ink[4 * i + 2]];
    const alpha = ink[4 * i + 3] / 255;
    return {
      depth: (from.depth + to.depth) / 2,
      y0: Math.min(from.y, to.y) - wide,
      y1: Math.max(from.y, to.y) + wide,
      draw: (band) => band.line(from, to, wide, colour, alpha),
    };
  });
}

/** @param isGlass faces seen from the side are denser than those seen from the front, and fade with depth */
function trianglesOf({ corners, sides, ink }: Bodies, lens: Lens, isGlass: boolean): Veil[] {
  return Array.from({ length: sides.length / 3 }, (_, triangle): Veil => {
    const at = 3 * triangle;
    const point = (k: number): SamplePoint => pointOf(lens, corners, 3 * (at + k), sides[at + k]);
    const points = [point(0), point(1), point(2)] as const;
    const depth = (points[0].depth + points[1].depth + points[2].depth) / 3;
    const density = isGlass ? glassDensity(lens, corners, 3 * at) * (1 - 0.5 * fogAt(depth)) : 1;
    const alpha = (k: number): number => (ink[4 * (at + k) + 3] / 255) * density;
    const colour: Rgb = [ink[4 * at], ink[4 * at + 1], ink[4 * at + 2]];
    const alphas = [alpha(0), alpha(1), alpha(2)] as const;
    const heights = points.map(({ y }) => y);
    return {
      depth,
      y0: Math.min(...heights),
      y1: Math.max(...heights),
      draw: (band) => band.triangle(points, colour, alphas),
    };
  });
}

/** How dense thin glass looks by its slant to the eye: the normal of the triangle, turned with the scene. */
function glassDensity({ rotation: r }: Lens, corners: Float32Array, at: number): number {
  const edge = (to: number) => [0, 1, 2].map((k) => corners[at + 3 * to + k] - corners[at + k]);
  const [u, v] = [edge(1), edge(2)];
  const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const length = Math.sqrt(normal[0] ** 2 + normal[1] ** 2 + normal[2] ** 2) || 1;
  const towards = Math.abs(r[6] * normal[0] + r[7] * normal[1] + r[8] * normal[2]) / length;
  const graze = 1 - towards;
  return 0.55 + 1.1 * graze * graze;
}

function pointOf(lens: Lens, points: Float32Array, at: number, side: number): SamplePoint {
  const { x, y, depth } = place(lens, points[at], points[at + 1], points[at + 2], side);
  return { x, y, depth };
}

function mixed(one: Rgb, other: Rgb, share: number): Rgb {
  const part = (k: 0 | 1 | 2): number => one[k] + (other[k] - one[k]) * share;
  return [part(0), part(1), part(2)];
}
