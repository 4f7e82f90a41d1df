/** Memory of a face step for up to `size` sources. */
export interface FaceMemory {
  active: Int32Array;
  factor: Float64Array;
  solution: Float64Array;
}

export function createFaceMemory(size: number): FaceMemory {
  return {
    active: new Int32Array(size),
    factor: new Float64Array(size * size),
    solution: new Float64Array(size),
  };
}

/**
 * One step of feature-sign search (Lee, Battle, Raina & Ng 2007): with the signs s of the present weights held, the
 * minimum over the active sources solves C_AA w = c_A - alpha s; the weights move towards it until the first of them
 * reaches 0. The objective never rises, and where the signs are those of the solution it is reached at once, which
 * coordinate descent on nearly collinear sources takes thousands of passes for.
 *
 * Changes `weights` and makes `gradient` afresh. Does nothing where C_AA is not positive definite (duplicate sources).
 * O(k^3 + size k), k active sources.
 *
 * @param gram [size x size] symmetric; all arrays of the first `size` sources
 */
export function faceStep(
  size: number,
  gram: Float64Array,
  target: Float64Array,
  weights: Float64Array,
  gradient: Float64Array,
  alpha: number,
  memory: FaceMemory,
): void {
  const { active, solution } = memory;
  let count = 0;
  for (let j = 0; j < size; j++) if (weights[j] !== 0) active[count++] = j;
  if (count === 0 || !factorise(size, gram, active, count, memory.factor)) return;
  for (let i = 0; i < count; i++) {
    const j = active[i];
    solution[i] = target[j] - (weights[j] > 0 ? alpha : -alpha);
  }
  solveFactorised(count, memory.factor, solution);
  let share = 1;
  let first = -1;
  for (let i = 0; i < count; i++) {
    const weight = weights[active[i]];
    if (weight * solution[i] > 0) continue;
    const reach = weight / (weight - solution[i]);
    if (reach < share) [share, first] = [reach, i];
  }
  for (let i = 0; i < count; i++) {
    const j = active[i];
    weights[j] = i === first ? 0 : weights[j] + share * (solution[i] - weights[j]);
  }
  remakeGradient(size, gram, target, weights, gradient);
}

/** Lower Cholesky factor of the active part, row by row; false where a pivot is no safe number. */
function factorise(
  size: number,
  gram: Float64Array,
  active: Int32Array,
  count: number,
  factor: Float64Array,
): boolean {
  for (let i = 0; i < count; i++) {
    const row = i * count;
    const from = active[i] * size;
    for (let j = 0; j <= i; j++) {
      const other = j * count;
      let sum = gram[from + active[j]];
      for (let k = 0; k < j; k++) sum -= factor[row + k] * factor[other + k];
      if (i === j) {
        if (!(sum > 1e-11)) return false;
        factor[row + i] = Math.sqrt(sum);
      } else factor[row + j] = sum / factor[other + j];
    }
  }
  return true;
}

function solveFactorised(count: number, factor: Float64Array, x: Float64Array): void {
  for (let i = 0; i < count; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= factor[i * count + k] * x[k];
    x[i] = sum / factor[i * count + i];
  }
  for (let i = count - 1; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < count; k++) sum -= factor[k * count + i] * x[k];
    x[i] = sum / factor[i * count + i];
  }
}

function remakeGradient(
  size: number,
  gram: Float64Array,
  target: Float64Array,
  weights: Float64Array,
  gradient: Float64Array,
): void {
  for (let j = 0; j < size; j++) gradient[j] = target[j];
  for (let i = 0; i < size; i++) {
    const weight = weights[i];
    if (weight === 0) continue;
    const row = i * size;
    for (let j = 0; j < size; j++) gradient[j] -= weight * gram[row + j];
  }
}
