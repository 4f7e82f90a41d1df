import type { AssignmentState } from './assignment-state.ts';
import { listCandidates } from './candidate-columns.ts';
import { createEventHeap, dropLeastEvent, pushEvent, type EventHeap } from './event-heap.ts';

/** Work memory of one search, reused by all. */
interface Search {
  /** [cols] length of the shortest path to each column so far; -Infinity once the column is settled. */
  distance: Float64Array;
  /** [cols] row from which that path enters the column. */
  previousRow: Int32Array;
  settled: Int32Array;
  settledDistance: Float64Array;
  /** [rows] what is added to a row's reduced costs to continue the path through it. */
  offset: Float64Array;
  /** Least distance of an unmatched column, and that column. */
  end: number;
  sink: number;
  /** Matched columns by distance (id = column) and rows whose other columns are unread (id = -1 - row). */
  events: EventHeap;
}

/**
 * Matches every free row along a shortest path of reduced costs and raises the prices so that the assignment stays
 * optimal for the rows matched so far (Crouse 2016, doi:10.1109/TAES.2016.140952, section IV; Jonker & Volgenant
 * 1987, augmentation). Dijkstra's search over columns, lazily: a row is first continued through its candidate
 * columns, and read in full only when the search comes to the distance at which another column could matter. Nothing
 * at or beyond the nearest unmatched column is kept, so matrices full of ties end at once.
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
    offset: new Float64Array(rows),
    end: Infinity,
    sink: -1,
    events: createEventHeap(rows + cols),
  };
  for (let k = 0; k < free.length; k++) {
    onProgress(rows - free.length + k, rows);
    findPath(state, search, free[k]);
    flipPath(state, search, free[k]);
  }
  onProgress(rows, rows);
}

/** Settles columns in order of distance until an unmatched one, `search.sink`, is nearest; then raises the prices. */
function findPath(state: AssignmentState, search: Search, freeRow: number): void {
  const { score, cols, price, rowOfColumn } = state;
  const { distance, settled, settledDistance, events } = search;
  distance.fill(Infinity);
  events.size = 0;
  search.end = Infinity;
  let count = 0;
  continueThrough(state, search, freeRow, 0);
  while (events.size > 0 && events.keys[0] < search.end) {
    const reached = events.keys[0];
    const id = events.ids[0];
    dropLeastEvent(events);
    if (id < 0) {
      readWholeRow(state, search, -1 - id);
      continue;
    }
    if (distance[id] === -Infinity) continue; // settled over a shorter path
    settled[count] = id;
    settledDistance[count++] = reached;
    distance[id] = -Infinity;
    const row = rowOfColumn[id];
    continueThrough(state, search, row, reached - (price[id] - score[row * cols + id]));
  }
  for (let k = 0; k < count; k++) price[settled[k]] += search.end - settledDistance[k];
}

/** Paths on through the row's candidates; its other columns wait until the search reaches their bound. */
function continueThrough(state: AssignmentState, search: Search, row: number, offset: number): void {
  const { score, cols, price, candidates } = state;
  const { width, columns, bound } = candidates;
  search.offset[row] = offset;
  if (bound[row] === -Infinity) listCandidates(candidates, score, price, row);
  for (let k = row * width; k < (row + 1) * width; k++) {
    const col = columns[k];
    const through = price[col] - score[row * cols + col] + offset;
    if (through < search.end && through < search.distance[col]) reach(state, search, row, col, through);
  }
  if (bound[row] + offset < search.end) pushEvent(search.events, bound[row] + offset, -1 - row);
}

function readWholeRow(state: AssignmentState, search: Search, row: number): void {
  const { score, cols, price } = state;
  const { distance } = search;
  const offset = search.offset[row];
  const start = row * cols;
  listCandidates(state.candidates, score, price, row); // prices have risen since: the next search gets further
  for (let col = 0; col < cols; col++) {
    const through = price[col] - score[start + col] + offset;
    if (through < search.end && through < distance[col]) reach(state, search, row, col, through);
  }
}

function reach(state: AssignmentState, search: Search, row: number, col: number, through: number): void {
  search.distance[col] = through;
  search.previousRow[col] = row;
  if (state.rowOfColumn[col] >= 0) {
    pushEvent(search.events, through, col);
  } else {
    search.end = through;
    search.sink = col;
  }
}

function flipPath(state: AssignmentState, search: Search, freeRow: number): void {
  const { columnOfRow, rowOfColumn } = state;
  let col = search.sink;
  let row = -1;
  while (row !== freeRow) {
    row = search.previousRow[col];
    rowOfColumn[col] = row;
    const left = columnOfRow[row];
    columnOfRow[row] = col;
    col = left;
  }
}
