import { createFaceMemory, faceStep, type FaceMemory } from './face-step.ts';

/**
 * Memory of one lasso solver, and the solver itself: the Gram matrix is written once, then any number of targets are
 * solved on it. An implementation may keep the arrays wherever its arithmetic runs (WebAssembly memory, for one).
 */
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

/** Passes of coordinate descent between two steps to the minimum of the present signs. */
const passesPerFaceStep = 30;

/**
 * The plain workspace: min_w 1/2 - c.w + 1/2 w'Cw + alpha |w|_1 by cyclic coordinate descent with covariance updates
 * (Friedman, Hastie & Tibshirani 2010, doi:10.18637/jss.v033.i01, section 2.2) on a working set.
 *
 * One round: the working set takes every source with a weight, or whose gradient exceeds alpha; its part of the Gram
 * matrix is copied side by side; passes over it go on until its own gap is at most half the tolerance; then the
 * gradient of all sources is made afresh (so rounding does not build up) and the gap of the whole problem decides.
 * Every few passes a step of feature-sign search goes to the minimum of the present signs: see face-step.ts.
 * Passes cost O(k^2) with k the size of the working set, rounds O(sources k).
 *
 * Duplicate sources are shared or the lower index wins, depending on the path; the loss and the gap do not care.
 * Memory 16 sources^2 bytes.
 *
 * @throws RangeError when `sources` is no whole number.
 */
export function createLassoWorkspace(sources: number): LassoWorkspace {
  if (!Number.isInteger(sources) || sources < 0) {
    throw new RangeError(`The number of sources, ${sources}, is not a whole number.`);
  }
  const state: State = {
    sources,
    gram: new Float64Array(sources * sources),
    target: new Float64Array(sources),
    weights: new Float64Array(sources),
    gradient: new Float64Array(sources),
    chosen: new Int32Array(sources),
    part: new Float64Array(sources * sources),
    partTarget: new Float64Array(sources),
    partWeights: new Float64Array(sources),
    partGradient: new Float64Array(sources),
    face: createFaceMemory(sources),
  };
  return { ...state, solve: (...options) => solve(state, ...options) };
}

interface State {
  sources: number;
  gram: Float64Array;
  target: Float64Array;
  weights: Float64Array;
  gradient: Float64Array;
  /** Indices of the working set, then its part of everything. */
  chosen: Int32Array;
  part: Float64Array;
  partTarget: Float64Array;
  partWeights: Float64Array;
  partGradient: Float64Array;
  face: FaceMemory;
}

function solve(state: State, alpha: number, tolerance: number, maximumPasses: number): number {
  const { sources, target, weights, gradient } = state;
  let inner = tolerance / 2;
  let left = maximumPasses;
  for (;;) {
    const gap = dualityGap(sources, target, weights, gradient, alpha);
    if (gap <= tolerance || left <= 0) return gap;
    const size = chooseWorkingSet(state, alpha);
    left -= descend(state, size, alpha, inner, left);
    writeBack(state, size);
    inner /= 2;
  }
}

/** Copies the working set's part of the problem side by side and returns its size. */
function chooseWorkingSet(state: State, alpha: number): number {
  const { sources, gram, chosen, part, target, weights, gradient } = state;
  let size = 0;
  for (let j = 0; j < sources; j++) {
    if (weights[j] !== 0 || Math.abs(gradient[j]) > alpha) chosen[size++] = j;
  }
  for (let i = 0; i < size; i++) {
    const from = chosen[i] * sources;
    const to = i * size;
    for (let j = 0; j < size; j++) part[to + j] = gram[from + chosen[j]];
    state.partTarget[i] = target[chosen[i]];
    state.partWeights[i] = weights[chosen[i]];
    state.partGradient[i] = gradient[chosen[i]];
  }
  return size;
}

/** Passes over the working set until its gap is small enough; returns their number (at least 1). */
function descend(state: State, size: number, alpha: number, tolerance: number, maximum: number): number {
  const { part, partTarget, partWeights, partGradient } = state;
  for (let pass = 1; ; pass++) {
    for (let j = 0; j < size; j++) {
      const old = partWeights[j];
      const pull = partGradient[j] + old;
      const next = pull > alpha ? pull - alpha : pull < -alpha ? pull + alpha : 0;
      if (next === old) continue;
      partWeights[j] = next;
      const step = old - next;
      const row = j * size;
      for (let i = 0; i < size; i++) partGradient[i] += step * part[row + i];
    }
    if (pass % passesPerFaceStep === 0)
      faceStep(size, part, partTarget, partWeights, partGradient, alpha, state.face);
    if (pass >= maximum) return pass;
    if (dualityGap(size, partTarget, partWeights, partGradient, alpha) <= tolerance) return pass;
  }
}

/** The working set's weights into the whole vector, and the gradient of all sources from scratch. */
function writeBack(state: State, size: number): void {
  const { sources, gram, chosen, target, weights, gradient, partWeights } = state;
  gradient.set(target);
  for (let i = 0; i < size; i++) {
    const weight = partWeights[i];
    weights[chosen[i]] = weight;
    if (weight === 0) continue;
    const row = chosen[i] * sources;
    for (let j = 0; j < sources; j++) gradient[j] -= weight * gram[row + j];
  }
}

/**
 * Primal minus dual value, from the moments. With residual r = y - w.x, gradient g = E[x r] = c - Cw:
 *
 *   E[y r] = 1 - c.w;   E[r^2] = 1 - c.w - w.g;   primal = E[r^2]/2 + alpha |w|_1
 *   dual at s r = s E[y r] - s^2 E[r^2]/2,   s = E[y r]/E[r^2] clipped to |s| max|g| <= alpha
 *
 * (the dual of the lasso with its residual rescaled until it is feasible: Fercoq, Gramfort & Salmon 2015,
 * arXiv 1505.03410, eq. 6 and 9). An upper bound of how far the objective is from its minimum. A sum that
 * rounding made negative is taken as 0. O(length).
 */
function dualityGap(
  length: number,
  target: Float64Array,
  weights: Float64Array,
  gradient: Float64Array,
  alpha: number,
): number {
  let explained = 0;
  let turned = 0;
  let norm = 0;
  let steepest = 0;
  for (let j = 0; j < length; j++) {
    const weight = weights[j];
    const slope = gradient[j];
    explained += weight * target[j];
    turned += weight * slope;
    norm += Math.abs(weight);
    steepest = Math.max(steepest, Math.abs(slope));
  }
  const overlap = 1 - explained;
  const square = Math.max(0, overlap - turned);
  const limit = steepest > 0 ? alpha / steepest : 1;
  const wanted = square > 0 ? overlap / square : 0;
  const scale = Math.max(-limit, Math.min(limit, wanted));
  const dual = scale * overlap - (scale * scale * square) / 2;
  return Math.max(0, square / 2 + alpha * norm - dual);
}
