import { mirrorUpper } from './mirror-upper.ts';

/**
 * Householder reduction of a symmetric matrix to tridiagonal form, T = Q^T A Q (Golub & Van Loan 2013, algorithm
 * 8.3.1). Reads the upper triangle. O(4/3 n^3) for T, as much again for Q.
 *
 * @returns diagonal [n], off-diagonal [n] (entry i couples i - 1 and i; entry 0 is 0), and Q^T [n x n] row-major
 */
export function tridiagonalise(
  n: number,
  a: Float64Array,
): { diagonal: Float64Array; offDiagonal: Float64Array; qt: Float64Array } {
  const work = symmetricCopy(n, a);
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  /** Reflector k: entries k + 1 .. n - 1 of row k, scaled so that H = I - v v^T. */
  const reflectors = new Float64Array(n * n);
  const p = new Float64Array(n);
  for (let k = 0; k + 1 < n; k++) {
    diagonal[k] = work[k * n + k];
    const v = reflectors.subarray(k * n, (k + 1) * n);
    offDiagonal[k + 1] = reflect(work.subarray(k * n, (k + 1) * n), v, k + 1, n);
    rankTwoUpdate(n, work, v, p, k + 1);
  }
  if (n > 0) diagonal[n - 1] = work[n * n - 1];
  return { diagonal, offDiagonal, qt: accumulate(n, reflectors) };
}

function symmetricCopy(n: number, a: Float64Array): Float64Array {
  const copy = a.slice();
  mirrorUpper(n, copy);
  return copy;
}

/** Makes v with (I - v v^T) x = beta e_first, for x = row[from..n); returns beta. */
function reflect(row: Float64Array, v: Float64Array, from: number, n: number): number {
  let scale = 0;
  for (let j = from; j < n; j++) scale = Math.max(scale, Math.abs(row[j]));
  if (scale === 0) return 0;
  let square = 0;
  for (let j = from; j < n; j++) square += (row[j] / scale) ** 2;
  const norm = scale * Math.sqrt(square);
  const beta = row[from] > 0 ? -norm : norm;
  const head = row[from] - beta;
  // |x - beta e|^2 = 2 beta (beta - x_first)
  const length = Math.sqrt(-beta * head);
  if (length === 0) return row[from];
  v[from] = head / length;
  for (let j = from + 1; j < n; j++) v[j] = row[j] / length;
  return beta;
}

/** A := H A H on the trailing rows, both triangles kept, with p = A v and w = p - (v.p / 2) v. */
function rankTwoUpdate(n: number, a: Float64Array, v: Float64Array, p: Float64Array, from: number): void {
  let projection = 0;
  for (let i = from; i < n; i++) {
    const row = i * n;
    let sum = 0;
    for (let j = from; j < n; j++) sum += a[row + j] * v[j];
    p[i] = sum;
    projection += sum * v[i];
  }
  const half = projection / 2;
  for (let i = from; i < n; i++) p[i] -= half * v[i];
  for (let i = from; i < n; i++) {
    const row = i * n;
    const [vi, wi] = [v[i], p[i]];
    if (vi === 0 && wi === 0) continue;
    for (let j = from; j < n; j++) a[row + j] -= vi * p[j] + wi * v[j];
  }
}

/** Q^T = H_last ... H_0, built backwards so that each reflector meets the trailing block alone. */
function accumulate(n: number, reflectors: Float64Array): Float64Array {
  const qt = new Float64Array(n * n);
  for (let i = 0; i < n; i++) qt[i * n + i] = 1;
  for (let k = n - 2; k >= 0; k--) {
    const v = reflectors.subarray(k * n, (k + 1) * n);
    // Rows of Q^T from k + 1 on become rows times H.
    for (let i = k + 1; i < n; i++) {
      const row = i * n;
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += qt[row + j] * v[j];
      if (sum === 0) continue;
      for (let j = k + 1; j < n; j++) qt[row + j] -= sum * v[j];
    }
  }
  return qt;
}
