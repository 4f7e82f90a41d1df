import type { Interpolation, PictureSize } from '#core/domain/preprocess.ts';
import { emptyLike, type Picture } from './picture.ts';

/**
 * Resizing as Pillow does it (`Image.resize`, and so torchvision's `Resize(antialias=True)` on pictures): every output
 * pixel is the mean of the input pixels under a filter, which is widened by the factor of shrinking. Columns first, then
 * rows. Bytes are rounded after each with weights in fixed point of 22 bits, which gives Pillow's very bytes.
 *
 *   out[i] = sum over k of w[i, k] in[k],   w[i, k] ~ f((k + 0.5 - (i + 0.5) s) / max(s, 1)),   s = in size / out size
 */
export function resizePicture(
  picture: Picture,
  width: number,
  height: number,
  filter: Interpolation,
): Picture {
  const wide = width === picture.width ? picture : resampleColumns(picture, width, filter);
  return height === picture.height ? wide : resampleRows(wide, height, filter);
}

/** Width and height after `resize`: a number is the shorter side, the longer one is cut to whole pixels as in torchvision. */
export function resizedSize(
  { width, height }: { width: number; height: number },
  size: PictureSize,
): { width: number; height: number } {
  if (typeof size !== 'number') return { width: size[1], height: size[0] };
  const long = Math.floor((size * Math.max(width, height)) / Math.min(width, height));
  return width <= height ? { width: size, height: long } : { width: long, height: size };
}

interface Weights {
  /** First input pixel of each output pixel, and how many follow. */
  first: Int32Array;
  count: Int32Array;
  /** [output x most]. */
  values: Float64Array;
  most: number;
}

const support: Record<Interpolation, number> = { bilinear: 1, bicubic: 2 };
/** Of the cubic (Keys 1981, with a = -0.5). */
const a = -0.5;
const filters: Record<Interpolation, (x: number) => number> = {
  bilinear: (x) => Math.max(0, 1 - Math.abs(x)),
  bicubic(x) {
    const t = Math.abs(x);
    if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
  },
};

function weightsOf(from: number, to: number, filter: Interpolation): Weights {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support[filter] * stretch;
  const most = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const values = new Float64Array(to * most);
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - reach + 0.5));
    const high = Math.min(from, Math.trunc(centre + reach + 0.5));
    first[at] = low;
    count[at] = high - low;
    let sum = 0;
    for (let k = low; k < high; k++) {
      const weight = filters[filter]((k - centre + 0.5) / stretch);
      values[at * most + k - low] = weight;
      sum += weight;
    }
    for (let k = 0; k < high - low; k++) values[at * most + k] /= sum;
  }
  return { first, count, values, most };
}

const precision = 2 ** 22;

/** For bytes, weights are whole numbers of 2^-22, rounded away from zero at halves. */
function forData(weights: Weights, data: Picture['data']): Weights {
  if (!(data instanceof Uint8Array)) return weights;
  const values = weights.values.map((value) =>
    value < 0 ? Math.trunc(value * precision - 0.5) : Math.trunc(value * precision + 0.5),
  );
  return { ...weights, values };
}

/** Weights of the latest sizes: a data set has few. */
const known = new Map<string, Weights>();

function weightsFor(from: number, to: number, filter: Interpolation, data: Picture['data']): Weights {
  const key = `${from} ${to} ${filter} ${data instanceof Uint8Array}`;
  let weights = known.get(key);
  if (!weights) {
    if (known.size > 64) known.clear();
    weights = forData(weightsOf(from, to, filter), data);
    known.set(key, weights);
  }
  return weights;
}

function resampleColumns(picture: Picture, width: number, filter: Interpolation): Picture {
  const { channels, height, data } = picture;
  const weights = weightsFor(picture.width, width, filter, data);
  const out = emptyLike(picture, width, height);
  for (let row = 0; row < height; row++)
    for (let col = 0; col < width; col++) {
      const from = (row * picture.width + weights.first[col]) * channels;
      const to = (row * width + col) * channels;
      for (let channel = 0; channel < channels; channel++)
        out.data[to + channel] = weighted(data, from + channel, channels, weights, col);
    }
  return out;
}

function resampleRows(picture: Picture, height: number, filter: Interpolation): Picture {
  const { data } = picture;
  const step = picture.width * picture.channels;
  const weights = weightsFor(picture.height, height, filter, data);
  const out = emptyLike(picture, picture.width, height);
  for (let row = 0; row < height; row++) {
    const from = weights.first[row] * step;
    for (let at = 0; at < step; at++)
      out.data[row * step + at] = weighted(data, from + at, step, weights, row);
  }
  return out;
}

function weighted(data: Picture['data'], from: number, step: number, weights: Weights, at: number): number {
  const { count, values, most } = weights;
  let sum = 0;
  for (let k = 0, start = at * most; k < count[at]; k++) sum += data[from + k * step] * values[start + k];
  if (!(data instanceof Uint8Array)) return sum;
  // Sums of whole numbers below 2^53 are exact.
  const byte = Math.floor((sum + precision / 2) / precision);
  return byte < 0 ? 0 : byte > 255 ? 255 : byte;
}
