import type { LassoWorkspace } from './lasso-workspace.ts';

/** Sparse mappings of a range of targets; rows run over (alpha, target), targets fastest. */
export interface LassoPath {
  /** [alphas x targets x sources] */
  weights: Float64Array;
  /** [alphas x targets] 1/2 E[(y - w.x)^2] on the samples of the moments. */
  loss: Float64Array;
  /** [alphas x targets] */
  gap: Float64Array;
}

/** Gap at which a target is solved, well under the 1e-6 that results promise. */
const gapTolerance = 1e-8;
const maximumPasses = 100_000;

/**
 * The lasso of every target of a range at every penalty, warm-started from the largest penalty down:
 *
 *   min_w 1/2 E[(y - w.x)^2] + alpha |w|_1,   x, y standardised
 *
 * from C = corr(x, x) (in the workspace) and c = corr(x, y) alone. Each target is solved by itself in a fixed order
 * of operations, so any partition of the targets over threads gives the same bits. Independent of the order in
 * which the alphas are given. Rows of `weights`, `loss` and `gap` follow the alphas as given.
 *
 * Not a test of which sources "truly" matter: among correlated sources the choice is nearly arbitrary.
 *
 * @param between [targets x sources] correlations of all targets with the sources
 * @param range targets to solve, `start` and `count`
 * @param checkpoint called between targets; it may throw to cancel
 * @throws RangeError for an alpha that is not a positive number, or lengths that do not fit.
 */
export function lassoPath(
  workspace: LassoWorkspace,
  between: Float64Array,
  range: { start: number; count: number },
  alphas: readonly number[],
  checkpoint: (done: number) => void = () => {},
): LassoPath {
  const { sources } = workspace;
  requireProblem(between, range, alphas, sources);
  const order = alphas.map((_, at) => at).sort((a, b) => alphas[b] - alphas[a]);
  const rows = alphas.length * range.count;
  const result: LassoPath = {
    weights: new Float64Array(rows * sources),
    loss: new Float64Array(rows),
    gap: new Float64Array(rows),
  };
  for (let target = 0; target < range.count; target++) {
    checkpoint(target);
    const from = (range.start + target) * sources;
    workspace.target.set(between.subarray(from, from + sources));
    workspace.gradient.set(workspace.target);
    workspace.weights.fill(0);
    for (const at of order) {
      const row = at * range.count + target;
      result.gap[row] = workspace.solve(alphas[at], gapTolerance, maximumPasses);
      result.loss[row] = currentLoss(workspace);
      result.weights.set(workspace.weights, row * sources);
    }
  }
  return result;
}

/** 1/2 E[r^2] = (1 - c.w - w.g) / 2. */
function currentLoss({ sources, target, weights, gradient }: LassoWorkspace): number {
  let explained = 0;
  for (let j = 0; j < sources; j++) explained += weights[j] * (target[j] + gradient[j]);
  return Math.max(0, (1 - explained) / 2);
}

function requireProblem(
  between: Float64Array,
  { start, count }: { start: number; count: number },
  alphas: readonly number[],
  sources: number,
): void {
  const wrong = alphas.find((alpha) => !(alpha > 0 && Number.isFinite(alpha)));
  if (wrong !== undefined) throw new RangeError(`The penalty ${wrong} is not a positive number.`);
  const fits = Number.isInteger(start) && Number.isInteger(count) && start >= 0 && count >= 0;
  if (!fits || (start + count) * sources > between.length) {
    throw new RangeError(`The targets ${start}..${start + count} do not lie within the correlations given.`);
  }
}
