/**
 * Rows of the k smallest eigenvectors, each scaled to length 1 (Ng, Jordan & Weiss 2001). A row of zeros stays so.
 *
 * @param vectors [at least k x n] eigenvectors as rows, ascending eigenvalues
 * @returns [n x k]
 */
export function spectralEmbedding(n: number, k: number, vectors: Float64Array): Float64Array {
  const rows = new Float64Array(n * k);
  for (let unit = 0; unit < n; unit++) {
    let square = 0;
    for (let axis = 0; axis < k; axis++) square += vectors[axis * n + unit] ** 2;
    const length = Math.sqrt(square);
    // Rounding noise is no direction.
    if (length < 1e-12) continue;
    for (let axis = 0; axis < k; axis++) rows[unit * k + axis] = vectors[axis * n + unit] / length;
  }
  return rows;
}
