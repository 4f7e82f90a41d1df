import type { InputKind, ShownInputs } from '#core/domain/shown-inputs.ts';
import type { SampleFormat } from './sample-format.ts';

/** Values of one trace or row that are given; longer ones are shrunk. */
const mostValues = 1 << 14;

/** How inputs of one format become what is shown of them. */
export interface Shrinking {
  kind: InputKind;
  rows: number;
  cols: number;
  depth: 1 | 3;
  /** Input values a side that one shown value is the mean of. */
  patch: number;
  /** Values of one shown input. */
  values: number;
  /** Bytes that one takes in `ShownInputs.values`. */
  bytes: number;
}

/** Pictures of at most `mostSide` pixels a side; traces and rows of at most 16 384 values. */
export function shrinkingOf(format: SampleFormat, mostSide: number): Shrinking {
  const { channels, height, width } = format;
  const kind = kindOf(format);
  if (kind !== 'picture') {
    const rows = kind === 'row' ? 1 : channels;
    const patch = Math.max(1, Math.ceil(format.values / mostValues));
    const cols = Math.ceil(format.values / rows / patch);
    return { kind, rows, cols, depth: 1, patch, values: rows * cols, bytes: rows * cols * 4 };
  }
  const depth = channels >= 3 ? 3 : 1;
  const patch = Math.max(1, Math.ceil(Math.max(height, width) / mostSide));
  const [rows, cols] = [Math.ceil(height / patch), Math.ceil(width / patch)];
  const values = rows * cols * depth;
  return { kind, rows, cols, depth, patch, values, bytes: values };
}

function kindOf({ layout, height, width }: SampleFormat): InputKind {
  if (layout === 'NC' || layout === 'N' || layout === 'as-is') return 'row';
  return height === 1 || width === 1 ? 'trace' : 'picture';
}

/** Means of patches of one input [channels x height x width], those at the edge over what is there of them. */
export function shrinkOne(
  format: SampleFormat,
  { kind, rows, cols, depth, patch }: Shrinking,
  input: Float32Array,
  out: Float32Array,
): void {
  const { height, width } = format;
  if (kind !== 'picture') {
    const length = format.values / rows;
    for (let at = 0; at < rows * cols; at++)
      out[at] = mean(input, Math.floor(at / cols), length, (at % cols) * patch, patch);
    return;
  }
  if (patch === 1) {
    // Nothing to take means of: only the channels come last.
    for (let at = 0, to = 0; at < height * width; at++)
      for (let channel = 0; channel < depth; channel++) out[to++] = input[channel * height * width + at];
    return;
  }
  for (let row = 0, to = 0; row < rows; row++) {
    const [top, bottom] = [row * patch, Math.min(height, (row + 1) * patch)];
    for (let col = 0; col < cols; col++) {
      const [left, right] = [col * patch, Math.min(width, (col + 1) * patch)];
      const cells = (bottom - top) * (right - left);
      for (let channel = 0; channel < depth; channel++, to++) {
        let sum = 0;
        for (let y = top; y < bottom; y++) {
          const start = (channel * height + y) * width;
          for (let at = start + left; at < start + right; at++) sum += input[at];
        }
        out[to] = sum / cells;
      }
    }
  }
}

/** Of `wide` values of one of the rows that are `length` long, cut at the row's end. */
function mean(input: Float32Array, row: number, length: number, left: number, wide: number): number {
  const right = Math.min(length, left + wide);
  let sum = 0;
  for (let at = row * length + left; at < row * length + right; at++) sum += input[at];
  return sum / (right - left);
}

/** @param shrunk [images x values], as `shrinkOne` makes them */
export function shownInputs(
  format: SampleFormat,
  { kind, rows, cols, depth }: Shrinking,
  images: Int32Array,
  shrunk: Float32Array,
): ShownInputs {
  const { channels, height, width } = format;
  const common = { kind, size: { channels, height, width }, images, rows, cols, depth };
  if (kind !== 'picture') return { ...common, values: shrunk, ...rangeOf(shrunk) };
  const { low, high } = pictureRange(format, shrunk);
  const gain = high > low ? 255 / (high - low) : 0;
  // Rounds, and keeps within 0 and 255.
  const bytes = new Uint8ClampedArray(shrunk.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = (shrunk[at] - low) * gain;
  return { ...common, values: new Uint8Array(bytes.buffer), low, high };
}

function rangeOf(values: Float32Array): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (let at = 0; at < values.length; at++) {
    if (values[at] < low) low = values[at];
    if (values[at] > high) high = values[at];
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}

/** Bytes and shares of 1 have a range of their own; other numbers that of the pictures shown together. */
function pictureRange({ dtype, scale }: SampleFormat, shrunk: Float32Array): { low: number; high: number } {
  if (dtype === 'uint8') return { low: 0, high: 255 * scale };
  if (dtype === 'bool') return { low: 0, high: scale };
  const range = rangeOf(shrunk);
  return range.low >= 0 && range.high <= 1 && range.high > 0.5 ? { low: 0, high: 1 } : range;
}
