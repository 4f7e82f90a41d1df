import { colourTables } from './tables.ts';

export type ColourMapName = keyof typeof colourTables;
export const colourMapNames = Object.keys(colourTables) as ColourMapName[];

/** Colours of a map; odd, so that 0 of a symmetrical range is exactly the middle colour. */
export const levels = 255;
/** Palette index of a value that is not a number. */
export const missingIndex = 255;

/** A colour that its map does not contain. */
const missingColour: Record<ColourMapName, string> = {
  diverging: 'b8b8b8',
  viridis: 'b8b8b8',
  'paper-grey': 'e6c994',
};

const palettes = new Map<ColourMapName, Uint8Array>();

/** 256 RGB triples: 255 colours from low to high, then the colour of a missing value. Do not write into it. */
export function paletteOf(map: ColourMapName): Uint8Array {
  let palette = palettes.get(map);
  if (!palette) {
    const text = colourTables[map] + missingColour[map];
    palette = Uint8Array.from({ length: 768 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
    palettes.set(map, palette);
  }
  return palette;
}

/** Palette index of t in 0..1; beyond the ends the end colours, NaN the missing one. */
export function levelOf(t: number): number {
  if (Number.isNaN(t)) return missingIndex;
  return t <= 0 ? 0 : t >= 1 ? levels - 1 : Math.round(t * (levels - 1));
}

/** Colour at t in 0..1 as #rrggbb. */
export function colourOf(map: ColourMapName, t: number): string {
  const at = 3 * levelOf(t);
  const hex = [...paletteOf(map).subarray(at, at + 3)].map((byte) => byte.toString(16).padStart(2, '0'));
  return '#' + hex.join('');
}

/** One palette index per value; `max` must be above `min`. */
export function matrixToLevels(values: ArrayLike<number>, min: number, max: number): Uint8Array {
  const cells = new Uint8Array(values.length);
  const scale = 1 / (max - min);
  for (let at = 0; at < cells.length; at++) cells[at] = levelOf((values[at] - min) * scale);
  return cells;
}

/**
 * Row-major RGBA bytes, opaque, one pixel a cell: what a canvas or a texture takes.
 * Throws a RangeError when values is shorter than rows x cols.
 */
export function matrixToRgba(
  values: ArrayLike<number>,
  rows: number,
  cols: number,
  map: ColourMapName,
  min: number,
  max: number,
): Uint8ClampedArray<ArrayBuffer> {
  const count = rows * cols;
  if (values.length < count) {
    throw new RangeError(
      `A ${rows} x ${cols} picture needs ${count} values, but there are ${values.length}.`,
    );
  }
  const palette = paletteOf(map);
  const rgba = new Uint8ClampedArray(4 * count);
  const scale = 1 / (max - min);
  for (let at = 0; at < count; at++) {
    const from = 3 * levelOf((values[at] - min) * scale);
    rgba[4 * at] = palette[from];
    rgba[4 * at + 1] = palette[from + 1];
    rgba[4 * at + 2] = palette[from + 2];
    rgba[4 * at + 3] = 255;
  }
  return rgba;
}
