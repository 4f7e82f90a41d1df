import type { UnitPartners } from './semi-matching.ts';

export interface MatchingSummary {
  /** Units that the one-to-one matching paired: min(rows, cols), dead ones included. */
  matched: number;
  /** Share of the matched units of A whose match is also their semi-match. */
  agreement: number;
  /** Mean semi-match score over all units of A; a dead unit counts 0. */
  semiMean: number;
  /** Mean score of the matched pairs, that is over the units of the smaller side. */
  matchMean: number;
}

/**
 * Summary of one pair of layers (Li et al. 2015, arXiv 1511.07543, section 3; methods section 2).
 *
 * A dead unit of A has no semi-match, so it never agrees, but it is one of the matched units when the matching
 * paired it (with score 0). Means of nothing are 0.
 *
 * @param semi from `semiMatching`; @param match from `linearAssignment`; both of A's units
 * @throws RangeError when the two are not about the same number of units. O(rows).
 */
export function summariseMatching(semi: UnitPartners, match: UnitPartners): MatchingSummary {
  const rows = semi.partner.length;
  if (match.partner.length !== rows) {
    throw new RangeError(`The semi-matching has ${rows} units and the matching ${match.partner.length}.`);
  }
  let [matched, agreeing, semiSum, matchSum] = [0, 0, 0, 0];
  for (let row = 0; row < rows; row++) {
    semiSum += semi.value[row];
    if (match.partner[row] < 0) continue;
    matched++;
    matchSum += match.value[row];
    if (match.partner[row] === semi.partner[row]) agreeing++;
  }
  return {
    matched,
    agreement: matched === 0 ? 0 : agreeing / matched,
    semiMean: rows === 0 ? 0 : semiSum / rows,
    matchMean: matched === 0 ? 0 : matchSum / matched,
  };
}
