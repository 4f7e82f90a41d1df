import { part, type DenseLoops } from './dense-arithmetic.ts';

/** Where vectors of a merged problem have entries: only in the left columns, in both, only in the right ones. */
export const side = { left: 0, both: 1, right: 2 } as const;

/** The columns of the left and the right half of a problem within the whole matrix. */
export interface Halves {
  leftStart: number;
  leftEnd: number;
  rightStart: number;
  rightEnd: number;
}

/** The order in which the vectors of a merge are combined: those of the left half, of both, of the right half. */
export interface Grouping {
  /** Row of each member. */
  rows: Int32Array;
  /** Place of the k-th of the given vectors in that order. */
  place: Int32Array;
  leftOnly: number;
  both: number;
}

/** @param sides one of `side` for each of `rows` */
export function groupBySide(rows: readonly number[], sides: readonly number[]): Grouping {
  const order = [...rows.keys()].sort((i, j) => sides[i] - sides[j] || i - j);
  const place = new Int32Array(rows.length);
  order.forEach((index, at) => (place[index] = at));
  const count = (wanted: number) => sides.filter((value) => value === wanted).length;
  return {
    rows: Int32Array.from(order, (index) => rows[index]),
    place,
    leftOnly: count(side.left),
    both: count(side.both),
  };
}

/**
 * Rows first .. first + k of X become S times the grouped rows, and the kept rows follow: one product for the left
 * columns without the vectors that are zero there, and one for the right ones (Gu & Eisenstat 1995,
 * doi:10.1137/S0895479892241287, section 4). O(k^2 n).
 *
 * @param s [k x k] coefficients, columns in the order of the grouping
 * @param x [. x n] vectors as rows
 * @param kept rows of X that stay as they are
 * @param scratch as many values as these rows of X have
 */
export function combineRows(
  loops: DenseLoops,
  n: number,
  x: Float64Array,
  halves: Halves,
  { rows, leftOnly, both }: Grouping,
  s: Float64Array,
  kept: readonly number[],
  first: number,
  scratch: Float64Array,
): void {
  const k = rows.length;
  const { leftStart, leftEnd, rightStart, rightEnd } = halves;
  const [leftWidth, rightWidth] = [leftEnd - leftStart, rightEnd - rightStart];
  const [leftCount, rightCount] = [leftOnly + both, k - leftOnly];
  const left = scratch.subarray(0, leftCount * leftWidth);
  const right = scratch.subarray(left.length, left.length + rightCount * rightWidth);
  const rest = scratch.subarray(left.length + right.length);
  const width = rightEnd - leftStart;
  for (let at = 0; at < leftCount; at++)
    copyRow(x, rows[at] * n + leftStart, left, at * leftWidth, leftWidth);
  for (let at = 0; at < rightCount; at++)
    copyRow(x, rows[leftOnly + at] * n + rightStart, right, at * rightWidth, rightWidth);
  kept.forEach((row, at) => copyRow(x, row * n + leftStart, rest, at * width, width));
  for (let row = first; row < first + k; row++) x.fill(0, row * n + leftStart, row * n + rightEnd);
  const [intoLeft, intoRight] = [part(x, n, first, leftStart), part(x, n, first, rightStart)];
  loops.multiplyAdd(k, leftWidth, leftCount, 1, part(s, k), part(left, leftWidth), intoLeft);
  loops.multiplyAdd(
    k,
    rightWidth,
    rightCount,
    1,
    part(s, k, 0, leftOnly),
    part(right, rightWidth),
    intoRight,
  );
  kept.forEach((_, at) => copyRow(rest, at * width, x, (first + k + at) * n + leftStart, width));
}

function copyRow(from: Float64Array, at: number, to: Float64Array, start: number, count: number): void {
  to.set(from.subarray(at, at + count), start);
}

/** Turns two rows: (x, y) becomes (c x + s y, c y - s x), within the given columns. */
export function rotateRows(
  n: number,
  matrix: Float64Array,
  one: number,
  other: number,
  c: number,
  s: number,
  { leftStart, rightEnd }: Pick<Halves, 'leftStart' | 'rightEnd'>,
): void {
  const x = matrix.subarray(one * n + leftStart, one * n + rightEnd);
  const y = matrix.subarray(other * n + leftStart, other * n + rightEnd);
  for (let k = 0; k < x.length; k++) {
    const before = x[k];
    x[k] = c * before + s * y[k];
    y[k] = c * y[k] - s * before;
  }
}
