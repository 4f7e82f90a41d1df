import { requireScores } from './require-scores.ts';

/** For every unit of A (row): its partner in B (column, or -1) and the score of the pair (0 where there is none). */
export interface UnitPartners {
  partner: Int32Array;
  value: Float64Array;
}

/**
 * Semi-matching (Li et al. 2015, arXiv 1511.07543, section 3): for every row the column of the largest score, ties to
 * the lowest index. Columns can repeat.
 *
 * A dead row has no partner (-1, value 0). A dead column takes part with its scores of 0, as the definition of its
 * correlations says: a live row whose scores are all negative has it as its largest, exactly as an argmax over the
 * stored matrix would. Without columns every partner is -1.
 *
 * Transpose the scores for the semi-matching of B's units.
 *
 * @param score [rows x cols] row-major, finite
 * @param deadRows [rows] 1 where the unit is dead
 * @throws RangeError when a length does not fit; AppError `bad-data` for a score that is not finite. O(rows x cols).
 */
export function semiMatching(
  score: Float64Array,
  rows: number,
  cols: number,
  deadRows?: Uint8Array,
): UnitPartners {
  requireScores(score, rows, cols);
  if (deadRows && deadRows.length !== rows) {
    throw new RangeError(`The mask of dead units has ${deadRows.length} entries for ${rows} rows.`);
  }
  const partner = new Int32Array(rows).fill(-1);
  const value = new Float64Array(rows);
  if (cols === 0) return { partner, value };
  for (let row = 0; row < rows; row++) {
    if (deadRows?.[row] === 1) continue;
    const start = row * cols;
    let best = start;
    for (let at = start + 1; at < start + cols; at++) if (score[at] > score[best]) best = at;
    partner[row] = best - start;
    value[row] = score[best];
  }
  return { partner, value };
}
