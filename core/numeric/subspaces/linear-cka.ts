import { squaredNorm, trace, type PairMoments } from './pair-moments.ts';

/**
 * Linear CKA |X^T Y|_F^2 / (|X^T X|_F |Y^T Y|_F) of centred data (Kornblith et al. 2019, arXiv 1905.00414, eq. 6).
 * In [0, 1]; invariant to rotations and one common scale of either side. 0 without variance. O((p + q)^2).
 */
export function linearCka({ xx, yy, xy }: PairMoments): number {
  const scale = Math.sqrt(squaredNorm(xx)) * Math.sqrt(squaredNorm(yy));
  return scale > 0 ? Math.min(1, squaredNorm(xy) / scale) : 0;
}

/** Sums over samples of products of squared distances from the mean: |x|^4, |y|^4, |x|^2 |y|^2. */
export interface SquaredNormSums {
  xx: number;
  yy: number;
  xy: number;
}

/**
 * Linear CKA with the unbiased estimate of HSIC (Song et al. 2012, JMLR 13:1393, eq. 5; Székely & Rizzo 2014,
 * doi:10.1214/14-AOS1255): the diagonals of both Gram matrices are left out, which second moments alone cannot do.
 * Can be below 0. Null for fewer than 4 samples or where a normaliser is not positive.
 */
export function debiasedLinearCka(pair: PairMoments, sums: SquaredNormSums): number | null {
  const { n, p, q, xx, yy, xy } = pair;
  if (n < 4) return null;
  const [tx, ty] = [trace(p, xx), trace(q, yy)];
  const unbiased = (product: number, diagonal: number, t1: number, t2: number) =>
    product - (n / (n - 2)) * diagonal + (t1 * t2) / ((n - 1) * (n - 2));
  const own = unbiased(squaredNorm(xx), sums.xx, tx, tx) * unbiased(squaredNorm(yy), sums.yy, ty, ty);
  return own > 0 ? unbiased(squaredNorm(xy), sums.xy, tx, ty) / Math.sqrt(own) : null;
}
