import type { InputKind, ShownInputs } from '#core/domain/shown-inputs.ts';
import type { InputsRequest } from '#core/ipc/engine.ts';
import { openArraySource } from './array-source.ts';
import { sampleDecoder } from './decode-samples.ts';
import { pickSamples } from './pick-samples.ts';
import { sampleFormat, type SampleFormat } from './sample-format.ts';

/** Values of one trace or row that are given; longer ones are shrunk. */
const mostValues = 1 << 14;

/** Single inputs of a data file, as a person would look at them. */
export async function showInputs({ data, images, mostSide }: InputsRequest): Promise<ShownInputs> {
  const source = await openArraySource(data.path, data.key);
  // Mean and deviation would only make pictures of it that nobody knows.
  const format = sampleFormat(source, { ...data, mean: undefined, std: undefined });
  const decoded = new Float32Array(images.length * format.values);
  sampleDecoder(format)(await pickSamples(source, format, images), images.length, decoded);
  return shownInputs(format, Int32Array.from(images), decoded, mostSide);
}

/** @param decoded [images x channels x height x width] */
export function shownInputs(
  format: SampleFormat,
  images: Int32Array,
  decoded: Float32Array,
  mostSide: number,
): ShownInputs {
  const kind = kindOf(format);
  const common = { kind, size: sizeOf(format), images };
  return kind === 'picture'
    ? { ...common, ...pictures(format, decoded, mostSide) }
    : { ...common, ...curves(kind, format, decoded) };
}

export function kindOf({ layout, height, width }: SampleFormat): InputKind {
  if (layout === 'NC') return 'row';
  return height === 1 || width === 1 ? 'trace' : 'picture';
}

function sizeOf({ channels, height, width }: SampleFormat): ShownInputs['size'] {
  return { channels, height, width };
}

type Shown = Omit<ShownInputs, 'kind' | 'size' | 'images'>;

/** The first three channels as colours, or the first alone in grey. */
function pictures(format: SampleFormat, decoded: Float32Array, mostSide: number): Shown {
  const { height, width, values: stride } = format;
  const depth = format.channels >= 3 ? 3 : 1;
  const patch = Math.max(1, Math.ceil(Math.max(height, width) / mostSide));
  const [rows, cols] = [Math.ceil(height / patch), Math.ceil(width / patch)];
  const count = decoded.length / stride;
  const { low, high } = rangeOf(format, decoded, depth);
  const gain = high > low ? 255 / (high - low) : 0;
  const values = new Uint8Array(count * rows * cols * depth);
  for (let image = 0, to = 0; image < count; image++) {
    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++) {
        for (let channel = 0; channel < depth; channel++, to++) {
          const start = image * stride + channel * height * width;
          const mean = patchMean(decoded, start, format, [row * patch, col * patch], patch);
          values[to] = Math.min(255, Math.max(0, Math.round((mean - low) * gain)));
        }
      }
    }
  }
  return { rows, cols, depth, values, low, high };
}

/** Bytes and shares have a range of their own; other numbers have that of the pictures shown together. */
function rangeOf(
  { dtype, scale, height, width, values: stride }: SampleFormat,
  decoded: Float32Array,
  depth: number,
): { low: number; high: number } {
  if (dtype === 'uint8') return { low: 0, high: 255 * scale };
  if (dtype === 'bool') return { low: 0, high: scale };
  let low = Infinity;
  let high = -Infinity;
  for (let start = 0; start < decoded.length; start += stride) {
    for (let at = start; at < start + depth * height * width; at++) {
      const value = decoded[at];
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (!(low <= high)) return { low: 0, high: 1 };
  return low >= 0 && high <= 1 && high > 0.5 ? { low: 0, high: 1 } : { low, high };
}

function patchMean(
  decoded: Float32Array,
  start: number,
  { height, width }: SampleFormat,
  [top, left]: [number, number],
  patch: number,
): number {
  if (patch === 1) return decoded[start + top * width + left];
  const [bottom, right] = [Math.min(height, top + patch), Math.min(width, left + patch)];
  let sum = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += decoded[start + y * width + x];
  return sum / ((bottom - top) * (right - left));
}

/** Traces one below the other, or one row; long ones as means of pieces of equal length. */
function curves(kind: 'trace' | 'row', format: SampleFormat, decoded: Float32Array): Shown {
  const rows = kind === 'row' ? 1 : format.channels;
  const length = format.values / rows;
  const patch = Math.max(1, Math.ceil((rows * length) / mostValues));
  const cols = Math.ceil(length / patch);
  const values = new Float32Array((decoded.length / format.values) * rows * cols);
  let [low, high] = [Infinity, -Infinity];
  for (let line = 0, to = 0; line < decoded.length / length; line++) {
    for (let col = 0; col < cols; col++, to++) {
      const end = Math.min(length, (col + 1) * patch);
      let sum = 0;
      for (let at = col * patch; at < end; at++) sum += decoded[line * length + at];
      values[to] = sum / (end - col * patch);
      low = Math.min(low, values[to]);
      high = Math.max(high, values[to]);
    }
  }
  return { rows, cols, depth: 1, values, ...(low <= high ? { low, high } : { low: 0, high: 1 }) };
}
