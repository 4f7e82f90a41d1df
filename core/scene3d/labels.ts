import { place, type Lens } from './camera.ts';
import type { SceneLabel } from './scene-data.ts';

/** Words of a picture as plain data, for the screen, for a saved picture and for a vector figure around it. */
export interface PlacedLabel {
  text: string;
  kind: SceneLabel['kind'];
  /** Pixels; the middle of the words' height. */
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
  depth: number;
}

const gap = 10;
/** Of a frame's title from its middle, in scene units. */
const titlePlace = { left: 0.98, up: 0.98 };
/** Width of a letter of the figure's face, as a share of its size; good enough to keep words apart. */
const letter = 0.52;
export const labelSize = { axis: 12, tick: 10, title: 13 } as const;

/** What the words are set in: heights and widths in pixels. */
export interface LabelType {
  sizes: Readonly<Record<SceneLabel['kind'], number>>;
  widthOf(text: string, kind: SceneLabel['kind']): number;
}

const windowType: LabelType = {
  sizes: labelSize,
  widthOf: (text, kind) => text.length * labelSize[kind] * letter,
};

/**
 * Places the words: beyond the ends of their axes, away from the axis. Of words that would cover each other the ones
 * farther from the reader are left out; titles and axes come before ticks.
 */
export function placeLabels(
  labels: readonly SceneLabel[],
  lens: Lens,
  type: LabelType = windowType,
): PlacedLabel[] {
  const rank = { title: 0, axis: 1, tick: 2 };
  const placed = labels.map((label) => placeOne(label, lens, type));
  placed.sort((p, q) => rank[p.kind] - rank[q.kind] || q.depth - p.depth);
  const kept: PlacedLabel[] = [];
  for (const label of placed) {
    const box = boxOf(label, type);
    const isOutside = box.x1 < 0 || box.y1 < 0 || box.x0 > lens.width || box.y0 > lens.height;
    if (!isOutside && !kept.some((other) => overlap(box, boxOf(other, type)))) kept.push(label);
  }
  return kept;
}

function placeOne({ at, side, text, kind, from }: SceneLabel, lens: Lens, type: LabelType): PlacedLabel {
  const { x, y, depth } = place(lens, ...at, side);
  // A title stands at the upper left of its frame, wherever that is looked at from.
  if (kind === 'title') {
    const middle = lens.width / 2 + side * lens.apart * lens.pixels;
    const left = Math.max(4, middle - titlePlace.left * lens.pixels);
    const above = Math.max(12, lens.height / 2 - titlePlace.up * lens.pixels);
    return { text, kind, x: left, y: above, anchor: 'start', depth };
  }
  if (!from) return { text, kind, x, y, anchor: 'middle', depth };
  const start = place(lens, ...from, side);
  const [dx, dy] = [x - start.x, y - start.y];
  const length = Math.hypot(dx, dy);
  // An axis that points at the reader has no direction: its words go above its end.
  const [ux, uy] = length > 12 ? [dx / length, dy / length] : [0, -1];
  const anchor = ux > 0.4 ? 'start' : ux < -0.4 ? 'end' : 'middle';
  const lift = anchor === 'middle' ? gap + type.sizes[kind] / 2 : gap;
  const width = type.widthOf(text, kind);
  const shifted = x + ux * gap;
  const [low, high] = { start: [0, width], middle: [width / 2, width / 2], end: [width, 0] }[anchor];
  return {
    text,
    kind,
    // Words may not leave the picture.
    x: Math.min(lens.width - high - 4, Math.max(low + 4, shifted)),
    y: Math.min(lens.height - 10, Math.max(10, y + uy * lift)),
    anchor,
    depth,
  };
}

function boxOf({ text, kind, x, y, anchor }: PlacedLabel, type: LabelType) {
  const size = type.sizes[kind];
  const width = type.widthOf(text, kind);
  const x0 = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { x0, x1: x0 + width, y0: y - size * 0.7, y1: y + size * 0.7 };
}

function overlap(p: ReturnType<typeof boxOf>, q: ReturnType<typeof boxOf>): boolean {
  return p.x0 < q.x1 && q.x0 < p.x1 && p.y0 < q.y1 && q.y0 < p.y1;
}
