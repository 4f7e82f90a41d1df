import type { HeldOutProblem } from './standardised-problem.ts';

/**
 * Loss of given weights on held-out samples, from their moments:
 *
 *   1/2 E[(y - w.x)^2] = (E[y^2] - 2 w.E[xy] + w' E[xx'] w) / 2
 *
 * Rows of `weights` are (alpha, target) with targets fastest, as `lassoPath` returns them. Reads only the sources
 * with a weight: O(rows x k^2). A value that rounding made negative is 0. Can exceed any bound where the held-out
 * samples differ; .5 is what predicting the fitting mean scores on samples like the fitting ones.
 */
export function heldOutLoss(
  weights: Float64Array,
  sources: number,
  targets: number,
  problem: HeldOutProblem,
): Float64Array {
  const rows = targets === 0 || sources === 0 ? 0 : weights.length / sources;
  const loss = new Float64Array(rows);
  const used = new Int32Array(sources);
  for (let row = 0; row < rows; row++) {
    const own = row * sources;
    const target = row % targets;
    let size = 0;
    for (let j = 0; j < sources; j++) if (weights[own + j] !== 0) used[size++] = j;
    let total = problem.square[target];
    for (let i = 0; i < size; i++) {
      const from = used[i] * sources;
      let through = -2 * problem.between[target * sources + used[i]];
      for (let j = 0; j < size; j++) through += problem.gram[from + used[j]] * weights[own + used[j]];
      total += weights[own + used[i]] * through;
    }
    loss[row] = Math.max(0, total / 2);
  }
  return loss;
}
