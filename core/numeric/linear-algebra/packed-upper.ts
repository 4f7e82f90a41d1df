import { mirrorUpper } from './mirror-upper.ts';

/** Rows of n values in which the upper triangle of an n x n matrix is packed. */
export function packedRows(n: number): number {
  return Math.floor(n / 2) + 1;
}

/**
 * Packs the upper triangle of a symmetric matrix [n x n] into its first floor(n / 2) + 1 rows, in place: row i holds
 * itself from the diagonal on, and before the diagonal, row n - i from its diagonal on. The upper triangle stays valid;
 * cells without a partner are 0. Gives a view of those rows (rectangular full packed format, Gustavson et al. 2010,
 * doi:10.1145/1731022.1731028, by rows). O(n^2 / 4).
 */
export function packUpper(n: number, matrix: Float64Array): Float64Array {
  const rows = packedRows(n);
  for (let i = 1; i < rows; i++) {
    const from = (n - i) * n + n - i;
    if (n - i >= rows) matrix.set(matrix.subarray(from, from + i), i * n);
    else matrix.fill(0, i * n, i * n + i);
  }
  return matrix.subarray(0, rows * n);
}

/** The matrix [n x n] whose first rows `packUpper` has packed, in place, both triangles. O(n^2). */
export function unpackUpper(n: number, matrix: Float64Array): void {
  const rows = packedRows(n);
  for (let i = 1; n - i >= rows; i++) {
    const to = (n - i) * n + n - i;
    matrix.set(matrix.subarray(i * n, i * n + i), to);
  }
  mirrorUpper(n, matrix);
}
