import type { AssignmentState } from './assignment-state.ts';

/** Work arrays of one search, reused by all. */
interface Search {
  /** [cols] length of the shortest path to each column, +Infinity once the column is settled. */
  distance: Float64Array;
  /** [cols] row from which that path enters the column. */
  previousRow: Int32Array;
  settled: Int32Array;
  settledDistance: Float64Array;
  settledPrice: Float64Array;
}

/**
 * Matches every free row along a shortest path of reduced costs (Dijkstra over columns, dense) and updates the prices
 * so that the assignment stays optimal for the rows matched so far (Crouse 2016, doi:10.1109/TAES.2016.140952,
 * section IV; Jonker & Volgenant 1987, augmentation). Among columns at the same distance an unmatched one is taken
 * first, which keeps matrices full of ties fast.
 *
 * @param onProgress called before each augmentation; may throw. Worst case O(free x rows x cols).
 */
export function augmentAllRows(
  state: AssignmentState,
  free: Int32Array,
  onProgress: (done: number, total: number) => void,
): void {
  const { rows, cols } = state;
  const search: Search = {
    distance: new Float64Array(cols),
    previousRow: new Int32Array(cols),
    settled: new Int32Array(cols),
    settledDistance: new Float64Array(cols),
    settledPrice: new Float64Array(cols),
  };
  for (let k = 0; k < free.length; k++) {
    onProgress(rows - free.length + k, rows);
    const sink = findPath(state, search, free[k]);
    flipPath(state, search, free[k], sink);
  }
  onProgress(rows, rows);
}

/** Settles columns in order of distance until an unmatched one is nearest; returns it, with all prices updated. */
function findPath(state: AssignmentState, search: Search, freeRow: number): number {
  const { score, cols, price, rowOfColumn } = state;
  const { distance, settled, settledDistance, settledPrice } = search;
  distance.fill(Number.MAX_VALUE);
  let count = 0;
  let nearest = relax(state, search, freeRow, 0);
  while (rowOfColumn[nearest] >= 0) {
    const row = rowOfColumn[nearest];
    const reached = distance[nearest];
    const ownCost = price[nearest] - score[row * cols + nearest];
    settled[count] = nearest;
    settledDistance[count] = reached;
    settledPrice[count++] = price[nearest];
    // Infinite price and distance take the column out of both comparisons of `relax` without a test of its own.
    price[nearest] = Infinity;
    distance[nearest] = Infinity;
    nearest = relax(state, search, row, reached - ownCost);
  }
  const end = distance[nearest];
  for (let k = 0; k < count; k++) price[settled[k]] = settledPrice[k] + (end - settledDistance[k]);
  return nearest;
}

/** Improves distances by paths through `row` (reduced cost plus `offset`); returns the nearest unsettled column. */
function relax(state: AssignmentState, search: Search, row: number, offset: number): number {
  const { score, cols, price, rowOfColumn } = state;
  const { distance, previousRow } = search;
  const start = row * cols;
  let best = Infinity;
  let nearest = -1;
  for (let col = 0; col < cols; col++) {
    const through = price[col] - score[start + col] + offset;
    let length = distance[col];
    if (through < length) {
      length = through;
      distance[col] = through;
      previousRow[col] = row;
    }
    if (length < best || (length === best && rowOfColumn[nearest] >= 0 && rowOfColumn[col] < 0)) {
      best = length;
      nearest = col;
    }
  }
  return nearest;
}

function flipPath(state: AssignmentState, search: Search, freeRow: number, sink: number): void {
  const { columnOfRow, rowOfColumn } = state;
  let col = sink;
  let row = -1;
  while (row !== freeRow) {
    row = search.previousRow[col];
    rowOfColumn[col] = row;
    const left = columnOfRow[row];
    columnOfRow[row] = col;
    col = left;
  }
}
