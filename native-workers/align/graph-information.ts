import { AppError } from '#core/errors.ts';
import { mutualInformation } from '#core/numeric/mutual-information/mutual-information.ts';
import type { GraphUnits } from './graph-scores.ts';
import type { AlignInput, JointHistograms, UnitRange } from './task.ts';

/** Of all images, or of a random half or the rest of them. */
export type CountedImages = 'all' | 'half' | 'rest';

/** Mutual information of all live units with each other, [n x n], from the joint histograms of every two networks. */
export function graphInformation(
  { second, networks }: AlignInput<'spectral-clusters'>,
  ranges: readonly UnitRange[],
  { network, unit }: GraphUnits,
  images: CountedImages = 'all',
): Float64Array {
  const position = (range: UnitRange) => networks.findIndex((entry) => entry.range.start === range.start);
  const n = unit.length;
  const scores = new Float64Array(n * n);
  const counts = ranges.map((rows) =>
    ranges.map(
      (cols) => second?.graph.find(({ a, b }) => a === position(rows) && b === position(cols))?.histograms,
    ),
  );
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      // Counted once for every two networks, whichever comes first.
      const [x, y] = counts[network[i]][network[j]] ? [i, j] : [j, i];
      const table = counts[network[x]][network[y]];
      if (!table)
        throw new AppError('internal', 'Clusters by mutual information lack their joint histograms.');
      const cells = table.bins ** 2;
      const at = (unit[x] * ranges[network[y]].count + unit[y]) * cells;
      const joint = countsOf(table, images, at, cells);
      scores[i * n + j] = scores[j * n + i] = mutualInformation(joint, table.bins).raw;
    }
  }
  return scores;
}

function countsOf(
  { between, half }: JointHistograms,
  images: CountedImages,
  at: number,
  cells: number,
): Uint32Array {
  const all = between.subarray(at, at + cells);
  if (images === 'all') return all;
  if (!half)
    throw new AppError('internal', 'Clusters by mutual information lack the counts of half the images.');
  const first = half.subarray(at, at + cells);
  return images === 'half' ? first : all.map((count, cell) => count - first[cell]);
}
