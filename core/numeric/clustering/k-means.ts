import { createRandom, type Random } from '../../random.ts';

export interface KMeans {
  /** [n] cluster of each row, 0 .. k - 1 */
  labels: Int32Array;
  /** Sum of squared distances to the centres. */
  inertia: number;
}

const maximumRounds = 300;

/**
 * k-means of rows: k-means++ seeding (Arthur & Vassilvitskii 2007) with a few candidates a step, then Lloyd's rounds;
 * the best of seeded starts by inertia, or by `cost` where one is given. Clusters are numbered by their first member. A cluster that empties takes the
 * row farthest from its centre. With k >= n every row is a cluster of its own. O(starts x rounds x n k d).
 *
 * @param rows [n x d]
 * @throws RangeError unless k and starts are whole numbers from 1
 */
export function kMeans(
  n: number,
  d: number,
  rows: Float64Array,
  k: number,
  starts: number,
  seed: number,
  cost: (labels: Int32Array, inertia: number) => number = (_, inertia) => inertia,
): KMeans {
  if (!Number.isInteger(k) || k < 1 || !Number.isInteger(starts) || starts < 1)
    throw new RangeError(`k-means needs whole numbers from 1, not k = ${k}, starts = ${starts}.`);
  if (k >= n) return { labels: Int32Array.from({ length: n }, (_, row) => row), inertia: 0 };
  const random = createRandom(seed);
  let best: { found: KMeans; cost: number } | null = null;
  for (let start = 0; start < starts; start++) {
    const found = lloyd(n, d, rows, k, plusPlus(n, d, rows, k, random));
    const price = cost(found.labels, found.inertia);
    if (!best || price < best.cost) best = { found, cost: price };
  }
  const { labels, inertia } = (best as { found: KMeans }).found;
  return { labels: renumbered(labels), inertia };
}

/** Clusters numbered in the order of their first members; -1 stays. */
export function renumbered(labels: Int32Array): Int32Array {
  const names = new Map<number, number>();
  return labels.map((label) => {
    if (label < 0) return -1;
    if (!names.has(label)) names.set(label, names.size);
    return names.get(label) as number;
  });
}

/** Centres drawn with probability proportional to the squared distance from those drawn; the best of a few each time. */
function plusPlus(n: number, d: number, rows: Float64Array, k: number, random: Random): Float64Array {
  const centres = new Float64Array(k * d);
  const candidates = 2 + Math.floor(Math.log(k));
  centres.set(rowOf(rows, random.nextInt(n), d));
  let [nearest, after, best] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  for (let row = 0; row < n; row++) nearest[row] = distance(rows, row, centres, 0, d);
  for (let centre = 1; centre < k; centre++) {
    let [chosen, least] = [0, Infinity];
    const total = sum(nearest);
    for (let trial = 0; trial < candidates; trial++) {
      const row = draw(nearest, total, random);
      let left = 0;
      for (let other = 0; other < n; other++)
        left += after[other] = Math.min(nearest[other], distance(rows, other, rows, row, d));
      if (!(left < least)) continue;
      [chosen, least] = [row, left];
      [best, after] = [after, best];
    }
    centres.set(rowOf(rows, chosen, d), centre * d);
    [nearest, best] = [best, nearest];
  }
  return centres;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let at = 0; at < values.length; at++) total += values[at];
  return total;
}

function draw(weights: Float64Array, total: number, random: Random): number {
  if (!(total > 0)) return random.nextInt(weights.length);
  let left = random.nextFloat() * total;
  for (let row = 0; row < weights.length; row++) {
    left -= weights[row];
    if (left < 0) return row;
  }
  return weights.length - 1;
}

function lloyd(n: number, d: number, rows: Float64Array, k: number, centres: Float64Array): KMeans {
  const labels = new Int32Array(n).fill(-1);
  const away = new Float64Array(n);
  for (let round = 0; round < maximumRounds; round++) {
    const changed = assign(n, d, rows, k, centres, labels, away);
    if (!changed) break;
    moveCentres(n, d, rows, k, centres, labels, away);
  }
  return { labels, inertia: sum(away) };
}

function assign(
  n: number,
  d: number,
  rows: Float64Array,
  k: number,
  centres: Float64Array,
  labels: Int32Array,
  away: Float64Array,
): boolean {
  let changed = false;
  for (let row = 0; row < n; row++) {
    let [best, least] = [0, Infinity];
    for (let centre = 0; centre < k; centre++) {
      const far = distance(rows, row, centres, centre, d);
      if (far < least) [best, least] = [centre, far];
    }
    away[row] = least;
    if (labels[row] !== best) changed = true;
    labels[row] = best;
  }
  return changed;
}

function moveCentres(
  n: number,
  d: number,
  rows: Float64Array,
  k: number,
  centres: Float64Array,
  labels: Int32Array,
  away: Float64Array,
): void {
  const sizes = new Int32Array(k);
  centres.fill(0);
  for (let row = 0; row < n; row++) {
    const centre = labels[row];
    sizes[centre]++;
    for (let axis = 0; axis < d; axis++) centres[centre * d + axis] += rows[row * d + axis];
  }
  for (let centre = 0; centre < k; centre++) {
    if (sizes[centre] === 0) {
      let farthest = 0;
      for (let row = 1; row < n; row++) if (away[row] > away[farthest]) farthest = row;
      away[farthest] = 0;
      centres.set(rowOf(rows, farthest, d), centre * d);
    } else for (let axis = 0; axis < d; axis++) centres[centre * d + axis] /= sizes[centre];
  }
}

function rowOf(rows: Float64Array, row: number, d: number): Float64Array {
  return rows.subarray(row * d, (row + 1) * d);
}

function distance(rows: Float64Array, row: number, others: Float64Array, other: number, d: number): number {
  let sum = 0;
  for (let axis = 0, a = row * d, b = other * d; axis < d; axis++, a++, b++) {
    const difference = rows[a] - others[b];
    sum += difference * difference;
  }
  return sum;
}
