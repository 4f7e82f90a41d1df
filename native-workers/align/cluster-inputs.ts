import { shrinkInput } from '../accumulate/input-grid.ts';
import type { GraphUnits } from './graph-scores.ts';
import type { AverageInput, UnitRange } from './task.ts';

/** Values a window takes at once: more pictures are made coarser. */
const mostValues = 2 ** 20;

/**
 * Mean of the average inputs of a cluster's members in one network, [clusters x networks x pixels]: as the average
 * input is linear in the standardised activation, this is the average input of the members' mean activation. A
 * cluster without members in a network has zeros. O(units x pixels).
 */
export function clusterInputs(
  { values, channels, rows, cols }: AverageInput,
  ranges: readonly UnitRange[],
  { network, unit }: GraphUnits,
  labels: Int32Array,
  clusters: number,
): Float32Array {
  const pixels = channels * rows * cols;
  const sums = new Float64Array(clusters * ranges.length * pixels);
  const members = new Float64Array(clusters * ranges.length);
  labels.forEach((label, at) => {
    const row = label * ranges.length + network[at];
    const from = (ranges[network[at]].start + unit[at]) * pixels;
    members[row]++;
    for (let pixel = 0; pixel < pixels; pixel++) sums[row * pixels + pixel] += values[from + pixel];
  });
  return Float32Array.from(sums, (total, at) => total / Math.max(1, members[Math.floor(at / pixels)]));
}

/**
 * The same averages with fewer pixels, so that so many pictures of one size fit into 2^20 values: means of square
 * patches, which are the averages of inputs shrunk as much.
 */
export function fittedInput(average: AverageInput, pictures: number): AverageInput {
  const { images, channels, rows: height, cols: width, values } = average;
  let [patch, rows, cols] = [1, height, width];
  while (pictures * channels * rows * cols > mostValues && rows * cols > 1) {
    patch++;
    [rows, cols] = [Math.ceil(height / patch), Math.ceil(width / patch)];
  }
  if (patch === 1) return average;
  const size = channels * height * width;
  const small = new Float64Array(channels * rows * cols);
  const shrunk = new Float32Array((values.length / size) * small.length);
  for (let unit = 0; unit < values.length / size; unit++) {
    const one = values.subarray(unit * size, (unit + 1) * size);
    shrinkInput(one, { channels, height, width, values: size }, { channels, rows, cols, patch }, small);
    shrunk.set(small, unit * small.length);
  }
  return { images, channels, rows, cols, values: shrunk };
}
