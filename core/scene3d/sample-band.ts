import { fogAt } from './looks.ts';
import { glyphDistance } from './glyph-distance.ts';
import type { Rgb } from './scene-data.ts';

/** A point of the picture, in samples from its top left, and how near it is to the eye. */
export interface SamplePoint {
  x: number;
  y: number;
  depth: number;
}

/** A mark as it is seen: sizes in samples. */
export interface SampleMark extends SamplePoint {
  radius: number;
  /** Width of the rim of the page's colour that keeps neighbours apart. */
  rim: number;
  shape: number;
  /** Of its front, in scene units before its middle: what passes through the mark comes out there. */
  bulge: number;
  colour: Rgb;
  edge: Rgb;
  light: Rgb;
}

/**
 * Some rows of a picture with several samples a pixel, each with its colour (red, green and blue over an opaque page)
 * and with the depth of the nearest opaque thing. Colours are mixed as their bytes stand, as the window does.
 */
export class SampleBand {
  readonly #width: number;
  readonly #height: number;
  readonly #depth: Float32Array;
  readonly #colour: Float32Array;
  #top = 0;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#depth = new Float32Array(width * height);
    this.#colour = new Float32Array(3 * width * height);
  }

  /** Begins a band at this row of samples. */
  clear(top: number, [red, green, blue]: Rgb): void {
    this.#top = top;
    this.#depth.fill(-Infinity);
    for (let at = 0; at < this.#colour.length; at += 3) {
      this.#colour[at] = red;
      this.#colour[at + 1] = green;
      this.#colour[at + 2] = blue;
    }
  }

  /** An opaque mark: in front of what is farther, behind what is nearer. */
  mark(mark: SampleMark, ground: Rgb): void {
    const { radius, rim, shape } = mark;
    const reach = radius + rim;
    const [x0, x1] = [Math.max(0, Math.ceil(mark.x - reach - 0.5)), this.#lastX(mark.x + reach - 0.5)];
    const [y0, y1] = [this.#firstY(mark.y - reach - 0.5), this.#lastY(mark.y + reach - 0.5)];
    const front = mark.depth + mark.bulge;
    const scale = 1 / radius;
    const edgeWidth = 1.2 * rim;
    for (let y = y0; y <= y1; y++) {
      const py = (mark.y - (y + this.#top + 0.5)) * scale;
      for (let x = x0; x <= x1; x++) {
        const at = y * this.#width + x;
        if (front <= this.#depth[at]) continue;
        const px = (x + 0.5 - mark.x) * scale;
        const distance = glyphDistance(shape, px, py) * radius;
        if (distance > rim) continue;
        this.#depth[at] = front;
        if (distance > 0) this.#set(at, ground);
        else if (distance > -edgeWidth) this.#set(at, mark.edge);
        else this.#shade(at, mark, px, py);
      }
    }
  }

  /** A straight line, seen where nothing opaque is before it; it fades with depth along its length. */
  line(from: SamplePoint, to: SamplePoint, width: number, [red, green, blue]: Rgb, alpha: number): void {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length === 0) return;
    const [ux, uy] = [dx / length, dy / length];
    const half = width / 2;
    const reach = half + 0.5;
    const y0 = this.#firstY(Math.min(from.y, to.y) - reach);
    const y1 = this.#lastY(Math.max(from.y, to.y) + reach);
    const most = Math.min(1, width);
    const slope = (to.depth - from.depth) / length;
    const depths = this.#depth;
    for (let y = y0; y <= y1; y++) {
      const sy = y + this.#top + 0.5 - from.y;
      const [left, right] = rowSpan(from.x, sy, ux, uy, length, reach);
      const x1 = this.#lastX(right);
      for (let x = Math.max(0, Math.ceil(left)), at = y * this.#width + x; x <= x1; x++, at++) {
        const sx = x + 0.5 - from.x;
        const along = sx * ux + sy * uy;
        const depth = from.depth + slope * along;
        if (along < 0 || along >= length || depth < depths[at]) continue;
        const cover = reach - Math.abs(sy * ux - sx * uy);
        if (cover <= 0) continue;
        const share = alpha * (cover < most ? cover : most) * (1 - 1.15 * fogAt(depth));
        this.#mix(at, red, green, blue, share);
      }
    }
  }

  /**
   * A translucent triangle, seen where nothing opaque is before it. A sample on the edge of two triangles belongs to
   * one of them. `alphas`: at its corners.
   */
  triangle(
    corners: readonly [SamplePoint, SamplePoint, SamplePoint],
    [red, green, blue]: Rgb,
    alphas: readonly [number, number, number],
  ): void {
    const [a, b, c] = corners;
    const area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    if (area === 0) return;
    const y0 = this.#firstY(Math.min(a.y, b.y, c.y) - 0.5);
    const y1 = this.#lastY(Math.max(a.y, b.y, c.y) - 0.5);
    for (let y = y0; y <= y1; y++) {
      const sy = y + this.#top + 0.5;
      const crossings = [crossing(a, b, sy), crossing(b, c, sy), crossing(c, a, sy)].filter(
        (x) => x !== undefined,
      );
      if (crossings.length < 2) continue;
      const x1 = Math.min(this.#width, Math.ceil(Math.max(...crossings) - 0.5));
      for (let x = Math.max(0, Math.ceil(Math.min(...crossings) - 0.5)); x < x1; x++) {
        const sx = x + 0.5;
        const shareB = ((sx - a.x) * (c.y - a.y) - (c.x - a.x) * (sy - a.y)) / area;
        const shareC = ((b.x - a.x) * (sy - a.y) - (sx - a.x) * (b.y - a.y)) / area;
        const shareA = 1 - shareB - shareC;
        const at = y * this.#width + x;
        if (shareA * a.depth + shareB * b.depth + shareC * c.depth < this.#depth[at]) continue;
        this.#mix(at, red, green, blue, shareA * alphas[0] + shareB * alphas[1] + shareC * alphas[2]);
      }
    }
  }

  /** Means of `factor` x `factor` samples, as rows of pixels from `row` on. */
  resolve(rgb: Uint8Array, row: number, rows: number, cols: number, factor: number): void {
    const share = 1 / (factor * factor);
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < cols; x++) {
        let [red, green, blue] = [0, 0, 0];
        for (let sub = 0; sub < factor; sub++) {
          let at = 3 * ((y * factor + sub) * this.#width + x * factor);
          for (let along = 0; along < factor; along++, at += 3) {
            red += this.#colour[at];
            green += this.#colour[at + 1];
            blue += this.#colour[at + 2];
          }
        }
        const to = 3 * ((row + y) * cols + x);
        rgb[to] = Math.round(red * share);
        rgb[to + 1] = Math.round(green * share);
        rgb[to + 2] = Math.round(blue * share);
      }
    }
  }

  #firstY = (y: number): number => Math.max(0, Math.ceil(y) - this.#top);
  #lastY = (y: number): number => Math.min(this.#height - 1, Math.floor(y) - this.#top);
  #lastX = (x: number): number => Math.min(this.#width - 1, Math.floor(x));

  #set(at: number, [red, green, blue]: Rgb): void {
    this.#colour[3 * at] = red;
    this.#colour[3 * at + 1] = green;
    this.#colour[3 * at + 2] = blue;
  }

  /** A little lighter towards the upper left, so that a mark reads as a body. */
  #shade(at: number, { colour, light }: SampleMark, px: number, py: number): void {
    const share = Math.min(1, Math.max(0, 0.5 + 0.45 * (py - px)));
    this.#colour[3 * at] = colour[0] + (light[0] - colour[0]) * share;
    this.#colour[3 * at + 1] = colour[1] + (light[1] - colour[1]) * share;
    this.#colour[3 * at + 2] = colour[2] + (light[2] - colour[2]) * share;
  }

  #mix(at: number, red: number, green: number, blue: number, alpha: number): void {
    const colour = this.#colour;
    colour[3 * at] += (red - colour[3 * at]) * alpha;
    colour[3 * at + 1] += (green - colour[3 * at + 1]) * alpha;
    colour[3 * at + 2] += (blue - colour[3 * at + 2]) * alpha;
  }
}

/** Where an edge meets the middle of a row of samples; the same number whichever way round the edge is given. */
function crossing(p: SamplePoint, q: SamplePoint, y: number): number | undefined {
  const [upper, lower] = p.y < q.y || (p.y === q.y && p.x < q.x) ? [p, q] : [q, p];
  if (!(upper.y <= y && y < lower.y)) return undefined;
  return upper.x + ((lower.x - upper.x) * (y - upper.y)) / (lower.y - upper.y);
}

/** Columns that a line of this reach covers in a row of samples at a height `sy` below its beginning. */
function rowSpan(
  fromX: number,
  sy: number,
  ux: number,
  uy: number,
  length: number,
  reach: number,
): [number, number] {
  const ends = [fromX, fromX + ux * length];
  const low = Math.min(...ends) - reach;
  const high = Math.max(...ends) + reach;
  if (Math.abs(uy) < 1e-6) return [low - 0.5, high - 0.5];
  const middle = fromX + (sy * ux) / uy;
  const wide = reach / Math.abs(uy);
  return [Math.max(low, middle - wide) - 0.5, Math.min(high, middle + wide) - 0.5];
}
