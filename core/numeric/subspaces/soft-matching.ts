import { linearAssignment } from '../matching/linear-assignment.ts';

/**
 * Soft matching (Khosla & Williams 2024, arXiv 2311.09466): the transport of units with equal weights, 1 / p and
 * 1 / q, of largest total correlation, max sum P_ij c_ij. Between as many units as units it is the mean of the optimal
 * matching. Exact: successive shortest paths on whole numbers (each unit of x has q parts, each of y has p).
 *
 * @param score [p x q]
 * @returns the total; 0 where a side has no units. O((p + q)^3) in practice.
 */
export function softMatching(
  p: number,
  q: number,
  score: Float64Array,
  checkpoint: () => void = () => undefined,
): number {
  if (p === 0 || q === 0) return 0;
  if (p === q) return linearAssignment(score, p, q, checkpoint).total / p;
  const flow = new Float64Array(p * q);
  const left = { supply: new Float64Array(p).fill(q), demand: new Float64Array(q).fill(p) };
  const price = { row: new Float64Array(p), col: new Float64Array(q) };
  for (let j = 0; j < q; j++) {
    let best = -Infinity;
    for (let i = 0; i < p; i++) best = Math.max(best, score[i * q + j]);
    price.col[j] = -best;
  }
  for (let row = 0; row < p; row++) {
    checkpoint();
    while (left.supply[row] > 0) augment(row, p, q, score, flow, left, price);
  }
  let total = 0;
  for (let at = 0; at < flow.length; at++) total += flow[at] * score[at];
  return total / (p * q);
}

interface Left {
  supply: Float64Array;
  demand: Float64Array;
}
interface Price {
  row: Float64Array;
  col: Float64Array;
}

/** Sends as much as fits along the cheapest path from a row to a column with demand left (Dijkstra on reduced costs). */
function augment(
  source: number,
  p: number,
  q: number,
  score: Float64Array,
  flow: Float64Array,
  left: Left,
  price: Price,
): void {
  const far = { row: new Float64Array(p).fill(Infinity), col: new Float64Array(q).fill(Infinity) };
  const from = { row: new Int32Array(p).fill(-1), col: new Int32Array(q).fill(-1) };
  const done = { row: new Uint8Array(p), col: new Uint8Array(q) };
  far.row[source] = 0;
  let target = -1;
  for (;;) {
    const row = nearest(far.row, done.row);
    const col = nearest(far.col, done.col);
    const distance = { row: row < 0 ? Infinity : far.row[row], col: col < 0 ? Infinity : far.col[col] };
    if (distance.row === Infinity && distance.col === Infinity) throw new Error('Transport found no path.');
    if (distance.row <= distance.col) {
      done.row[row] = 1;
      for (let j = 0; j < q; j++) {
        if (done.col[j]) continue;
        const next = far.row[row] - score[row * q + j] + price.row[row] - price.col[j];
        if (next < far.col[j]) [far.col[j], from.col[j]] = [next, row];
      }
      continue;
    }
    done.col[col] = 1;
    if (left.demand[col] > 0) {
      target = col;
      break;
    }
    for (let i = 0; i < p; i++) {
      if (done.row[i] || flow[i * q + col] === 0) continue;
      const next = far.col[col] + score[i * q + col] + price.col[col] - price.row[i];
      if (next < far.row[i]) [far.row[i], from.row[i]] = [next, col];
    }
  }
  const length = far.col[target];
  for (let i = 0; i < p; i++) price.row[i] += Math.min(far.row[i], length);
  for (let j = 0; j < q; j++) price.col[j] += Math.min(far.col[j], length);
  push(source, target, q, flow, left, from);
}

function nearest(far: Float64Array, done: Uint8Array): number {
  let best = -1;
  for (let at = 0; at < far.length; at++) {
    if (done[at] === 0 && far[at] < Infinity && (best < 0 || far[at] < far[best])) best = at;
  }
  return best;
}

function push(
  source: number,
  target: number,
  q: number,
  flow: Float64Array,
  left: Left,
  from: { row: Int32Array; col: Int32Array },
): void {
  let amount = Math.min(left.supply[source], left.demand[target]);
  for (let col = target; ;) {
    const row = from.col[col];
    if (row === source) break;
    col = from.row[row];
    amount = Math.min(amount, flow[row * q + col]);
  }
  for (let col = target; ;) {
    const row = from.col[col];
    flow[row * q + col] += amount;
    if (row === source) break;
    col = from.row[row];
    flow[row * q + col] -= amount;
  }
  left.supply[source] -= amount;
  left.demand[target] -= amount;
}
