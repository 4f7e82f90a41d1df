import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';

/**
 * Directions whose variance is below this share of the largest count as absent: moments from float32 products carry
 * errors of about 1e-7 of a correlation, so smaller directions are noise.
 */
export const rankTolerance = 1e-8;

export interface PrincipalComponents {
  /** Second moments along the components, descending, those above the tolerance. */
  values: Float64Array;
  /** [rank x p] components as rows */
  vectors: Float64Array;
  rank: number;
}

/** Their variances alone, which take a third of the time or less: no vectors. O(p^3). */
export async function principalVariances(
  p: number,
  xx: Float64Array,
  algebra: LinearAlgebra,
): Promise<PrincipalComponents> {
  const values = await algebra.eigenvalues(p, xx);
  const rank = rankOf(values);
  return { values: values.slice(p - rank).reverse(), vectors: new Float64Array(0), rank };
}

/** Principal components of centred second moments [p x p]. A matrix without variance has rank 0. O(p^3). */
export async function principalComponents(
  p: number,
  xx: Float64Array,
  algebra: LinearAlgebra,
): Promise<PrincipalComponents> {
  const { values, vectors } = await algebra.symmetricEigen(p, xx);
  const rank = rankOf(values);
  const kept = new Float64Array(rank);
  const rows = new Float64Array(rank * p);
  for (let k = 0; k < rank; k++) {
    kept[k] = values[p - 1 - k];
    rows.set(vectors.subarray((p - 1 - k) * p, (p - k) * p), k * p);
  }
  return { values: kept, vectors: rows, rank };
}

/** @param values ascending */
function rankOf(values: Float64Array): number {
  const p = values.length;
  const largest = p > 0 ? values[p - 1] : 0;
  let rank = 0;
  while (rank < p && values[p - 1 - rank] > rankTolerance * largest && largest > 0) rank++;
  return rank;
}

/** The fewest leading components that hold the share of the variance. */
export function componentsFor(share: number, values: Float64Array): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    sum += values[k];
    // Rounding of the sum may not cost a component.
    if (sum >= share * total * (1 - 1e-12)) return k + 1;
  }
  return values.length;
}

/** Effective dimensionality (sum l)^2 / sum l^2 (participation ratio); 0 without variance. */
export function participationRatio(values: Float64Array): number {
  const total = values.reduce((sum, value) => sum + value, 0);
  const squares = values.reduce((sum, value) => sum + value * value, 0);
  return squares > 0 ? (total * total) / squares : 0;
}

/** Rows w_k = v_k / sqrt(l_k): W X has unit second moments. [count x p] */
export function whitening(
  { values, vectors, rank }: PrincipalComponents,
  p: number,
  count = rank,
): Float64Array {
  const rows = vectors.slice(0, count * p);
  for (let k = 0; k < count; k++) {
    const scale = 1 / Math.sqrt(values[k]);
    for (let j = 0; j < p; j++) rows[k * p + j] *= scale;
  }
  return rows;
}
