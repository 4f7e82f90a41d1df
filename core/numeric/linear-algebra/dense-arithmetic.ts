/**
 * The inner loops of dense float64 linear algebra: in plain TypeScript (plain-arithmetic.ts), in WebAssembly SIMD
 * (native-workers/linalg). Everything of cubic cost in the decompositions goes through them, so that one algorithm
 * runs on both; answers of the two differ by rounding alone.
 */
export interface DenseArithmetic {
  /**
   * Loops with room for so many float64 in arrays of their own; null where that much memory is not to be had. What an
   * earlier call gave must not be used any more.
   */
  open(values: number): DenseLoops | null;
}

/**
 * Matrices are row-major, the distance between their rows (`ld`, at least their columns) counted in values; a part of
 * a matrix is a subarray that starts at its first value. Arrays must come from `float64` of the same loops.
 */
export interface DenseLoops {
  /** A new array of zeros. */
  float64(length: number): Float64Array;
  /**
   * C [m x n] += alpha op(A) op(B), with op(A) [m x k] and op(B) [k x n]; op transposes where asked. C must not overlap
   * A or B. O(mkn).
   */
  multiplyAdd(m: number, n: number, k: number, alpha: number, a: Factor, b: Factor, c: Part): void;
  /** y [n] := A x, A [n x n] symmetric, the upper triangle read once. O(n^2). */
  symmetricTimes(n: number, a: Part, x: Float64Array, y: Float64Array): void;
  /** y [rows] := A x, A [rows x columns]. O(rows columns). */
  rowsTimes(rows: number, columns: number, a: Part, x: Float64Array, y: Float64Array): void;
  /** y [columns] += A^T x, A [rows x columns]. O(rows columns). */
  addRows(rows: number, columns: number, a: Part, x: Float64Array, y: Float64Array): void;
}

/** A part of a matrix: its values from the first on, and the distance between its rows. */
export interface Part {
  values: Float64Array;
  ld: number;
}

export interface Factor extends Part {
  isTransposed?: boolean;
}

/** The part of a matrix that starts at the given row and column. */
export function part(values: Float64Array, ld: number, row = 0, column = 0): Part {
  return { values: values.subarray(row * ld + column), ld };
}

/** The same, to be multiplied by as its transpose. */
export function transposed(values: Float64Array, ld: number, row = 0, column = 0): Factor {
  return { ...part(values, ld, row, column), isTransposed: true };
}
