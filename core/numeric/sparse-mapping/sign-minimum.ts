import { leastPivot } from './dependent-sources.ts';
import type { LassoArithmetic } from './lasso-arithmetic.ts';

/** The inverse of all sources is only taken where no source is explained by the others to this share. */
const leastInversePivot = 1e-6;

/**
 * Solves C_AA w = c_A - alpha s for the active sources A with signs s: the minimum of the lasso with those signs held.
 */
export interface SignMinimum {
  /**
   * Minimum over the sources with a weight, into `solution` [size] (0 elsewhere); false where they are dependent.
   * `part` is the Gram matrix of the `size` sources at hand; where that is all of them, `whole` is true and few left
   * out are solved for instead of many kept.
   */
  solve(
    size: number,
    part: Float64Array,
    target: Float64Array,
    weights: Float64Array,
    alpha: number,
    whole: boolean,
  ): boolean;
  readonly solution: Float64Array;
}

/**
 * Two ways to the same numbers, whichever matrix is smaller:
 *
 * - A small: Cholesky of C_AA. O(|A|^3 / 3).
 * - Z, the sources left out, small: with P = C^-1 (once for all targets), r = P (c_A - alpha s) and v from
 *   P_ZZ v = -r_Z, w = r + P_Z v is 0 on Z and solves the equations on A (block inverse; Golub & Van Loan 2013,
 *   section 2.1.4). O(|Z|^3 / 3 + sources^2).
 */
export function createSignMinimum(
  sources: number,
  gram: Float64Array,
  arithmetic: LassoArithmetic,
): SignMinimum {
  const active = new Int32Array(sources);
  const compact = arithmetic.float64(sources);
  const factors = arithmetic.float64(sources);
  const solution = arithmetic.float64(sources);
  let square = arithmetic.float64(0);
  let inverse: Float64Array | null | undefined;

  /** Room for a matrix of `count` rows, kept between calls. */
  const room = (count: number) => {
    if (square.length < count * count) {
      const next = Math.min(sources, Math.ceil(count * 1.5));
      square = arithmetic.float64(next * next);
    }
    return square;
  };
  const gather = (count: number, size: number, from: Float64Array) => {
    const to = room(count);
    for (let i = 0; i < count; i++) {
      const row = active[i] * size;
      for (let j = 0; j <= i; j++) to[i * count + j] = from[row + active[j]];
    }
    return to;
  };

  function direct(
    size: number,
    part: Float64Array,
    target: Float64Array,
    weights: Float64Array,
    alpha: number,
  ): boolean {
    const count = indicesWhere(size, weights, true, active);
    const factor = gather(count, size, part);
    if (!arithmetic.factorise(count, factor, leastPivot)) return false;
    for (let i = 0; i < count; i++) compact[i] = target[active[i]] - signed(weights[active[i]], alpha);
    arithmetic.solve(count, factor, compact);
    solution.fill(0);
    for (let i = 0; i < count; i++) solution[active[i]] = compact[i];
    return true;
  }

  function byComplement(
    p: Float64Array,
    target: Float64Array,
    weights: Float64Array,
    alpha: number,
  ): boolean {
    for (let j = 0; j < sources; j++)
      factors[j] = weights[j] === 0 ? 0 : signed(weights[j], alpha) - target[j];
    solution.fill(0);
    arithmetic.subtractRows(sources, sources, p, factors, solution);
    const count = indicesWhere(sources, weights, false, active);
    if (count === 0) return true;
    const factor = gather(count, sources, p);
    if (!arithmetic.factorise(count, factor, 0)) return false;
    for (let i = 0; i < count; i++) compact[i] = solution[active[i]];
    arithmetic.solve(count, factor, compact);
    factors.fill(0);
    for (let i = 0; i < count; i++) factors[active[i]] = compact[i];
    arithmetic.subtractRows(sources, sources, p, factors, solution);
    for (let i = 0; i < count; i++) solution[active[i]] = 0;
    return true;
  }

  return {
    solution,
    solve(size, part, target, weights, alpha, whole) {
      let kept = 0;
      for (let j = 0; j < size; j++) if (weights[j] !== 0) kept++;
      if (whole && 2 * kept > sources) {
        if (inverse === undefined) inverse = inverseOf(sources, gram, arithmetic);
        if (inverse) return byComplement(inverse, target, weights, alpha);
      }
      return direct(size, part, target, weights, alpha);
    },
  };
}

function signed(weight: number, alpha: number): number {
  return weight > 0 ? alpha : -alpha;
}

/** Indices with (or without) a weight, into `to`; returns their number. */
function indicesWhere(size: number, weights: Float64Array, hasWeight: boolean, to: Int32Array): number {
  let count = 0;
  for (let j = 0; j < size; j++) if ((weights[j] !== 0) === hasWeight) to[count++] = j;
  return count;
}

/** C^-1 column by column, or null where C is too close to singular to trust it. O(n^3). */
function inverseOf(n: number, gram: Float64Array, arithmetic: LassoArithmetic): Float64Array | null {
  const factor = arithmetic.float64(n * n);
  factor.set(gram);
  if (!arithmetic.factorise(n, factor, leastInversePivot)) return null;
  const inverse = arithmetic.float64(n * n);
  const column = arithmetic.float64(n);
  for (let j = 0; j < n; j++) {
    column.fill(0);
    column[j] = 1;
    arithmetic.solve(n, factor, column);
    inverse.set(column, j * n);
  }
  return inverse;
}
