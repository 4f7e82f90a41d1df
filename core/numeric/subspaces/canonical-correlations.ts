import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import type { PairMoments } from './pair-moments.ts';
import { whitening, type PrincipalComponents } from './principal-components.ts';

export interface CanonicalCorrelations {
  /** Descending, min(rank x, rank y) of them, in [0, 1]. */
  rho: Float64Array;
  mean: number;
  /** Canonical directions as rows, [r x p] and [r x q]: variates of unit second moment. */
  x: Float64Array;
  y: Float64Array;
}

/**
 * Canonical correlations (Hotelling 1936, doi:10.1093/biomet/28.3-4.321): singular values of Wx Cxy Wy^T with both
 * sides whitened on their leading components. With as many components as the rank this is CCA; with those that hold
 * a share of the variance it is SVCCA (Raghu et al. 2017, arXiv 1706.05806), and the singular values are the cosines
 * of the principal angles between the leading subspaces.
 *
 * With N <= rank x + rank y - 1 some correlations are 1 whatever the data. Without variance on either side there are
 * none and the mean is 0. O(p^3 + q^3).
 *
 * @param keepX, keepY leading components to keep
 */
export async function canonicalCorrelations(
  { p, q, xy }: PairMoments,
  x: PrincipalComponents,
  y: PrincipalComponents,
  algebra: LinearAlgebra,
  keepX = x.rank,
  keepY = y.rank,
): Promise<CanonicalCorrelations> {
  const [wx, wy] = [whitening(x, p, keepX), whitening(y, q, keepY)];
  const half = await algebra.multiply(keepX, p, q, wx, xy);
  const core = await algebra.multiply(keepX, q, keepY, half, wy, { b: true });
  const { u, s, vt } = await algebra.svd(keepX, keepY, core);
  const r = s.length;
  return {
    rho: s.map((value) => Math.min(1, value)),
    mean: r === 0 ? 0 : s.reduce((sum, value) => sum + Math.min(1, value), 0) / r,
    x: await algebra.multiply(r, keepX, p, u, wx, { a: true }),
    y: await algebra.multiply(r, keepY, q, vt, wy),
  };
}

/**
 * Projection-weighted mean of canonical correlations (Morcos et al. 2018, arXiv 1806.05759, eq. 3): weights
 * alpha_i = sum_j |<h_i, x_j>|, h_i the canonical variates of the side, x_j its centred units.
 *
 * @param directions [r x p] of that side; @param xx [p x p] its second moments
 */
export async function projectionWeightedMean(
  rho: Float64Array,
  directions: Float64Array,
  p: number,
  xx: Float64Array,
  algebra: LinearAlgebra,
): Promise<number> {
  const r = rho.length;
  const inner = await algebra.multiply(r, p, p, directions, xx);
  let [weighted, total] = [0, 0];
  for (let i = 0; i < r; i++) {
    let alpha = 0;
    for (let j = 0; j < p; j++) alpha += Math.abs(inner[i * p + j]);
    weighted += alpha * rho[i];
    total += alpha;
  }
  return total > 0 ? weighted / total : 0;
}

/**
 * Where each unit lies in the dimensions both networks share: its correlation with s_i = (h_i + g_i) / |h_i + g_i|,
 * the middle of each pair of canonical variates. [p x d] for x and [q x d] for y; coordinates in [-1, 1].
 */
export async function sharedCoordinates(
  { p, q, xx, yy, xy }: PairMoments,
  { rho, x, y }: CanonicalCorrelations,
  dimensions: number,
  algebra: LinearAlgebra,
): Promise<{ dimensions: number; a: Float64Array; b: Float64Array }> {
  const d = Math.min(dimensions, rho.length);
  const [cx, cy] = [x.subarray(0, d * p), y.subarray(0, d * q)];
  const side = async (own: Float64Array, cross: Float64Array, size: number, variances: Float64Array) => {
    const coordinates = new Float64Array(size * d);
    for (let unit = 0; unit < size; unit++) {
      for (let i = 0; i < d; i++) {
        const along = (own[i * size + unit] + cross[i * size + unit]) / Math.sqrt(2 + 2 * rho[i]);
        const scale = Math.sqrt(variances[unit * size + unit]);
        coordinates[unit * d + i] = scale > 0 ? Math.max(-1, Math.min(1, along / scale)) : 0;
      }
    }
    return coordinates;
  };
  return {
    dimensions: d,
    a: await side(
      await algebra.multiply(d, p, p, cx, xx),
      await algebra.multiply(d, q, p, cy, xy, { b: true }),
      p,
      xx,
    ),
    b: await side(await algebra.multiply(d, q, q, cy, yy), await algebra.multiply(d, p, q, cx, xy), q, yy),
  };
}
