import { UMAP } from 'umap-js';
import { createRandom } from '#core/random.ts';

/** Rows of nearest units and their distances, without the units themselves. */
export interface NearestRows {
  count: number;
  nearest: Int32Array;
  distance: Float64Array;
}

const seed = 0;
const minDist = 0.3;
const dimensions = 3;
/** Steps between two reports of progress. */
const report = 20;

/**
 * Units in three dimensions by UMAP (McInnes, Healy & Melville 2018, arXiv 1802.03426) of their nearest profiles:
 * neighbours stay neighbours, distances between groups and the axes mean nothing. Seeded: the same neighbours give the
 * same places. Null where there are too few units for it.
 */
export function layoutUmap(
  { count, nearest, distance }: NearestRows,
  onStep: (done: number, total: number) => void = () => undefined,
): Float64Array | null {
  const rows = count > 0 ? nearest.length / count : 0;
  if (rows < dimensions + 2) return null;
  const { nextFloat } = createRandom(seed);
  // The library counts the unit itself as its first neighbour.
  const umap = new UMAP({
    nComponents: dimensions,
    nNeighbors: count + 1,
    minDist,
    random: nextFloat,
  });
  const list = <T>(of: (row: number) => T[]) => Array.from({ length: rows }, (_, row) => of(row));
  const cut = (values: Int32Array | Float64Array, row: number) => [
    ...values.subarray(row * count, (row + 1) * count),
  ];
  umap.setPrecomputedKNN(
    list((row) => [row, ...cut(nearest, row)]),
    list((row) => [0, ...cut(distance, row)]),
  );
  // The points themselves are not looked at where their neighbours are given.
  const steps = umap.initializeFit(list((row) => [row]));
  for (let step = 0; step < steps; step++) {
    umap.step();
    if (step % report === 0) onStep(step, steps);
  }
  return Float64Array.from(umap.getEmbedding().flat());
}
