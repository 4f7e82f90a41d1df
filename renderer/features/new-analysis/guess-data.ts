import type { ArrayEntry, DataLayout } from '#core/domain/dataset.ts';

/** The array that most likely holds the inputs: pictures, else the most dimensions, then the most values. */
export function guessArray(arrays: readonly ArrayEntry[]): ArrayEntry | undefined {
  const size = (entry: ArrayEntry) => entry.shape.reduce((product, side) => product * side, 1);
  const pictures = (entry: ArrayEntry) => (entry.images ? 1 : 0);
  return [...arrays].sort(
    (x, y) => pictures(y) - pictures(x) || y.shape.length - x.shape.length || size(y) - size(x),
  )[0];
}

/** Layouts that an array of this many dimensions can have. */
export function possibleLayouts(dimensions: number): DataLayout[] {
  if (dimensions === 4) return ['NCHW', 'NHWC', 'as-is'];
  if (dimensions === 3) return ['NHW', 'NCT', 'NTC', 'as-is'];
  if (dimensions === 2) return ['NC', 'NT'];
  return dimensions === 1 ? ['N'] : dimensions > 4 ? ['as-is'] : [];
}

/** Channels last only where the last axis looks like channels and the second does not. */
export function guessLayout(shape: readonly number[], dtype = ''): DataLayout | undefined {
  // Rows of whole numbers are token ids more often than features.
  if (shape.length === 2 && /^u?int(32|64)$/.test(dtype)) return 'NT';
  const looksLikeChannels = (side: number) => side === 1 || side === 3 || side === 4;
  if (shape.length === 4) {
    return looksLikeChannels(shape[3]) && !looksLikeChannels(shape[1]) ? 'NHWC' : 'NCHW';
  }
  return possibleLayouts(shape.length)[0];
}

/** Bytes become 0..1; everything else is taken as it is. */
export function guessScale(dtype: string): number {
  return /u?int8|u1|\|b1/i.test(dtype) ? 1 / 255 : 1;
}

/** Per-sample dimensions as the network will get them (channel first), to compare with a model's input. */
export function sampleShape(shape: readonly number[], layout: DataLayout): number[] {
  const [, ...rest] = shape;
  if (layout === 'NHWC') return [rest[2], rest[0], rest[1]];
  if (layout === 'NHW') return [1, rest[0], rest[1]];
  if (layout === 'NTC') return [rest[1], rest[0]];
  return rest;
}

/** "0.485, 0.456, 0.406" as numbers; null when it is no list of numbers, undefined when empty. */
export function parseNumbers(text: string): number[] | null | undefined {
  if (text.trim() === '') return undefined;
  const numbers = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  return numbers.every(Number.isFinite) ? numbers : null;
}
