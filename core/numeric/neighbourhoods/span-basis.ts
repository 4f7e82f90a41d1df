import type { UnitCosines } from './uncentred-cosines.ts';

/** A source with less than this of its squared length outside the span of those before it adds no direction. */
const rankTolerance = 1e-10;

/** Counts multiplications, so that a search can stop at the same point on every machine. */
export interface Work {
  done: number;
  limit: number;
  /** Called once per source added, removed or tried; it may throw to cancel. */
  onStep?: () => void;
}

/**
 * The span of some of a few units (the sources), as an orthonormal basis, and how far every unit lies outside it:
 *
 *   rows[k, u] = q_k . z_u,   left[u] = |z_u|^2 - sum_k rows[k, u]^2 = dist(z_u, span)^2,   |z_u| = 1
 *
 * with q_k the part of the k-th source outside the span of those before it, scaled to length 1: the rows of the
 * Cholesky factor of the sources' cosines, with all other units carried along. Sources come and go one at a time:
 * adding one appends a row, removing one turns the rows after it by plane rotations and drops the last (Golub & Van
 * Loan 2013, section 6.5). Both are backward stable, so nothing is ever factored afresh.
 */
export interface SpanBasis {
  readonly width: number;
  rank: number;
  /** [capacity x width]; the first `rank` rows count */
  readonly rows: Float64Array;
  /** [width] in [0, 1] up to rounding */
  readonly left: Float64Array;
  /** [capacity] the column of each row's source */
  readonly sources: Int32Array;
  /** [width] row of each column, -1 where it is no source */
  readonly place: Int32Array;
}

/** Without a source yet: every unit is left as a whole. */
export function createSpanBasis(capacity: number, width: number): SpanBasis {
  return {
    width,
    rank: 0,
    rows: new Float64Array(capacity * width),
    left: new Float64Array(width).fill(1),
    sources: new Int32Array(capacity),
    place: new Int32Array(width).fill(-1),
  };
}

export function clearSpanBasis(basis: SpanBasis): void {
  basis.rank = 0;
  basis.left.fill(1);
  basis.place.fill(-1);
}

/** Makes `to` equal `from`; both of one width and capacity. */
export function copySpanBasis(from: SpanBasis, to: SpanBasis): void {
  to.rank = from.rank;
  to.rows.set(from.rows.subarray(0, from.rank * from.width));
  to.left.set(from.left);
  to.sources.set(from.sources);
  to.place.set(from.place);
}

/**
 * Adds a unit to the sources; nothing happens when it lies in their span already (left of at most 1e-10).
 *
 * @param units [width] each column's index into the cosines. O(rank x width).
 */
export function addSource(
  basis: SpanBasis,
  { cosine, zero }: UnitCosines,
  units: Int32Array,
  column: number,
  work: Work,
): void {
  const { width, rank, rows, left } = basis;
  if (left[column] <= rankTolerance) return;
  work.onStep?.();
  work.done += width * (rank + 4);
  const start = rank * width;
  const from = units[column] * zero.length;
  for (let k = 0; k < width; k++) rows[start + k] = cosine[from + units[k]];
  for (let row = 0; row < rank; row++) {
    const at = row * width;
    const times = rows[at + column];
    for (let k = 0; k < width; k++) rows[start + k] -= times * rows[at + k];
  }
  const scale = 1 / Math.sqrt(left[column]);
  for (let k = 0; k < width; k++) {
    const along = rows[start + k] * scale;
    rows[start + k] = along;
    left[k] -= along * along;
  }
  basis.sources[rank] = column;
  basis.place[column] = rank;
  basis.rank++;
}

/** Takes a unit out of the sources; it must be one. O((rank - place) x width). */
export function removeSource(basis: SpanBasis, column: number, work: Work): void {
  const { width, rows, left, sources, place } = basis;
  const last = --basis.rank;
  work.onStep?.();
  work.done += 4 * width * (last - place[column] + 1);
  for (let row = place[column]; row < last; row++) {
    const moved = sources[row + 1];
    const [upper, lower] = [row * width, (row + 1) * width];
    const length = Math.hypot(rows[upper + moved], rows[lower + moved]);
    const [c, s] = [rows[upper + moved] / length, rows[lower + moved] / length];
    for (let k = 0; k < width; k++) {
      const [p, q] = [rows[upper + k], rows[lower + k]];
      rows[upper + k] = c * p + s * q;
      rows[lower + k] = c * q - s * p;
    }
    sources[row] = moved;
    place[moved] = row;
  }
  place[column] = -1;
  for (let k = 0, at = last * width; k < width; k++, at++) left[k] += rows[at] * rows[at];
}

/**
 * What every column's squared distance would gain if a source were removed, without removing it:
 *
 *   gain[u] = (sum_k w_k rows[k, u])^2 / |w|^2,   w the solution of R' w = e_source
 *
 * with R the triangle of the sources' own columns: w is 0 before the source's row.
 *
 * @param gain [width] receives the answer between `from` and `to`; @param w [capacity] work memory.
 * O((rank - place) x (rank - place + to - from)).
 */
export function gainWithout(
  { width, rank, rows, sources, place }: SpanBasis,
  column: number,
  { gain, w, from, to }: { gain: Float64Array; w: Float64Array; from: number; to: number },
  work: Work,
): void {
  const first = place[column];
  work.onStep?.();
  work.done += (rank - first) * (rank - first + to - from);
  let square = 1;
  w[first] = 1;
  for (let row = first + 1; row < rank; row++) {
    const other = sources[row];
    let sum = 0;
    for (let k = first; k < row; k++) sum += w[k] * rows[k * width + other];
    w[row] = -sum / rows[row * width + other];
    square += w[row] * w[row];
  }
  gain.fill(0, from, to);
  for (let row = first; row < rank; row++) {
    const at = row * width;
    const times = w[row];
    for (let k = from; k < to; k++) gain[k] += times * rows[at + k];
  }
  for (let k = from; k < to; k++) gain[k] = (gain[k] * gain[k]) / square;
}
