import { AppError } from '#core/errors.ts';
import type { GraphUnits } from './graph-scores.ts';
import type { AlignInput, GraphInformation, UnitRange } from './task.ts';

/** Of all images, or of a random half or the rest of them. */
export type CountedImages = 'all' | 'half' | 'rest';

/** Mutual information of all live units with each other, [n x n], from that of every two networks. */
export function graphInformation(
  { second, networks }: AlignInput<'spectral-clusters'>,
  ranges: readonly UnitRange[],
  { network, unit }: GraphUnits,
  images: CountedImages = 'all',
): Float64Array {
  const position = (range: UnitRange) => networks.findIndex((entry) => entry.range.start === range.start);
  const n = unit.length;
  const scores = new Float64Array(n * n);
  const tables = ranges.map((rows) =>
    ranges.map((cols) => {
      const found = second?.graph.find(({ a, b }) => a === position(rows) && b === position(cols));
      return found && informationOf(found, images);
    }),
  );
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      // Counted once for every two networks, whichever comes first.
      const [x, y] = tables[network[i]][network[j]] ? [i, j] : [j, i];
      const table = tables[network[x]][network[y]];
      if (!table) throw new AppError('internal', 'Clusters by mutual information lack that of two networks.');
      scores[i * n + j] = scores[j * n + i] = table[unit[x] * ranges[network[y]].count + unit[y]];
    }
  }
  return scores;
}

function informationOf({ information, half, rest }: GraphInformation, images: CountedImages): Float64Array {
  const found = { all: information, half, rest }[images];
  if (!found) throw new AppError('internal', 'Clusters by mutual information lack that of half the images.');
  return found;
}
