import type { ScoreKind } from '../../domain/recipe.ts';

/**
 * The score that a matching maximises, from correlations r:
 *
 *   correlation: r itself (signed; the paper's choice);  absolute-correlation: |r|
 *
 * Signed scores return the same array, not a copy. A dead unit's 0 stays 0. O(length).
 */
export function scoreFromCorrelation(kind: ScoreKind, correlation: Float64Array): Float64Array {
  return kind === 'correlation' ? correlation : correlation.map(Math.abs);
}
