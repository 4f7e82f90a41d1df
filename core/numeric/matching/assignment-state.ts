import type { CandidateColumns } from './candidate-columns.ts';

/**
 * A partial assignment of rows to columns (rows <= cols) with the column prices that prove it optimal so far:
 * every matched row sits in a column of largest profit, score[i, j] - price[j]; prices of unmatched columns are
 * lowest (0 when rows < cols). The reduced cost of an edge is price[j] - score[i, j] up to a constant of its row.
 * Once candidates are listed prices never fall.
 */
export interface AssignmentState {
  readonly score: Float64Array;
  readonly rows: number;
  readonly cols: number;
  readonly price: Float64Array;
  /** -1 = unmatched */
  readonly columnOfRow: Int32Array;
  /** -1 = unmatched */
  readonly rowOfColumn: Int32Array;
  readonly candidates: CandidateColumns;
}
