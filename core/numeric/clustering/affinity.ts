import type { affinityKinds } from '../../domain/recipe.ts';
import { mirrorUpper } from '../linear-algebra/mirror-upper.ts';

type AffinityKind = (typeof affinityKinds)[number];

/**
 * Affinity of units from their scores (methods section 5): |c|, max(c, 0), c^2, or mutual information as it is (at
 * least 0); zero diagonal, exactly symmetric (the upper triangle counts).
 *
 * @param score [n x n] correlations or mutual information of live units
 * @param w where it is made; `score` itself may be given up for it
 * @returns w [n x n]
 * @throws RangeError when the matrix is not n x n. O(n^2).
 */
export function affinity(
  kind: AffinityKind,
  n: number,
  score: Float64Array,
  w: Float64Array = new Float64Array(n * n),
): Float64Array {
  if (score.length !== n * n) throw new RangeError(`An affinity of ${n} units needs ${n * n} scores.`);
  for (let i = 0; i < n; i++) {
    w[i * n + i] = 0;
    for (let j = i + 1; j < n; j++) w[i * n + j] = weight(kind, score[i * n + j]);
  }
  mirrorUpper(n, w);
  return w;
}

function weight(kind: AffinityKind, c: number): number {
  switch (kind) {
    case 'abs':
      return Math.abs(c);
    case 'squared':
      return c * c;
    case 'positive':
    case 'mutual-information':
      return Math.max(0, c);
  }
}
