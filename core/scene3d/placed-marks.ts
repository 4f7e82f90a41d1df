import { eyeDistance, type Lens } from './camera.ts';
import { emphasis, type Marks } from './scene-data.ts';

/** Marks in the picture. */
export interface PlacedMarks {
  count: number;
  /** Pixels. */
  x: Float32Array;
  y: Float32Array;
  depth: Float32Array;
  scale: Float32Array;
  /** Marks from back to front, faint ones behind all, grouped and selected ones in front. */
  order: Uint32Array;
}

const levels = 4096;

/** Places every mark, and sorts them by depth into `levels` bins. O(n). */
export function placeMarks(marks: Marks, lens: Lens, reuse?: PlacedMarks): PlacedMarks {
  const n = marks.count;
  const placed = reuse?.count === n ? reuse : blank(n);
  const { x, y, depth, scale } = placed;
  const [r0, r1, r2, r3, r4, r5, r6, r7, r8] = lens.rotation;
  const [tx, ty, tz] = lens.target;
  const shift = lens.apart * lens.pixels;
  for (let i = 0, at = 0; i < n; i++, at += 3) {
    const px = marks.positions[at] - tx;
    const py = marks.positions[at + 1] - ty;
    const pz = marks.positions[at + 2] - tz;
    const z = r6 * px + r7 * py + r8 * pz;
    const k = lens.isPerspective ? eyeDistance / Math.max(0.1, eyeDistance - z) : 1;
    depth[i] = z;
    scale[i] = k;
    x[i] = lens.width / 2 + (r0 * px + r1 * py + r2 * pz) * k * lens.pixels + marks.side[i] * shift;
    y[i] = lens.height / 2 - (r3 * px + r4 * py + r5 * pz) * k * lens.pixels;
  }
  sortByDepth(placed, marks.emphasis);
  return placed;
}

function blank(count: number): PlacedMarks {
  const floats = () => new Float32Array(count);
  return {
    count,
    x: floats(),
    y: floats(),
    depth: floats(),
    scale: floats(),
    order: new Uint32Array(count),
  };
}

/** Counting sort: equal bins keep the order of the marks, so that a picture is the same every time. */
function sortByDepth({ count, depth, order }: PlacedMarks, stands: Uint8Array): void {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    low = Math.min(low, depth[i]);
    high = Math.max(high, depth[i]);
  }
  const scale = high > low ? (levels - 1) / (high - low) : 0;
  const starts = new Uint32Array(4 * levels + 1);
  const bin = (i: number) => stands[i] * levels + Math.floor((depth[i] - low) * scale);
  for (let i = 0; i < count; i++) starts[bin(i) + 1]++;
  for (let b = 0; b < 4 * levels; b++) starts[b + 1] += starts[b];
  for (let i = 0; i < count; i++) order[starts[bin(i)]++] = i;
}

/** The mark at a point: the nearest within `reach` pixels, the one in front of those that touch it. -1: none. */
export function pickMark(placed: PlacedMarks, marks: Marks, px: number, py: number, reach = 6): number {
  let best = -1;
  let bestScore = Infinity;
  const radius = marks.size / 2;
  for (let i = 0; i < placed.count; i++) {
    const distance = Math.hypot(placed.x[i] - px, placed.y[i] - py) - radius * placed.scale[i];
    if (distance > reach) continue;
    // Inside a mark depth decides; beside it distance does.
    const faint = marks.emphasis[i] === emphasis.faint ? 4 : 0;
    const score = Math.max(0, distance) * 10 + faint - placed.depth[i];
    if (score >= bestScore) continue;
    best = i;
    bestScore = score;
  }
  return best;
}

/** Marks inside a closed line drawn in the picture. @param line x and y of its points, in turn */
export function marksWithin(placed: PlacedMarks, line: readonly number[]): number[] {
  if (line.length < 6) return [];
  const within: number[] = [];
  for (let i = 0; i < placed.count; i++) if (isInPolygon(placed.x[i], placed.y[i], line)) within.push(i);
  return within;
}

/** Even-odd rule (Franklin's crossing test); on the edge either answer. */
export function isInPolygon(x: number, y: number, line: readonly number[]): boolean {
  let isIn = false;
  for (let i = 0, j = line.length - 2; i < line.length; j = i, i += 2) {
    const [xi, yi, xj, yj] = [line[i], line[i + 1], line[j], line[j + 1]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) isIn = !isIn;
  }
  return isIn;
}
