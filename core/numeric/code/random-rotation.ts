import { createRandom } from '../../random.ts';
import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import { release } from '../linear-algebra/release.ts';

/**
 * A uniformly random (Haar) orthogonal matrix [n x n]: Q of a matrix of normal numbers, R's diagonal positive
 * (Stewart 1980, doi:10.1137/0717034; Mezzadri 2007, arXiv math-ph/0609050). O(n^3).
 */
export async function randomRotation(n: number, seed: number, algebra: LinearAlgebra): Promise<Float64Array> {
  const { nextFloat } = createRandom(seed);
  const normal = new Float64Array(n * n);
  for (let at = 0; at < normal.length; at++) {
    // Box & Muller 1958; 1 - u is never 0.
    normal[at] = Math.sqrt(-2 * Math.log(1 - nextFloat())) * Math.cos(2 * Math.PI * nextFloat());
  }
  const { q, r } = await algebra.qr(n, n, normal);
  release(normal, r);
  return q;
}

/**
 * Correlations of the units of A with rotated units of B (both standardised before): B' = R B, so
 * cov(A, B') = C R^T and var(B'_k) = (R Cbb R^T)_kk.
 *
 * @param c [p x q] correlations; @param within [q x q] of B; @param rotation [q x q]
 * @returns [p x q]; 0 where a rotated unit has no variance
 */
export async function rotatedCorrelations(
  p: number,
  q: number,
  c: Float64Array,
  within: Float64Array,
  rotation: Float64Array,
  algebra: LinearAlgebra,
): Promise<Float64Array> {
  const rotated = await algebra.multiply(p, q, q, c, rotation, { b: true });
  const half = await algebra.multiply(q, q, q, rotation, within);
  for (let k = 0; k < q; k++) {
    let variance = 0;
    for (let j = 0; j < q; j++) variance += half[k * q + j] * rotation[k * q + j];
    const scale = variance > 1e-12 ? 1 / Math.sqrt(variance) : 0;
    for (let i = 0; i < p; i++) rotated[i * q + k] = Math.max(-1, Math.min(1, rotated[i * q + k] * scale));
  }
  release(half);
  return rotated;
}
