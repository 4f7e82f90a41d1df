import { lassoPath } from '../numeric/sparse-mapping/lasso-path.ts';
import { createLassoWorkspace } from '../numeric/sparse-mapping/lasso-workspace.ts';
import { standardisedProblem } from '../numeric/sparse-mapping/standardised-problem.ts';
import { exactly, rounding, type Check } from './check.ts';
import type { TwoSided } from './samples.ts';

const source = 'scikit-learn Lasso, target Y0 from X, both standardised (Tibshirani 1996)';
const reason =
  'Two iterative solvers that each stop at a small duality gap, this one at 1e-8; the weights are where that shows.';

/** Sparse mappings of `cka_demo_1337.json`: one target at three penalties. */
export function lassoChecks(of: TwoSided): Check[] {
  const { p, q } = of;
  const problem = () =>
    standardisedProblem(of.moments, { start: 0, count: p }, { start: p, count: q }, new Uint8Array(p + q));
  const solve = (alpha: number) => {
    const { gram, between } = problem();
    const workspace = createLassoWorkspace(p);
    workspace.gram.set(gram);
    return lassoPath(workspace, between, { start: 0, count: 1 }, [alpha]);
  };
  const of3 = (name: string, key: string) => ['expected', 'lasso_target_Y0', name, key];
  const atPenalty = (name: string): Check[] => [
    {
      path: of3(name, 'coef'),
      quantity: `Lasso weights, alpha ${name}`,
      method: 'sparseMap',
      tolerance: 1e-6,
      reason,
      source,
      compute: () => [...solve(Number(name)).weights],
    },
    {
      path: of3(name, 'r2'),
      quantity: `Lasso R², alpha ${name}`,
      method: 'sparseMap',
      tolerance: 1e-6,
      reason,
      source,
      compute: () => 1 - 2 * solve(Number(name)).loss[0],
    },
    {
      path: of3(name, 'nnz'),
      quantity: `Lasso sources, alpha ${name}`,
      method: 'sparseMap',
      ...exactly,
      source,
      compute: () => solve(Number(name)).weights.filter((weight) => weight !== 0).length,
    },
  ];
  return [
    ...['0.01', '0.1', '0.3'].flatMap(atPenalty),
    {
      path: ['expected', 'lasso_alpha_max_Y0'],
      quantity: 'Smallest alpha without any source',
      method: 'sparseMap',
      ...rounding,
      source,
      compute: () => Math.max(...problem().between.subarray(0, p).map(Math.abs)),
    },
  ];
}
