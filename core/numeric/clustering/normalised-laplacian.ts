/**
 * L = I - D^-1/2 W D^-1/2 of a graph (Shi & Malik 2000, doi:10.1109/34.868688; von Luxburg 2007,
 * doi:10.1007/s11222-007-9033-z, section 3.2). A unit without edges keeps L_ii = 1 and 0 elsewhere, so it lies in no
 * cluster's cut and its eigenvalue is 1. Eigenvalues are in [0, 2]; 0 once for every connected part with edges.
 *
 * @param w [n x n] symmetric, not negative, zero diagonal
 * @param laplacian where L is made; `w` itself may be given up for it
 * @returns L [n x n] and the degrees [n]. O(n^2).
 */
export function normalisedLaplacian(
  n: number,
  w: Float64Array,
  laplacian: Float64Array = new Float64Array(n * n),
): { laplacian: Float64Array; degree: Float64Array } {
  const degree = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += w[i * n + j];
    degree[i] = sum;
  }
  const scale = degree.map((d) => (d > 0 ? 1 / Math.sqrt(d) : 0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) laplacian[i * n + j] = -w[i * n + j] * scale[i] * scale[j];
    laplacian[i * n + i] += 1;
  }
  return { laplacian, degree };
}
