import { transpose } from '../matching/transpose.ts';
import { bidiagonalSvd, bidiagonalSvdRoom } from './bidiagonal-divide.ts';
import { bidiagonalRoom, reduceToBidiagonal } from './bidiagonal-reduction.ts';
import { applyReflectors, reflectorRoom } from './block-reflectors.ts';
import { reduceToTriangular, triangularRoom } from './blocked-qr.ts';
import type { DenseLoops } from './dense-arithmetic.ts';
import { jacobiSvd } from './jacobi-svd.ts';
import type { SingularValues } from './linear-algebra.ts';
import { bidiagonalValues } from './values-alone.ts';

/** Up to this many columns one-sided Jacobi is as fast, and gives small singular values with small relative error. */
const jacobiColumns = 24;

/** Values that `tallSvd` takes from its loops. */
export function tallSvdRoom(m: number, n: number): number {
  const square = n <= jacobiColumns ? 0 : bidiagonalRoom(n) + bidiagonalSvdRoom(n) + n * n;
  const tall = m === n ? 0 : 2 * n * m + triangularRoom(n) + reflectorRoom(n);
  return square + tall + 2 * reflectorRoom(n);
}

/**
 * Thin singular value decomposition of A [m x n], m >= n. QR first where there are more rows than columns. The square
 * factor: one-sided Jacobi up to 24 columns, with small relative errors of the singular values of a triangular factor;
 * otherwise reduction to bidiagonal form, divide and conquer and back-transformation, whose residuals |A - U S V^T|
 * and lost orthogonality are a modest multiple of n epsilon times the largest singular value. O(4 m n^2) where m > n,
 * and O(n^3): 8/3 for the reduction, up to 8/3 for the division, 4 for the vectors.
 *
 * @param a [m x n] entries about 1 at most; not changed
 */
export function tallSvd(loops: DenseLoops, m: number, n: number, a: Float64Array): SingularValues {
  if (m === n) {
    const { s, left, vt } = squareSvd(loops, n, a);
    return { u: transpose(left, n, n), s, vt };
  }
  const reflectors = loops.float64(n * m);
  reflectors.set(transpose(a, m, n));
  const { s, left, vt } = squareSvd(loops, n, reduceToTriangular(loops, m, n, reflectors));
  const rows = loops.float64(n * m);
  for (let k = 0; k < n; k++) rows.set(left.subarray(k * n, (k + 1) * n), k * m);
  applyReflectors(loops, n, m, reflectors, n, rows);
  return { u: transpose(rows, n, m), s, vt };
}

/** Values that `tallSingularValues` takes from its loops. */
export function tallSingularValuesRoom(m: number, n: number): number {
  const square = n <= jacobiColumns ? 0 : bidiagonalRoom(n) + n * n;
  const tall = m === n ? 0 : n * m + triangularRoom(n);
  return square + tall;
}

/** Singular values alone of A [m x n], m >= n, descending, backward stable too: a third of the work or less. */
export function tallSingularValues(loops: DenseLoops, m: number, n: number, a: Float64Array): Float64Array {
  const square = m === n ? a : triangularFactor(loops, m, n, a);
  if (n <= jacobiColumns) return jacobiSvd(n, n, transpose(square, n, n)).s;
  const reduced = loops.float64(n * n);
  reduced.set(square);
  return bidiagonalValues(reduceToBidiagonal(loops, n, reduced));
}

function triangularFactor(loops: DenseLoops, m: number, n: number, a: Float64Array): Float64Array {
  const columns = loops.float64(n * m);
  columns.set(transpose(a, m, n));
  return reduceToTriangular(loops, m, n, columns);
}

/** A [n x n] = sum_k s_k left_k^T vt_k, vectors as rows. */
function squareSvd(loops: DenseLoops, n: number, a: Float64Array) {
  if (n <= jacobiColumns) return jacobiSvd(n, n, transpose(a, n, n));
  const rightReflectors = loops.float64(n * n);
  rightReflectors.set(a);
  const bidiagonal = reduceToBidiagonal(loops, n, rightReflectors);
  const vectors = bidiagonalSvd(loops, n, bidiagonal);
  const found = bidiagonal.diagonal;
  const order = [...found.keys()].sort((i, j) => found[j] - found[i] || i - j);
  const turnedBack = (rows: Float64Array, reflectors: Float64Array, ordered: Float64Array) => {
    order.forEach((from, to) => ordered.set(rows.subarray(from * n, (from + 1) * n), to * n));
    applyReflectors(loops, n, n, reflectors, n, ordered);
    return ordered.slice();
  };
  return {
    s: Float64Array.from(order, (index) => found[index]),
    left: turnedBack(vectors.left, bidiagonal.left, vectors.spares[0]),
    vt: turnedBack(vectors.right, rightReflectors, vectors.spares[1]),
  };
}
