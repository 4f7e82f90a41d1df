import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import { release } from '../linear-algebra/release.ts';
import { trace, type PairMoments } from './pair-moments.ts';
import type { PrincipalComponents } from './principal-components.ts';

/**
 * Coefficients of the linear prediction of Y from X, B = (Cxx + lambda I)^+ Cxy [p x q], on X's components of rank;
 * lambda = ridge x the mean second moment of a unit. ridge = 0 is least squares of least norm.
 */
export async function regressionCoefficients(
  { p, q, xx, xy }: PairMoments,
  components: PrincipalComponents,
  ridge: number,
  algebra: LinearAlgebra,
): Promise<Float64Array> {
  const { values, vectors, rank } = components;
  const lambda = p === 0 ? 0 : (ridge * trace(p, xx)) / p;
  const projected = await algebra.multiply(rank, p, q, vectors, xy);
  for (let k = 0; k < rank; k++) {
    const scale = 1 / (values[k] + lambda);
    for (let j = 0; j < q; j++) projected[k * q + j] *= scale;
  }
  const coefficients = await algebra.multiply(p, rank, q, vectors, projected, { a: true });
  release(projected);
  return coefficients;
}

/**
 * R^2 = 1 - |Y - X B|^2 / |Y|^2 over all units of Y together (units of larger variance weigh more), of moments that
 * may be other samples' than B's; can then be below 0. 0 where Y has no variance.
 */
export async function explainedVariance(
  { p, q, xx, yy, xy }: PairMoments,
  coefficients: Float64Array,
  algebra: LinearAlgebra,
): Promise<number> {
  const total = trace(q, yy);
  if (!(total > 0)) return 0;
  const xb = await algebra.multiply(p, p, q, xx, coefficients);
  let residual = total;
  for (let at = 0; at < p * q; at++) residual += coefficients[at] * (xb[at] - 2 * xy[at]);
  release(xb);
  return 1 - residual / total;
}
