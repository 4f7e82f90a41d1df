import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import type { UnitCosines } from './uncentred-cosines.ts';

/** Directions with less than this share of the largest eigenvalue count as not spanned. */
const rankTolerance = 1e-10;

/**
 * Distance of each target's unit vector from the span of the sources:
 *
 *   residual(x) = dist(z_x, span(z_Y)) / |z_x| = sqrt(1 - sum_k (v_k . c_x)^2 / lambda_k)
 *
 * with (lambda_k, v_k) the eigenpairs of the sources' cosines above 1e-10 of the largest and c_x the cosines of x with
 * the sources: least squares that does not mind sources that depend on each other. Residuals below about 1e-5 are
 * rounding. Without sources every residual is 1. O(s^3 + s^2 t), on the linear algebra given.
 *
 * @param targets,sources indices into the cosines, none of a zero unit
 * @returns [targets] in [0, 1]
 */
export async function spanResiduals(
  { cosine, zero }: UnitCosines,
  targets: Int32Array,
  sources: Int32Array,
  algebra: LinearAlgebra,
): Promise<Float64Array> {
  const [t, s] = [targets.length, sources.length];
  if (t === 0 || s === 0) return new Float64Array(t).fill(1);
  const size = zero.length;
  const gram = new Float64Array(s * s);
  const cross = new Float64Array(s * t);
  sources.forEach((source, row) => {
    for (let col = 0; col < s; col++) gram[row * s + col] = cosine[source * size + sources[col]];
    for (let col = 0; col < t; col++) cross[row * t + col] = cosine[source * size + targets[col]];
  });
  const { values, vectors } = await algebra.symmetricEigen(s, gram);
  const along = await algebra.multiply(s, s, t, vectors, cross);
  const explained = new Float64Array(t);
  const least = rankTolerance * values[s - 1];
  for (let k = 0; k < s; k++) {
    if (!(values[k] > least)) continue;
    for (let col = 0; col < t; col++) explained[col] += along[k * t + col] ** 2 / values[k];
  }
  return explained.map((share) => Math.sqrt(Math.max(0, 1 - share)));
}
