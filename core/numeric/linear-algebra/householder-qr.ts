/**
 * Thin QR by Householder reflections (Golub & Van Loan 2013, algorithm 5.2.1), working on columns as rows of A^T so
 * that every inner loop is contiguous. R has a diagonal that is not negative. O(2 m n^2).
 *
 * @param columns [n x m] the columns of A as rows, m >= n; not changed
 * @returns Q's columns as rows [n x m], R [n x n] upper
 */
export function qrOfColumns(
  m: number,
  n: number,
  columns: Float64Array,
): { qt: Float64Array; r: Float64Array } {
  const work = columns.slice();
  const r = new Float64Array(n * n);
  const reflectors = new Float64Array(n * m);
  for (let k = 0; k < n; k++) {
    const v = reflectors.subarray(k * m, (k + 1) * m);
    r[k * n + k] = makeReflector(work.subarray(k * m, (k + 1) * m), v, k, m);
    for (let j = k + 1; j < n; j++) {
      const column = work.subarray(j * m, (j + 1) * m);
      applyReflector(column, v, k, m);
      r[k * n + j] = column[k];
    }
  }
  const qt = new Float64Array(n * m);
  for (let j = 0; j < n; j++) {
    const column = qt.subarray(j * m, (j + 1) * m);
    column[j] = 1;
    for (let k = Math.min(j, n - 1); k >= 0; k--)
      applyReflector(column, reflectors.subarray(k * m, (k + 1) * m), k, m);
  }
  makeDiagonalPositive(m, n, qt, r);
  return { qt, r };
}

function makeReflector(x: Float64Array, v: Float64Array, from: number, m: number): number {
  let scale = 0;
  for (let i = from; i < m; i++) scale = Math.max(scale, Math.abs(x[i]));
  if (scale === 0) return 0;
  let square = 0;
  for (let i = from; i < m; i++) square += (x[i] / scale) ** 2;
  const norm = scale * Math.sqrt(square);
  const beta = x[from] > 0 ? -norm : norm;
  const length = Math.sqrt(-beta * (x[from] - beta));
  v[from] = (x[from] - beta) / length;
  for (let i = from + 1; i < m; i++) v[i] = x[i] / length;
  return beta;
}

/** x := (I - v v^T) x */
function applyReflector(x: Float64Array, v: Float64Array, from: number, m: number): void {
  let sum = 0;
  for (let i = from; i < m; i++) sum += v[i] * x[i];
  if (sum === 0) return;
  for (let i = from; i < m; i++) x[i] -= sum * v[i];
}

function makeDiagonalPositive(m: number, n: number, qt: Float64Array, r: Float64Array): void {
  for (let k = 0; k < n; k++) {
    if (r[k * n + k] >= 0) continue;
    for (let j = k; j < n; j++) r[k * n + j] = -r[k * n + j];
    for (let i = 0; i < m; i++) qt[k * m + i] = -qt[k * m + i];
  }
}
