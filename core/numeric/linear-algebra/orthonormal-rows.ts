import type { LinearAlgebra } from './linear-algebra.ts';

/** The part of a row's square that the others must leave for products to tell it from them. */
const leastPivot = 1e-5;

/** The rows made orthogonal to the basis and to each other, twice for rounding; rows within the span are left out. */
export async function orthonormalRows(
  rows: Float64Array,
  n: number,
  basis: Float64Array,
  algebra: LinearAlgebra,
): Promise<Float64Array> {
  let found: Float64Array = rows.slice();
  for (let round = 0; round < 2; round++) {
    const [count, size] = [found.length / n, basis.length / n];
    if (count > 0 && size > 0) {
      const along = await algebra.multiply(count, n, size, found, basis, { b: true });
      const part = await algebra.multiply(count, size, n, along, basis);
      for (let at = 0; at < found.length; at++) found[at] -= part[at];
    }
    const before = round === 0 ? rows : found;
    found = (await byCholesky(found, n, before, algebra)) ?? gramSchmidt(found, n, before);
  }
  return found;
}

/**
 * Rows made orthonormal by the Cholesky factor of their products, L^-1 X with X X^T = L L^T; a second round brings what
 * the first leaves, epsilon over the smallest pivot, to epsilon (Yamamoto, Nakatsukasa, Yanagisawa & Fukaya 2015,
 * doi:10.1553/etna_vol44s306). Null where a row is nearly within the span of the others or of the basis.
 */
async function byCholesky(
  rows: Float64Array,
  n: number,
  before: Float64Array,
  algebra: LinearAlgebra,
): Promise<Float64Array | null> {
  const count = rows.length / n;
  const products = await algebra.multiply(count, n, count, rows, rows, { b: true });
  const lower = await algebra.cholesky(count, products);
  if (!lower) return null;
  for (let i = 0; i < count; i++) {
    const pivot = lower[i * count + i] ** 2;
    const given = before.subarray(i * n, (i + 1) * n);
    if (!(pivot > leastPivot * Math.max(products[i * count + i], dot(given, given)))) return null;
  }
  return algebra.multiply(count, count, n, inverseOfLower(count, lower), rows);
}

function inverseOfLower(n: number, lower: Float64Array): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    inverse[j * n + j] = 1 / lower[j * n + j];
    for (let i = j + 1; i < n; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= lower[i * n + k] * inverse[k * n + j];
      inverse[i * n + j] = sum / lower[i * n + i];
    }
  }
  return inverse;
}

/** Modified Gram-Schmidt; a row that falls to 1e-8 of its length in `before` was in the span of the others. */
function gramSchmidt(rows: Float64Array, n: number, before: Float64Array): Float64Array {
  const kept: Float64Array[] = [];
  for (let start = 0; start < rows.length; start += n) {
    const row = rows.slice(start, start + n);
    for (const other of kept) {
      const along = dot(row, other);
      for (let at = 0; at < n; at++) row[at] -= along * other[at];
    }
    const length = Math.sqrt(dot(row, row));
    const given = before.subarray(start, start + n);
    if (!(length > 1e-8 * Math.sqrt(dot(given, given)))) continue;
    kept.push(row.map((value) => value / length));
  }
  const result = new Float64Array(kept.length * n);
  kept.forEach((row, index) => result.set(row, index * n));
  return result;
}

function dot(x: Float64Array, y: Float64Array): number {
  // Sums side by side: one alone waits for every addition.
  let [a, b, c, d] = [0, 0, 0, 0];
  let at = 0;
  for (; at + 4 <= x.length; at += 4) {
    a += x[at] * y[at];
    b += x[at + 1] * y[at + 1];
    c += x[at + 2] * y[at + 2];
    d += x[at + 3] * y[at + 3];
  }
  for (; at < x.length; at++) a += x[at] * y[at];
  return a + b + (c + d);
}
