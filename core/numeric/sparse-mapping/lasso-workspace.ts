import { dropDependentSources } from './dependent-sources.ts';
import { dualityGap, lassoObjective } from './duality-gap.ts';
import { plainArithmetic, type LassoArithmetic } from './lasso-arithmetic.ts';
import { createSignMinimum, type SignMinimum } from './sign-minimum.ts';

/** Memory of one lasso solver, and the solver: the Gram matrix is written once, then any number of targets solved. */
export interface LassoWorkspace {
  readonly sources: number;
  /** [sources x sources] correlations of the sources, symmetric, diagonal 1; fill before the first solve. */
  readonly gram: Float64Array;
  /** [sources] correlations of the sources with the target. */
  readonly target: Float64Array;
  /** [sources] current solution: zeros to start, kept between penalties (warm start). */
  readonly weights: Float64Array;
  /** [sources] target - gram weights; must fit `weights` at the start, and does at the end. */
  readonly gradient: Float64Array;
  /**
   * Minimises from `weights` until the duality gap is at most `tolerance`, or for `maximumPasses` passes over the
   * working set. Returns the gap reached.
   */
  solve(alpha: number, tolerance: number, maximumPasses: number): number;
}

/** Passes of coordinate descent in a round; twice as many after a round whose step to the minimum was no use. */
const fewestPasses = 2;
const mostPasses = 64;

/**
 * min_w 1/2 - c.w + 1/2 w'Cw + alpha |w|_1 on a working set: every source with a weight, or whose gradient exceeds
 * alpha. One round: a few passes of coordinate descent, which choose the signs; then a step to the minimum of those
 * signs (feature-sign search: Lee, Battle, Raina & Ng 2007), kept only if the objective falls; then the gradient of
 * all sources afresh, so that rounding does not build up, and the duality gap of the whole problem decides. Where
 * the sources with a weight are dependent (duplicates, N <= sources), weights first move off some of them.
 *
 * Duplicate sources are shared or the lower index wins, depending on the path; the loss and the gap do not care.
 * A working set of more than half of the sources is all of them; smaller ones are copied side by side.
 * Passes cost O(k^2) with k the size of the working set, steps O(min(k, sources - k)^3 / 3 + k^2), rounds O(sources k).
 * Memory up to 32 sources^2 bytes.
 *
 * @throws RangeError when `sources` is no whole number.
 */
export function createLassoWorkspace(
  sources: number,
  arithmetic: LassoArithmetic = plainArithmetic,
): LassoWorkspace {
  if (!Number.isInteger(sources) || sources < 0) {
    throw new RangeError(`The number of sources, ${sources}, is not a whole number.`);
  }
  const half = Math.floor(sources / 2);
  const gram = arithmetic.float64(sources * sources);
  const state: State = {
    sources,
    arithmetic,
    all: {
      size: sources,
      gram,
      target: arithmetic.float64(sources),
      weights: arithmetic.float64(sources),
      gradient: arithmetic.float64(sources),
    },
    few: {
      size: 0,
      gram: arithmetic.float64(half * half),
      target: arithmetic.float64(half),
      weights: arithmetic.float64(half),
      gradient: arithmetic.float64(half),
    },
    chosen: new Int32Array(sources),
    before: arithmetic.float64(sources),
    minimum: createSignMinimum(sources, gram, arithmetic),
  };
  const { target, weights, gradient } = state.all;
  return { sources, gram, target, weights, gradient, solve: (...options) => solve(state, ...options) };
}

/** The problem of some of the sources, side by side. */
interface Part {
  size: number;
  gram: Float64Array;
  target: Float64Array;
  weights: Float64Array;
  gradient: Float64Array;
}

interface State {
  sources: number;
  arithmetic: LassoArithmetic;
  all: Part;
  few: Part;
  /** Indices of the few. */
  chosen: Int32Array;
  /** Weights before a step. */
  before: Float64Array;
  minimum: SignMinimum;
}

function solve(state: State, alpha: number, tolerance: number, maximumPasses: number): number {
  const { all, arithmetic } = state;
  let passes = fewestPasses;
  for (let left = maximumPasses; ; left -= passes) {
    const gap = dualityGap(all.size, all.target, all.weights, all.gradient, alpha);
    if (gap <= tolerance || left <= 0) return gap;
    const part = choosePart(state, alpha);
    arithmetic.descend(part.size, part.gram, part.weights, part.gradient, alpha, Math.min(passes, left));
    const isStep = stepToMinimum(state, part, alpha);
    passes = isStep ? fewestPasses : Math.min(mostPasses, 2 * passes);
    if (part !== all) for (let i = 0; i < part.size; i++) all.weights[state.chosen[i]] = part.weights[i];
    if (part !== all || !isStep) remakeGradient(all, arithmetic);
  }
}

function choosePart({ all, few, chosen, sources }: State, alpha: number): Part {
  let size = 0;
  for (let j = 0; j < sources; j++) {
    if (all.weights[j] !== 0 || Math.abs(all.gradient[j]) > alpha) chosen[size++] = j;
  }
  if (2 * size > sources) return all;
  for (let i = 0; i < size; i++) {
    const from = chosen[i] * sources;
    const to = i * size;
    for (let j = 0; j < size; j++) few.gram[to + j] = all.gram[from + chosen[j]];
    few.target[i] = all.target[chosen[i]];
    few.weights[i] = all.weights[chosen[i]];
    few.gradient[i] = all.gradient[chosen[i]];
  }
  few.size = size;
  return few;
}

/**
 * To the minimum of the present signs, with weights that would change sign set to 0; else as far towards it as the
 * first of them reaches 0. False where neither lowers the objective: at most dependent sources have lost weight then.
 */
function stepToMinimum(state: State, part: Part, alpha: number): boolean {
  const { size, gram, target, weights, gradient } = part;
  const { minimum, before, arithmetic, all } = state;
  const isSolved = () => minimum.solve(size, gram, target, weights, alpha, part === all);
  if (!isSolved()) {
    if (!dropDependentSources(size, gram, weights)) return false;
    remakeGradient(part, arithmetic);
    if (!isSolved()) return false;
  }
  const { solution } = minimum;
  const old = lassoObjective(size, target, weights, gradient, alpha);
  for (let j = 0; j < size; j++) before[j] = weights[j];
  for (let j = 0; j < size; j++) weights[j] = before[j] * solution[j] > 0 ? solution[j] : 0;
  remakeGradient(part, arithmetic);
  if (lassoObjective(size, target, weights, gradient, alpha) < old) return true;
  partWay(size, before, solution, weights);
  remakeGradient(part, arithmetic);
  if (lassoObjective(size, target, weights, gradient, alpha) < old) return true;
  for (let j = 0; j < size; j++) weights[j] = before[j];
  remakeGradient(part, arithmetic);
  return false;
}

function partWay(size: number, before: Float64Array, solution: Float64Array, weights: Float64Array): void {
  let share = 1;
  let first = -1;
  for (let j = 0; j < size; j++) {
    if (before[j] === 0 || before[j] * solution[j] > 0) continue;
    const reach = before[j] / (before[j] - solution[j]);
    if (reach < share) [share, first] = [reach, j];
  }
  for (let j = 0; j < size; j++) {
    weights[j] = j === first || before[j] === 0 ? 0 : before[j] + share * (solution[j] - before[j]);
  }
}

function remakeGradient({ size, gram, target, weights, gradient }: Part, arithmetic: LassoArithmetic): void {
  for (let j = 0; j < size; j++) gradient[j] = target[j];
  arithmetic.subtractRows(size, size, gram, weights, gradient);
}
