import type { CheckedValue } from '../domain/validation.ts';
import { correlationFromMoments } from '../numeric/correlation/correlation-from-moments.ts';
import { linearAssignment } from '../numeric/matching/linear-assignment.ts';
import { semiMatching } from '../numeric/matching/semi-matching.ts';
import { trace } from '../numeric/subspaces/pair-moments.ts';
import { softMatching } from '../numeric/subspaces/soft-matching.ts';
import { transpose } from '../numeric/matching/transpose.ts';
import { exactly, rounding, type Check } from './check.ts';
import type { TwoSided } from './samples.ts';

const scipy = 'scipy.optimize.linear_sum_assignment on numpy correlations; Y’s units shuffled';
const netrep = 'ahwillia/netrep (Williams et al. 2021, arXiv 2110.14739), permutations; Y’s units shuffled';
const resi = 'mklabunde/resi (arXiv 2408.00531), soft match; Y’s units shuffled';

/** Matching quantities of `cka_demo_1337.json`: Y's units shuffled, so that the match must find them again. */
export function shuffledChecks(of: TwoSided): Check[] {
  const { p, q, pair } = of;
  const score = () =>
    correlationFromMoments(of.moments, { rowStart: 0, rowCount: p, colStart: p, colCount: q });
  const byCorrelation = () => linearAssignment(score(), p, q);
  const byCovariance = () => linearAssignment(pair.xy, p, q);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const pairs = () => [...byCorrelation().partner];
  const line = (
    key: string,
    quantity: string,
    method: Check['method'],
    bound: { tolerance: number; reason: string },
    source: string,
    compute: () => CheckedValue,
  ): Check => ({ path: ['expected', key], quantity, method, ...bound, source, compute });
  const angle = () => Math.acos(byCovariance().total / Math.sqrt(trace(p, pair.xx) * trace(q, pair.yy)));
  const turned = () => semiMatching(transpose(score(), p, q), q, p);
  return [
    line('corr_matrix_row0', 'Correlations of unit 0', 'correlation', rounding, scipy, () => [
      ...score().subarray(0, q),
    ]),
    line('corr_match_assignment', 'Match by correlation, pairs', 'match', exactly, scipy, pairs),
    line('corr_match_expected_inverse_perm', 'Match undoes the shuffle', 'match', exactly, scipy, pairs),
    line('hard_corr_match_mean', 'Mean match', 'match', rounding, scipy, () => byCorrelation().total / p),
    line('semi_match_XtoY_mean', 'Mean semi-match, X to Y', 'semiMatch', rounding, scipy, () =>
      mean(semiMatching(score(), p, q).value),
    ),
    line('semi_match_YtoX_mean', 'Mean semi-match, Y to X', 'semiMatch', rounding, scipy, () =>
      mean(turned().value),
    ),
    line('soft_corr_match_resi', 'Soft match', 'softMatch', rounding, resi, () =>
      softMatching(p, q, score()),
    ),
    line('perm_assignment_by_covariance', 'Match by covariance, pairs', 'match', exactly, netrep, () => [
      ...byCovariance().partner,
    ]),
    line(
      'perm_angular_netrep_X_vs_Yshuffled',
      'Angle after the best permutation',
      'match',
      rounding,
      netrep,
      angle,
    ),
  ];
}
