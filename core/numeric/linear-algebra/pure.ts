import { transpose } from '../matching/transpose.ts';
import { qrOfColumns } from './householder-qr.ts';
import { tridiagonalise } from './householder-tridiagonal.ts';
import { implicitQl } from './implicit-ql.ts';
import { oneSidedJacobi } from './jacobi-svd.ts';
import type { LinearAlgebra, SingularValues } from './linear-algebra.ts';
import { requireMatrix, requireRange } from './require-matrix.ts';

/** Linear algebra in plain TypeScript: always there, and the reference the other back ends are tested against. */
export const pureLinearAlgebra: LinearAlgebra = {
  title: 'plain TypeScript',

  multiply(m, k, n, a, b, op = {}) {
    requireMatrix('a', a, m, k);
    requireMatrix('b', b, k, n);
    const left = op.a ? transpose(a, k, m) : a;
    const right = op.b ? transpose(b, n, k) : b;
    return Promise.resolve(product(m, k, n, left, right));
  },

  gram(m, n, a) {
    requireMatrix('a', a, m, n);
    return Promise.resolve(product(n, m, n, transpose(a, m, n), a));
  },

  symmetricEigen(n, a, range) {
    requireMatrix('a', a, n, n);
    requireRange(n, range);
    const { scale, scaled } = toUnitScale(a);
    const { diagonal, offDiagonal, qt } = tridiagonalise(n, scaled);
    implicitQl(n, diagonal, offDiagonal, qt);
    const order = [...diagonal.keys()].sort((i, j) => diagonal[i] - diagonal[j] || i - j);
    const { first, count } = range ?? { first: 0, count: n };
    const chosen = order.slice(first, first + count);
    const vectors = new Float64Array(count * n);
    chosen.forEach((from, to) => vectors.set(qt.subarray(from * n, (from + 1) * n), to * n));
    return Promise.resolve({
      values: Float64Array.from(chosen, (index) => diagonal[index] * scale),
      vectors,
    });
  },

  svd(m, n, a) {
    requireMatrix('a', a, m, n);
    const { scale, scaled } = toUnitScale(a);
    const wide = m < n;
    const found = wide ? tallSvd(n, m, transpose(scaled, m, n)) : tallSvd(m, n, scaled);
    const s = found.s.map((value) => value * scale);
    if (!wide) return Promise.resolve({ ...found, s });
    return Promise.resolve({ u: transpose(found.vt, m, m), s, vt: transpose(found.u, n, m) });
  },

  qr(m, n, a) {
    requireMatrix('a', a, m, n);
    if (m < n) throw new RangeError(`QR needs at least as many rows as columns, not ${m} x ${n}.`);
    const { scale, scaled } = toUnitScale(a);
    const { qt, r } = qrOfColumns(m, n, transpose(scaled, m, n));
    return Promise.resolve({ q: transpose(qt, n, m), r: r.map((value) => value * scale) });
  },

  cholesky(n, a) {
    requireMatrix('a', a, n, n);
    const lower = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = a[j * n + i];
        for (let k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k];
        if (i === j && !(sum > 0)) return Promise.resolve(null);
        lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j];
      }
    }
    return Promise.resolve(lower);
  },
};

/**
 * The matrix over the power of two that brings its largest entry to 1, so that squares neither overflow nor vanish;
 * exact but for entries 1e-300 of the largest.
 */
function toUnitScale(a: Float64Array): { scale: number; scaled: Float64Array } {
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const exponent = largest > 0 ? Math.max(-1022, Math.min(1022, Math.round(Math.log2(largest)))) : 0;
  const scale = 2 ** exponent;
  return { scale, scaled: exponent === 0 ? a : a.map((value) => value / scale) };
}

/** Row by row, four rows of the right side at a time, so that every inner loop is contiguous. */
function product(m: number, k: number, n: number, a: Float64Array, b: Float64Array): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    const out = c.subarray(i * n, (i + 1) * n);
    let at = 0;
    for (; at + 3 < k; at += 4) {
      const start = i * k + at;
      const [a0, a1, a2, a3] = [a[start], a[start + 1], a[start + 2], a[start + 3]];
      const [r0, r1, r2, r3] = [at * n, (at + 1) * n, (at + 2) * n, (at + 3) * n];
      for (let j = 0; j < n; j++) out[j] += a0 * b[r0 + j] + a1 * b[r1 + j] + a2 * b[r2 + j] + a3 * b[r3 + j];
    }
    for (; at < k; at++) {
      const [factor, row] = [a[i * k + at], at * n];
      for (let j = 0; j < n; j++) out[j] += factor * b[row + j];
    }
  }
  return c;
}

/** QR, then Jacobi on R, then U = Q U_R; columns of U without a singular value are completed to be orthonormal. */
function tallSvd(m: number, n: number, a: Float64Array): SingularValues {
  const { qt, r } = qrOfColumns(m, n, transpose(a, m, n));
  const rows = transpose(r, n, n);
  const turned = identity(n);
  oneSidedJacobi(n, n, rows, turned);
  const lengths = Float64Array.from({ length: n }, (_, k) => norm(rows.subarray(k * n, (k + 1) * n)));
  const order = [...lengths.keys()].sort((i, j) => lengths[j] - lengths[i] || i - j);
  const s = Float64Array.from(order, (k) => lengths[k]);
  const vt = new Float64Array(n * n);
  const left = new Float64Array(n * n);
  const floor = s[0] * Number.EPSILON * n;
  order.forEach((from, to) => {
    vt.set(turned.subarray(from * n, (from + 1) * n), to * n);
    const row = rows.subarray(from * n, (from + 1) * n);
    if (lengths[from] > floor) for (let j = 0; j < n; j++) left[to * n + j] = row[j] / lengths[from];
    else completeBasis(left, to, n);
  });
  // U^T = left Q^T
  return { u: transpose(product(n, n, m, left, qt), n, m), s, vt };
}

/** Row `at` becomes a unit vector orthogonal to the rows before it. */
function completeBasis(rows: Float64Array, at: number, n: number): void {
  const row = rows.subarray(at * n, (at + 1) * n);
  for (let axis = 0; axis < n; axis++) {
    row.fill(0);
    row[axis] = 1;
    for (let twice = 0; twice < 2; twice++) {
      for (let before = 0; before < at; before++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += rows[before * n + j] * row[j];
        for (let j = 0; j < n; j++) row[j] -= sum * rows[before * n + j];
      }
    }
    const length = norm(row);
    if (length < 0.5 / Math.sqrt(n)) continue;
    for (let j = 0; j < n; j++) row[j] /= length;
    return;
  }
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
