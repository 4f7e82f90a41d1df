import type { AssignmentState } from './assignment-state.ts';
import { listCandidates } from './candidate-columns.ts';

/** Row scans between two calls of the progress hook. */
const scansPerReport = 256;

/**
 * Column reduction and reduction transfer (Jonker & Volgenant 1987, first two steps), for square matrices: the price
 * of a column becomes its largest score; a row that is largest takes one such column, and if it is largest in that
 * column only, the column's price rises by what the row would lose elsewhere. O(rows x cols).
 */
export function reduceColumns(state: AssignmentState): void {
  const { score, rows, cols, price, columnOfRow, rowOfColumn } = state;
  const bestRow = new Int32Array(cols);
  price.set(score.subarray(0, cols));
  for (let row = 1; row < rows; row++) {
    for (let col = 0, at = row * cols; col < cols; col++, at++) {
      const value = score[at];
      if (value <= price[col]) continue;
      price[col] = value;
      bestRow[col] = row;
    }
  }
  const columnsWon = new Int32Array(rows);
  for (let col = cols - 1; col >= 0; col--) {
    const row = bestRow[col];
    if (columnsWon[row]++ > 0) continue;
    columnOfRow[row] = col;
    rowOfColumn[col] = row;
  }
  if (cols < 2) return;
  for (let row = 0; row < rows; row++) {
    if (columnsWon[row] !== 1) continue;
    const own = columnOfRow[row];
    const before = price[own];
    price[own] = Infinity; // out of the way: the least of the others is wanted
    let least = Infinity;
    for (let col = 0, at = row * cols; col < cols; col++, at++) {
      const cost = price[col] - score[at];
      if (cost < least) least = cost;
    }
    price[own] = before + least;
  }
}

/**
 * Augmenting row reduction (Jonker & Volgenant 1987, third step), two rounds: an unmatched row takes its best column
 * at a price that makes its second best equal, and the row it displaces goes on. Shortens the paths left to find;
 * optimality does not depend on it, so the number of scans is bounded (prices in float64 can creep forever).
 * At most
 * O(scans x cols), most scans reading the row's candidates only.
 *
 * @returns the rows still unmatched
 */
export function reduceRows(
  state: AssignmentState,
  onProgress: (done: number, total: number) => void,
): Int32Array {
  const { rows, cols, columnOfRow } = state;
  let free = Int32Array.from(columnOfRow.keys()).filter((row) => columnOfRow[row] < 0);
  if (cols < 2) return free;
  let scans = 0;
  for (let round = 0; round < 2 && free.length > 0; round++) {
    const limit = scans + 4 * rows + 64;
    const left: number[] = [];
    for (let next = 0; next < free.length; next++) {
      let row = free[next];
      while (row >= 0) {
        if (++scans % scansPerReport === 0) onProgress(rows - (free.length - next) - left.length, rows);
        const [displaced, hasRaised] = takeBestColumn(state, row);
        if (displaced < 0) break;
        if (hasRaised && scans < limit) row = displaced;
        else {
          left.push(displaced);
          break;
        }
      }
    }
    free = Int32Array.from(left);
  }
  return free;
}

/** Gives the row its best column; returns the row displaced (-1: none) and whether the column's price rose. */
function takeBestColumn(state: AssignmentState, row: number): [displaced: number, hasRaised: boolean] {
  const { score, price, columnOfRow, rowOfColumn, candidates } = state;
  let best = bestTwoCandidates(state, row);
  if (!(best.secondCost <= candidates.bound[row])) {
    listCandidates(candidates, score, price, row);
    best = bestTwoCandidates(state, row);
  }
  let column = best.first;
  const raised = price[column] + (best.secondCost - best.firstCost);
  const hasRaised = raised > price[column];
  if (hasRaised) price[column] = raised;
  else if (rowOfColumn[column] >= 0) column = best.second;
  const displaced = rowOfColumn[column];
  if (displaced >= 0) columnOfRow[displaced] = -1;
  columnOfRow[row] = column;
  rowOfColumn[column] = row;
  return [displaced, hasRaised];
}

interface BestTwo {
  first: number;
  firstCost: number;
  second: number;
  secondCost: number;
}

/** The two candidates of least reduced cost; the two best of the whole row when the second is within the bound. */
function bestTwoCandidates(state: AssignmentState, row: number): BestTwo {
  const { score, cols, price, candidates } = state;
  const { width, columns } = candidates;
  let [firstCost, secondCost] = [Infinity, Infinity];
  let [first, second] = [-1, -1];
  if (candidates.bound[row] === -Infinity) return { first, firstCost, second, secondCost };
  for (let k = row * width; k < (row + 1) * width; k++) {
    const col = columns[k];
    const cost = price[col] - score[row * cols + col];
    if (cost >= secondCost) continue;
    if (cost < firstCost) {
      second = first;
      secondCost = firstCost;
      first = col;
      firstCost = cost;
    } else {
      second = col;
      secondCost = cost;
    }
  }
  return { first, firstCost, second, secondCost };
}
