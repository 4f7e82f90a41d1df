/**
 * The number of clusters that the eigenvalues suggest: the k >= 2 before the largest gap, lambda_(k+1) - lambda_k,
 * ties to the smaller k (von Luxburg 2007, section 8.3). 1 where fewer than three eigenvalues are given.
 *
 * @param values ascending
 */
export function eigengapCount(values: ArrayLike<number>): number {
  let best = 1;
  let widest = -Infinity;
  for (let k = 2; k < values.length; k++) {
    const gap = values[k] - values[k - 1];
    if (gap <= widest) continue;
    widest = gap;
    best = k;
  }
  return best;
}
