import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import { release } from '../linear-algebra/release.ts';
import type { PairMoments } from './pair-moments.ts';
import type { PrincipalComponents } from './principal-components.ts';

export interface CanonicalSpectrum {
  /** Descending, min(rank x, rank y) of them, in [0, 1]. */
  rho: Float64Array;
  mean: number;
}

export interface CanonicalCorrelations extends CanonicalSpectrum {
  /** Canonical directions as rows, [r x p] and [r x q]: variates of unit second moment. */
  x: Float64Array;
  y: Float64Array;
}

/** Wx Cxy Wy^T [keepX x keepY], W the leading components of a side as rows, each over the root of its variance. */
export interface WhitenedCross {
  p: number;
  q: number;
  keepX: number;
  keepY: number;
  values: Float64Array;
}

/**
 * What canonical correlations are taken from; moments are read no more after it. O(p^2 q + p q^2).
 *
 * @param keepX, keepY leading components to keep
 */
export async function whitenedCross(
  { p, q, xy }: Pick<PairMoments, 'p' | 'q' | 'xy'>,
  x: PrincipalComponents,
  y: PrincipalComponents,
  algebra: LinearAlgebra,
  keepX = x.rank,
  keepY = y.rank,
): Promise<WhitenedCross> {
  const [leadingX, leadingY] = [x.vectors.subarray(0, keepX * p), y.vectors.subarray(0, keepY * q)];
  const half = await algebra.multiply(keepX, p, q, leadingX, xy);
  const values = await algebra.multiply(keepX, q, keepY, half, leadingY, { b: true });
  release(half);
  scale(values, keepX, keepY, whitening(x, keepX), whitening(y, keepY));
  return { p, q, keepX, keepY, values };
}

/** Canonical correlations without directions, for which no singular vectors are needed. O(p^3 + q^3). */
export async function canonicalSpectrum(
  { keepX, keepY, values }: WhitenedCross,
  algebra: LinearAlgebra,
): Promise<CanonicalSpectrum> {
  return spectrumOf(await algebra.singularValues(keepX, keepY, values));
}

/** Canonical correlations and directions; x and y are the components that the moments were whitened with. */
export async function canonicalDirections(
  { p, q, keepX, keepY, values }: WhitenedCross,
  x: PrincipalComponents,
  y: PrincipalComponents,
  algebra: LinearAlgebra,
): Promise<CanonicalCorrelations> {
  const { u, s, vt } = await algebra.svd(keepX, keepY, values);
  const r = s.length;
  scale(u, keepX, r, whitening(x, keepX), null);
  scale(vt, r, keepY, null, whitening(y, keepY));
  const directions = {
    x: await algebra.multiply(r, keepX, p, u, x.vectors.subarray(0, keepX * p), { a: true }),
    y: await algebra.multiply(r, keepY, q, vt, y.vectors.subarray(0, keepY * q)),
  };
  release(u, vt);
  return { ...spectrumOf(s), ...directions };
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
  pair: PairMoments,
  x: PrincipalComponents,
  y: PrincipalComponents,
  algebra: LinearAlgebra,
  keepX = x.rank,
  keepY = y.rank,
): Promise<CanonicalCorrelations> {
  return canonicalDirections(await whitenedCross(pair, x, y, algebra, keepX, keepY), x, y, algebra);
}

function spectrumOf(s: Float64Array): CanonicalSpectrum {
  const rho = s.map((value) => Math.min(1, value));
  return { rho, mean: rho.length === 0 ? 0 : rho.reduce((sum, value) => sum + value, 0) / rho.length };
}

/** Factors by which components come to unit second moment. */
function whitening({ values }: PrincipalComponents, count: number): Float64Array {
  return values.subarray(0, count).map((value) => 1 / Math.sqrt(value));
}

/** Each row and each column times its factor, in place. */
function scale(
  values: Float64Array,
  rows: number,
  cols: number,
  ofRows: Float64Array | null,
  ofCols: Float64Array | null,
): void {
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * cols, (i + 1) * cols);
    if (ofRows) for (let j = 0; j < cols; j++) row[j] *= ofRows[i];
    if (ofCols) for (let j = 0; j < cols; j++) row[j] *= ofCols[j];
  }
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
  release(inner);
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
