import type { ReceptiveField } from '#core/domain/receptive-field.ts';
import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import type { TensorGeometry } from '#core/ipc/engine.ts';

/** A rectangle, in pixels of the network's input; it may reach past the input where that was padded. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** How an input is looked at: cut to the receptive field, whole, or whole under the activation. */
export const lookModes = ['crop', 'whole', 'overlay'] as const;
export type LookMode = (typeof lookModes)[number];

/** Whether a layer has one position for every token of the inputs that are shown. */
export function arePositionsTokens({
  geometry,
  pictures,
}: {
  geometry: TensorGeometry | null;
  pictures: { inputs: ShownInputs } | null;
}): boolean {
  return geometry !== null && geometry.height * geometry.width === pictures?.inputs.cols;
}

/** The receptive field of one position of a map; null where it is the whole input, or there is no such position. */
export function fieldBox(
  field: ReceptiveField | null,
  place: number,
  mapWidth: number,
  size: { height: number; width: number },
): Box | null {
  if (!field || field.kind === 'whole' || place < 0) return null;
  const [rows, cols] = field.axes.length === 2 ? field.axes : [];
  if (!rows || !cols) return null;
  if (rows.size >= size.height && cols.size >= size.width) return null;
  return {
    top: rows.start + Math.floor(place / mapWidth) * rows.jump,
    left: cols.start + (place % mapWidth) * cols.jump,
    height: rows.size,
    width: cols.size,
  };
}

/** Where a whole map lies over the input: every position as a cell around the middle of what it sees. */
export function mapBox(
  field: ReceptiveField | null,
  map: { height: number; width: number },
  size: { height: number; width: number },
): Box {
  if (!field || field.kind === 'whole' || field.axes.length !== 2)
    return { left: 0, top: 0, width: size.width, height: size.height };
  const [rows, cols] = field.axes;
  return {
    top: rows.start + (rows.size - rows.jump) / 2,
    left: cols.start + (cols.size - cols.jump) / 2,
    height: map.height * rows.jump,
    width: map.width * cols.jump,
  };
}

/** The place of the largest value, NaN (padding) being none; -1 where there is none. */
export function placeOfMaximum(map: Float32Array): number {
  let best = -1;
  for (let at = 0; at < map.length; at++)
    if (!Number.isNaN(map[at]) && (best < 0 || map[at] > map[best])) best = at;
  return best;
}

/** Opaque RGBA bytes of one picture. */
export function rgbaOf(
  { rows, cols, depth, values }: ShownInputs,
  slot: number,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(rows * cols * 4);
  const start = slot * rows * cols * depth;
  for (let pixel = 0; pixel < rows * cols; pixel++) {
    for (let channel = 0; channel < 3; channel++)
      pixels[4 * pixel + channel] = values[start + pixel * depth + (depth === 3 ? channel : 0)];
    pixels[4 * pixel + 3] = 255;
  }
  return pixels;
}

/** RGBA bytes of one map in one colour, clear at 0 and below, strongest at `largest`. */
export function overlayRgba(
  map: Float32Array,
  largest: number,
  [red, green, blue]: readonly [number, number, number],
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(map.length * 4);
  for (let at = 0; at < map.length; at++) {
    const share = largest > 0 ? Math.min(1, Math.max(0, map[at] / largest)) : 0;
    pixels.set([red, green, blue, 230 * share], 4 * at);
  }
  return pixels;
}

/** A colour made lighter by a third, so that it shows on dark inputs. */
export function lightRgbOf(hex: string): [number, number, number] {
  const at = (start: number) => Math.round((2 * parseInt(hex.slice(start, start + 2), 16) + 255) / 3);
  return [at(1), at(3), at(5)];
}

/** The part of the input that fills the frame: the box, or the whole input, made as wide as it is high. */
export function frameOf(box: Box | null, size: { height: number; width: number }): Box {
  const { left, top, width, height } = box ?? { left: 0, top: 0, ...size };
  const side = Math.max(width, height);
  return { left: left - (side - width) / 2, top: top - (side - height) / 2, width: side, height: side };
}
