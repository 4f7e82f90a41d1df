import { summariseMatching } from '../matching/agreement.ts';
import { linearAssignment } from '../matching/linear-assignment.ts';
import { semiMatching } from '../matching/semi-matching.ts';

export interface Rematching {
  /** [resamples] means when every resample chooses its own partners */
  semiMean: Float64Array;
  matchMean: Float64Array;
  /** [rows] share of resamples in which the unit keeps its partner of all the data; 0 for units without one */
  semiStability: Float64Array;
  matchStability: Float64Array;
}

/**
 * Matches every resample anew and counts how often each unit keeps its partner.
 *
 * The means are those of partners chosen on the very data they are scored on: the maximum over partners favours
 * resamples that overstate a correlation, so these means lie above the fixed-partner ones and above the truth. Read
 * the stabilities; for intervals of the means use `bootstrapPairs` with the partners kept.
 *
 * @param resample the k-th resample's scores [rows x cols]
 * @param partners of all the data; @param deadRows [rows]
 * @throws RangeError where lengths do not fit or there is no resample. O(resamples) matchings.
 */
export async function rematch(
  resamples: number,
  resample: (k: number) => Promise<Float64Array>,
  [rows, cols]: [number, number],
  partners: { semi: Int32Array; match: Int32Array },
  deadRows: Uint8Array,
  onProgress: (done: number) => void = () => {},
): Promise<Rematching> {
  if (partners.semi.length !== rows || partners.match.length !== rows) {
    throw new RangeError(`The partners are not those of ${rows} units.`);
  }
  if (!(resamples >= 1)) throw new RangeError('Matching again needs at least one resample.');
  const result: Rematching = {
    semiMean: new Float64Array(resamples),
    matchMean: new Float64Array(resamples),
    semiStability: new Float64Array(rows),
    matchStability: new Float64Array(rows),
  };
  for (let k = 0; k < resamples; k++) {
    const score = await resample(k);
    const semi = semiMatching(score, rows, cols, deadRows);
    const match = linearAssignment(score, rows, cols, () => onProgress(k));
    const summary = summariseMatching(semi, match);
    result.semiMean[k] = summary.semiMean;
    result.matchMean[k] = summary.matchMean;
    countKept(result.semiStability, semi.partner, partners.semi);
    countKept(result.matchStability, match.partner, partners.match);
    onProgress(k + 1);
  }
  for (const share of [result.semiStability, result.matchStability])
    share.forEach((count, row) => (share[row] = count / resamples));
  return result;
}

function countKept(counts: Float64Array, found: Int32Array, kept: Int32Array): void {
  for (let row = 0; row < counts.length; row++) {
    if (kept[row] >= 0 && found[row] === kept[row]) counts[row]++;
  }
}
