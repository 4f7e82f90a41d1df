import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import { release } from '../linear-algebra/release.ts';

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
  reverseRows(p, vectors);
  const isWhole = rank === p;
  const kept = isWhole ? vectors : vectors.slice(0, rank * p);
  if (!isWhole) release(vectors);
  return { values: values.slice(p - rank).reverse(), vectors: kept, rank };
}

function reverseRows(p: number, rows: Float64Array): void {
  const row = new Float64Array(p);
  for (let k = 0; 2 * k + 1 < p; k++) {
    const last = (p - 1 - k) * p;
    row.set(rows.subarray(k * p, (k + 1) * p));
    rows.copyWithin(k * p, last, last + p);
    rows.set(row, last);
  }
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
