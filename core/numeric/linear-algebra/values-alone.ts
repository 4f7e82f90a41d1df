import type { Bidiagonal } from './bidiagonal-reduction.ts';
import { implicitQl } from './implicit-ql.ts';
import type { Tridiagonal } from './tridiagonal-reduction.ts';

/**
 * Eigenvalues of a symmetric tridiagonal matrix, ascending, by QL without vectors: within a modest multiple of n
 * epsilon of the largest entry, like all that is asked of these decompositions. O(n^2).
 *
 * @param tridiagonal destroyed
 */
export function tridiagonalValues({ diagonal, offDiagonal }: Tridiagonal): Float64Array {
  const negligible = Number.EPSILON * Math.max(largestOf(diagonal), largestOf(offDiagonal));
  implicitQl(diagonal.length, diagonal, offDiagonal, null, negligible);
  return diagonal.sort();
}

/**
 * Singular values of a square upper bidiagonal matrix B, descending: the eigenvalues of [0 B^T; B 0] are they and their
 * negatives, and with rows and columns in turn it is tridiagonal with a diagonal of zeros (Golub & Kahan 1965,
 * doi:10.1137/0702016, section 3). B^T B would lose half of the digits. O(n^2).
 */
export function bidiagonalValues({
  diagonal,
  superDiagonal,
}: Pick<Bidiagonal, 'diagonal' | 'superDiagonal'>): Float64Array {
  const n = diagonal.length;
  const offDiagonal = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    offDiagonal[2 * i] = superDiagonal[i];
    offDiagonal[2 * i + 1] = diagonal[i];
  }
  const values = tridiagonalValues({ diagonal: new Float64Array(2 * n), offDiagonal });
  return values
    .slice(n)
    .reverse()
    .map((value) => Math.max(0, value));
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
