import { augmentAllRows } from './shortest-augmenting-path.ts';
import { reduceColumns, reduceRows } from './assignment-reduction.ts';
import type { AssignmentState } from './assignment-state.ts';
import { createCandidates } from './candidate-columns.ts';
import { transpose } from './transpose.ts';
import { requireScores } from './require-scores.ts';

export interface Assignment {
  /** [rows] the column of each row, -1 where the row stays without one (only when rows > cols). */
  partner: Int32Array;
  /** [rows] the score of the pair, 0 where there is none. */
  value: Float64Array;
  /** Sum of the scores of all pairs, added in row order. */
  total: number;
}

/**
 * One-to-one matching: the assignment that maximises the sum of scores, each column at most once, every unit of the
 * smaller side matched; exact, dense, rectangular.
 *
 *   max sum_i S[i, x(i)]   over injective x
 *
 * Algorithm: Jonker & Volgenant 1987 (doi:10.1007/BF02278710), column reduction with reduction transfer (square
 * matrices) and augmenting row reduction, then shortest augmenting paths in the rectangular form of Crouse 2016
 * (doi:10.1109/TAES.2016.140952). Written from the papers, in terms of column prices p = -v, so that the scores are
 * maximised as they stand without a negated copy. Rows are read in full only when their list of candidate columns
 * (`candidate-columns.ts`) does not decide, which is exact and several times faster at thousands of units. More rows than columns are
 * solved transposed (one copy).
 *
 * Dead units take part as the rows and columns of zeros they are by definition, so the total is that of the whole
 * matrix; callers flag them. Where several assignments are optimal (ties), one of them is returned, the same on every
 * machine and for any number of threads. Prices are float64: the total is optimal to about 1e-15 x rows x largest
 * score. With rows or cols 0 every partner is -1 and the total 0.
 *
 * Worst case O(min^2 x max); typically a few passes over the matrix. Memory O(24 rows + cols) beyond the input.
 *
 * @param score [rows x cols] row-major
 * @param onProgress called between augmentations with the number of matched units and how many there will be; it
 *   may throw to cancel, which leaves `score` as it was.
 * @throws RangeError when the length does not fit; AppError `bad-data` for a score that is not finite.
 */
export function linearAssignment(
  score: Float64Array,
  rows: number,
  cols: number,
  onProgress?: (done: number, total: number) => void,
): Assignment {
  requireScores(score, rows, cols);
  const partner = new Int32Array(rows).fill(-1);
  if (rows > 0 && cols > 0) {
    if (rows <= cols) partner.set(solve(score, rows, cols, onProgress).columnOfRow);
    else partner.set(solve(transpose(score, rows, cols), cols, rows, onProgress).rowOfColumn);
  }
  const value = new Float64Array(rows);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    if (partner[row] < 0) continue;
    value[row] = score[row * cols + partner[row]];
    total += value[row];
  }
  return { partner, value, total };
}

function solve(
  score: Float64Array,
  rows: number,
  cols: number,
  onProgress: (done: number, total: number) => void = () => {},
): AssignmentState {
  const state: AssignmentState = {
    score,
    rows,
    cols,
    price: new Float64Array(cols),
    columnOfRow: new Int32Array(rows).fill(-1),
    rowOfColumn: new Int32Array(cols).fill(-1),
    candidates: createCandidates(rows, cols),
  };
  // Prices of columns that stay unmatched must be 0, so column reduction is for square matrices only.
  if (rows === cols) reduceColumns(state);
  const free = reduceRows(state, onProgress);
  augmentAllRows(state, free, onProgress);
  return state;
}
