import { transpose } from '../matching/transpose.ts';
import type { DenseArithmetic, DenseLoops, Factor, Part } from './dense-arithmetic.ts';

/** Always there, and the reference the WebAssembly one is tested against. */
export const plainArithmetic: DenseArithmetic = { open: () => plainLoops };

export const plainLoops: DenseLoops = {
  float64: (length) => new Float64Array(length),

  multiplyAdd(m, n, k, alpha, a, b, c) {
    if (m === 0 || n === 0 || k === 0) return;
    const right = b.isTransposed ? { values: packTransposed(n, k, b), ld: n } : b;
    for (let i = 0; i < m; i++) addProductRow(i, n, k, alpha, a, right, c);
  },

  symmetricTimes(n, { values: a, ld }, x, y) {
    y.fill(0, 0, n);
    for (let i = 0; i < n; i++) {
      const row = i * ld;
      const xi = x[i];
      let sum = a[row + i] * xi;
      for (let j = i + 1; j < n; j++) {
        sum += a[row + j] * x[j];
        y[j] += a[row + j] * xi;
      }
      y[i] += sum;
    }
  },

  rowsTimes(rows, columns, { values: a, ld }, x, y) {
    for (let i = 0; i < rows; i++) {
      const row = i * ld;
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += a[row + j] * x[j];
      y[i] = sum;
    }
  },

  addRows(rows, columns, { values: a, ld }, x, y) {
    for (let i = 0; i < rows; i++) {
      const [row, factor] = [i * ld, x[i]];
      if (factor === 0) continue;
      for (let j = 0; j < columns; j++) y[j] += factor * a[row + j];
    }
  },
};

/** Four rows of the right side at a time, so that every inner loop is contiguous. */
function addProductRow(i: number, n: number, k: number, alpha: number, a: Factor, b: Part, c: Part): void {
  const out = c.values.subarray(i * c.ld, i * c.ld + n);
  const right = b.values;
  const [from, step] = a.isTransposed ? [i, a.ld] : [i * a.ld, 1];
  const left = (at: number) => alpha * a.values[from + at * step];
  let at = 0;
  for (; at + 3 < k; at += 4) {
    const [a0, a1, a2, a3] = [left(at), left(at + 1), left(at + 2), left(at + 3)];
    const [r0, r1, r2, r3] = [at * b.ld, (at + 1) * b.ld, (at + 2) * b.ld, (at + 3) * b.ld];
    for (let j = 0; j < n; j++)
      out[j] += a0 * right[r0 + j] + a1 * right[r1 + j] + a2 * right[r2 + j] + a3 * right[r3 + j];
  }
  for (; at < k; at++) {
    const [factor, row] = [left(at), at * b.ld];
    for (let j = 0; j < n; j++) out[j] += factor * right[row + j];
  }
}

/** [columns x rows] of a part [rows x columns], without gaps. */
function packTransposed(rows: number, columns: number, { values, ld }: Part): Float64Array {
  const packed = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) packed.set(values.subarray(i * ld, i * ld + columns), i * columns);
  return transpose(packed, rows, columns);
}
