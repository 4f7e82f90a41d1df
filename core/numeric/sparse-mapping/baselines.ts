import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import type { StandardisedProblem } from './standardised-problem.ts';

/** Directions of the sources with less than this share of the largest eigenvalue are taken as absent. */
const rankTolerance = 1e-10;

/**
 * Loss with the best single source of each target: (1 - max_j r_j^2) / 2; .5 without sources. O(targets x sources).
 */
export function bestSingleLoss({ between, sources, targets }: StandardisedProblem): Float64Array {
  return Float64Array.from(targets, (_, target) => {
    let best = 0;
    for (let j = 0; j < sources.length; j++) best = Math.max(best, between[target * sources.length + j] ** 2);
    return (1 - Math.min(1, best)) / 2;
  });
}

/**
 * Unpenalised least squares of minimum norm, w = C^+ c, by the eigenvectors of C with eigenvalue above 1e-10 of the
 * largest (an eigenvalue is the square of a singular value of the data, so this is 1e-5 in the data). Defined for
 * N <= p, duplicates and constants. O(sources^3 + targets sources^2).
 *
 * @returns [targets x sources] weights
 */
export async function leastSquaresWeights(
  problem: StandardisedProblem,
  algebra: LinearAlgebra,
): Promise<Float64Array> {
  const p = problem.sources.length;
  const q = problem.targets.length;
  if (p === 0 || q === 0) return new Float64Array(0);
  const { values, vectors } = await algebra.symmetricEigen(p, problem.gram);
  const least = values[p - 1] * rankTolerance;
  const scores = await algebra.multiply(q, p, p, problem.between, vectors, { b: true });
  for (let at = 0; at < scores.length; at++)
    scores[at] = values[at % p] > least ? scores[at] / values[at % p] : 0;
  return algebra.multiply(q, p, p, scores, vectors);
}
