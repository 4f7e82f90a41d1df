import type { PrincipalComponents } from './principal-components.ts';

export interface OwnCoordinates {
  dimensions: number;
  /** [p x dimensions] correlation of each unit with each component's scores, in [-1, 1]. */
  coordinates: Float64Array;
  /** Share of the network's variance along each component. */
  share: Float64Array;
}

/**
 * Where each unit lies in its own network's leading principal components: corr(x_j, v_k^T x) = v_kj sqrt(l_k / xx_jj).
 * Components are uncorrelated, so the squared length of a row is the share of the unit's variance that they explain.
 * Each component points to the side of its largest weight, so that every back end gives the same signs. A unit
 * without variance lies at 0. O(p d).
 *
 * @param variances [p] second moments of the units
 */
export function ownCoordinates(
  { values, vectors, rank }: PrincipalComponents,
  variances: Float64Array,
  dimensions: number,
): OwnCoordinates {
  const p = variances.length;
  const d = Math.min(dimensions, rank);
  const coordinates = new Float64Array(p * d);
  const total = values.reduce((sum, value) => sum + value, 0);
  for (let k = 0; k < d; k++) {
    const vector = vectors.subarray(k * p, (k + 1) * p);
    const length = signOfLargest(vector) * Math.sqrt(values[k]);
    for (let j = 0; j < p; j++) {
      const r = variances[j] > 0 ? (length * vector[j]) / Math.sqrt(variances[j]) : 0;
      coordinates[j * d + k] = Math.max(-1, Math.min(1, r));
    }
  }
  return { dimensions: d, coordinates, share: values.slice(0, d).map((value) => value / total) };
}

/** 1 or -1: the sign of the entry of largest size, the first of equals (to 1e-9, so that rounding decides nothing). */
export function signOfLargest(vector: Float64Array): 1 | -1 {
  let [largest, sign]: [number, 1 | -1] = [0, 1];
  for (const value of vector) {
    if (Math.abs(value) <= largest * (1 + 1e-9)) continue;
    largest = Math.abs(value);
    sign = value < 0 ? -1 : 1;
  }
  return sign;
}
