import type { GraphUnits } from './graph-scores.ts';
import type { AverageInput, UnitRange } from './task.ts';

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
