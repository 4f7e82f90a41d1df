import { matrixToRgba } from '#core/figure/colour/maps.ts';
import type { NamedArray } from '#core/domain/result.ts';
import type { ResultData } from '../analysis/read-result.ts';

export interface InputSize {
  channels: number;
  rows: number;
  cols: number;
}

/** The average inputs of one cut: a picture for every group and network that has units in it. */
export interface GroupInputs {
  size: InputSize;
  images: number;
  /** The largest size of any value, which all pictures are coloured by. */
  largest: number;
  /** [groups][networks]; null where the network has no unit in the group. */
  pictures: (Float32Array | null)[][];
}

/** Null where the result holds none, as it does of inputs that are no images. */
export function groupInputs(data: ResultData, k: number, members: NamedArray): GroupInputs | null {
  const array = data.array(`average-input-${k}`);
  const part = (what: string) => data.number(`averageInput${what}`) ?? 0;
  const size = { channels: part('Channels'), rows: part('Rows'), cols: part('Cols') };
  const pixels = size.channels * size.rows * size.cols;
  if (!array || pixels === 0 || array.cols !== pixels) return null;
  const values = Float32Array.from(array.data);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const pictures = Array.from({ length: members.rows }, (_, group) =>
    Array.from({ length: members.cols }, (__, network) => {
      const at = group * members.cols + network;
      return members.data[at] > 0 ? values.subarray(at * pixels, (at + 1) * pixels) : null;
    }),
  );
  return { size, images: part('Images'), largest, pictures };
}

/** One channel in the diverging colours; three as red, green and blue around middle grey; else the channels' mean. */
export function inputRgba(
  values: Float32Array,
  { channels, rows, cols }: InputSize,
  largest: number,
): Uint8ClampedArray<ArrayBuffer> {
  const count = rows * cols;
  if (channels !== 3) {
    const mean = Float32Array.from({ length: count }, (_, at) => {
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += values[channel * count + at];
      return sum / channels;
    });
    return matrixToRgba(mean, rows, cols, 'diverging', -largest, largest);
  }
  const rgba = new Uint8ClampedArray(4 * count);
  for (let at = 0; at < count; at++) {
    for (let channel = 0; channel < 3; channel++)
      rgba[4 * at + channel] = 127.5 * (1 + values[channel * count + at] / largest);
    rgba[4 * at + 3] = 255;
  }
  return rgba;
}
