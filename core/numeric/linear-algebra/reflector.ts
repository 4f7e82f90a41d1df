const negligible = 1e-290;

/**
 * Householder vector v with (I - v v^T) x = beta e_first and |v|^2 = 2, in place of x (Golub & Van Loan 2013,
 * algorithm 5.1.1, scaled so that no factor is needed). Where x is zero, v is zero and nothing is reflected; values
 * below 1e-290, whose norm would have too few digits, count as zero: the matrix is about 1 in size. O(count).
 *
 * @param x [at least count], its first `count` values become v
 * @returns beta, of the sign opposite to x's first value
 */
export function reflect(count: number, x: Float64Array): number {
  let scale = 0;
  for (let i = 0; i < count; i++) scale = Math.max(scale, Math.abs(x[i]));
  if (scale < negligible) {
    x.fill(0, 0, count);
    return 0;
  }
  let square = 0;
  for (let i = 0; i < count; i++) square += (x[i] / scale) ** 2;
  const norm = scale * Math.sqrt(square);
  const beta = x[0] > 0 ? -norm : norm;
  const head = x[0] - beta;
  // |x - beta e|^2 = 2 beta (beta - x_first); by way of roots, which products of tiny values would not survive.
  const length = Math.sqrt(Math.abs(beta)) * Math.sqrt(Math.abs(head));
  x[0] = head / length;
  for (let i = 1; i < count; i++) x[i] /= length;
  return beta;
}
