/**
 * The inner loops of the lasso on float64 arrays, row-major: in plain TypeScript here, in WebAssembly SIMD in
 * native-workers/lasso. Arrays must come from the same arithmetic, which keeps them where its loops run.
 */
export interface LassoArithmetic {
  float64(length: number): Float64Array;
  /**
   * Cyclic coordinate descent with covariance updates (Friedman, Hastie & Tibshirani 2010,
   * doi:10.18637/jss.v033.i01, section 2.2): `passes` passes over `size` sources, changing `weights` [size] and
   * `gradient` [size] = target - gram weights. `gram` is [size x size], diagonal 1. O(passes size^2).
   */
  descend(
    size: number,
    gram: Float64Array,
    weights: Float64Array,
    gradient: Float64Array,
    alpha: number,
    passes: number,
  ): void;
  /** into [size] -= sum_k factors[k] row_k of matrix [rows x size]; rows of factor 0 cost nothing. */
  subtractRows(
    rows: number,
    size: number,
    matrix: Float64Array,
    factors: Float64Array,
    into: Float64Array,
  ): void;
  /**
   * Lower Cholesky factor in place of the lower triangle of `matrix` [count x count]; false where a pivot is not above
   * `least`. O(count^3 / 3).
   */
  factorise(count: number, matrix: Float64Array, least: number): boolean;
  /** x := (L L^T)^-1 x, in place. O(count^2). */
  solve(count: number, factor: Float64Array, x: Float64Array): void;
}

/** Always there, and the reference the WebAssembly one is tested against. */
export const plainArithmetic: LassoArithmetic = {
  float64: (length) => new Float64Array(length),

  descend(size, gram, weights, gradient, alpha, passes) {
    for (let pass = 0; pass < passes; pass++) {
      for (let j = 0; j < size; j++) {
        const old = weights[j];
        const pull = gradient[j] + old;
        const next = pull > alpha ? pull - alpha : pull < -alpha ? pull + alpha : 0;
        if (next === old) continue;
        weights[j] = next;
        addRow(size, gram, j * size, old - next, gradient);
      }
    }
  },

  subtractRows(rows, size, matrix, factors, into) {
    for (let k = 0; k < rows; k++) if (factors[k] !== 0) addRow(size, matrix, k * size, -factors[k], into);
  },

  factorise(count, matrix, least) {
    for (let i = 0; i < count; i++) {
      const row = i * count;
      for (let j = 0; j <= i; j++) {
        const other = j * count;
        let sum = matrix[row + j];
        for (let k = 0; k < j; k++) sum -= matrix[row + k] * matrix[other + k];
        if (i > j) matrix[row + j] = sum / matrix[other + j];
        else if (sum > least) matrix[row + i] = Math.sqrt(sum);
        else return false;
      }
    }
    return true;
  },

  solve(count, factor, x) {
    for (let i = 0; i < count; i++) {
      let sum = x[i];
      for (let k = 0; k < i; k++) sum -= factor[i * count + k] * x[k];
      x[i] = sum / factor[i * count + i];
    }
    for (let i = count - 1; i >= 0; i--) {
      x[i] /= factor[i * count + i];
      addRow(i, factor, i * count, -x[i], x);
    }
  },
};

/** into += factor row, of `size` numbers from `from` on. */
function addRow(size: number, matrix: Float64Array, from: number, factor: number, into: Float64Array): void {
  for (let i = 0; i < size; i++) into[i] += factor * matrix[from + i];
}
