import { applyReflectors, reflectorRoom } from './block-reflectors.ts';
import type { DenseLoops } from './dense-arithmetic.ts';
import type { SymmetricEigen } from './linear-algebra.ts';
import { tridiagonalEigen, tridiagonalEigenRoom } from './tridiagonal-divide.ts';
import { reduceToTridiagonal, tridiagonalRoom } from './tridiagonal-reduction.ts';
import { tridiagonalValues } from './values-alone.ts';

/** Values that `symmetricEigenOf` takes from its loops. */
export function symmetricEigenRoom(n: number, count: number): number {
  return n * n + tridiagonalRoom(n) + tridiagonalEigenRoom(n) + reflectorRoom(count);
}

/** Values that `eigenvaluesOf` takes from its loops. */
export function eigenvaluesRoom(n: number): number {
  return n * n + tridiagonalRoom(n);
}

/**
 * Eigenvalues alone, ascending, backward stable too: a third of the work, and a quarter of the memory.
 *
 * @param a [n x n] the upper triangle is read; entries about 1 at most; not changed
 */
export function eigenvaluesOf(loops: DenseLoops, n: number, a: Float64Array): Float64Array {
  const reduced = loops.float64(n * n);
  reduced.set(a);
  return tridiagonalValues(reduceToTridiagonal(loops, n, reduced));
}

/**
 * Eigenvalues and vectors number first .. first + count of a symmetric matrix, ascending: Householder reduction to
 * tridiagonal form, divide and conquer, back-transformation of the asked vectors. Residuals |A v - lambda v| and
 * |V V^T - I| stay below a modest multiple of n epsilon |A|. O(n^3): 4/3 for the reduction, up to 4/3 for the division,
 * 2 count / n for the vectors.
 *
 * @param a [n x n] the upper triangle is read; entries about 1 at most; not changed
 */
export function symmetricEigenOf(
  loops: DenseLoops,
  n: number,
  a: Float64Array,
  first: number,
  count: number,
): SymmetricEigen {
  const reflectors = loops.float64(n * n);
  reflectors.set(a);
  const tridiagonal = reduceToTridiagonal(loops, n, reflectors);
  const { vectors: all, spare } = tridiagonalEigen(loops, n, tridiagonal);
  const found = tridiagonal.diagonal;
  const order = [...found.keys()].sort((i, j) => found[i] - found[j] || i - j);
  const chosen = order.slice(first, first + count);
  const vectors = spare.subarray(0, count * n);
  chosen.forEach((from, to) => vectors.set(all.subarray(from * n, (from + 1) * n), to * n));
  applyReflectors(loops, n, n, reflectors, count, vectors);
  return { values: Float64Array.from(chosen, (index) => found[index]), vectors: vectors.slice() };
}
