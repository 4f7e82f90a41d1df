import { BlockReflector, blockSize, reflectorRoom } from './block-reflectors.ts';
import { part, type DenseLoops } from './dense-arithmetic.ts';
import { reflect } from './reflector.ts';

/** Values that `reduceToTriangular` takes from its loops. */
export function triangularRoom(n: number): number {
  return reflectorRoom(n) + 2 * n;
}

/**
 * Householder QR of A [m x n], m >= n, A = Q R with Q = H_0 H_1 ... H_(n-1), on A's columns as rows, a block of
 * columns at a time (Golub & Van Loan 2013, section 5.2.3). R's diagonal has any sign. O(2 m n^2).
 *
 * @param columns [n x m] the columns of A as rows, entries about 1 at most; becomes the reflectors: row k is v_k, zero
 *   before entry k, |v_k|^2 = 2
 * @returns R [n x n] upper
 */
export function reduceToTriangular(
  loops: DenseLoops,
  m: number,
  n: number,
  columns: Float64Array,
): Float64Array {
  const r = new Float64Array(n * n);
  const block = new BlockReflector(loops, n);
  const [projections, factor] = [loops.float64(n), loops.float64(1)];
  for (let start = 0; start < n; start += blockSize) {
    const end = Math.min(start + blockSize, n);
    for (let k = start; k < end; k++) {
      const column = columns.subarray(k * m, (k + 1) * m);
      const v = column.subarray(k);
      const diagonal = reflect(m - k, v);
      for (let i = 0; i < k; i++) r[i * n + k] = column[i];
      r[k * n + k] = diagonal;
      column.fill(0, 0, k);
      loops.rowsTimes(end - k - 1, m - k, part(columns, m, k + 1, k), v, projections);
      for (let j = k + 1; j < end; j++) {
        factor[0] = -projections[j - k - 1];
        loops.addRows(1, m - k, part(v, m), factor, columns.subarray(j * m + k));
      }
    }
    block.apply(start, end - start, m, columns, n - end, columns.subarray(end * m), true);
  }
  return r;
}
