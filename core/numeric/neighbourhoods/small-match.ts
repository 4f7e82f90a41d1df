import type { SetPair } from './maximum-match.ts';
import type { UnitCosines } from './uncentred-cosines.ts';

/** A source with less than this of its squared length outside the span of those before it adds no direction. */
const rankTolerance = 1e-10;

/** Counts multiplications, so that a search can stop at the same point on every machine. */
export interface Work {
  done: number;
  limit: number;
  /** Called once per factorisation; it may throw to cancel. */
  onStep?: () => void;
}

/**
 * Distances of unit vectors from the span of a small set: pivoted Cholesky of the sources' cosines, each target carried
 * along. The same quantity as `spanResiduals`, without a library call, for the many small sets of the simple matches.
 *
 * @returns [targets] in [0, 1]; 1 without sources. O(s^2 (s + t)).
 */
export function smallSpanResiduals(
  { cosine, zero }: UnitCosines,
  targets: Int32Array,
  sources: Int32Array,
  work: Work,
): Float64Array {
  const size = zero.length;
  const [s, order] = [sources.length, Int32Array.from([...sources, ...targets])];
  const left = new Float64Array(order.length).fill(1);
  const factors: Float64Array[] = [];
  const used = new Uint8Array(s);
  work.onStep?.();
  for (let step = 0; step < s; step++) {
    let pivot = -1;
    for (let k = 0; k < s; k++) if (used[k] === 0 && (pivot < 0 || left[k] > left[pivot])) pivot = k;
    if (left[pivot] <= rankTolerance) break;
    used[pivot] = 1;
    const row = sources[pivot] * size;
    const factor = Float64Array.from(order, (unit) => cosine[row + unit]);
    for (const earlier of factors) subtractMultiple(factor, earlier[pivot], earlier);
    const scale = 1 / Math.sqrt(left[pivot]);
    for (let k = 0; k < factor.length; k++) {
      factor[k] *= scale;
      left[k] -= factor[k] * factor[k];
    }
    work.done += order.length * (factors.length + 4);
    factors.push(factor);
  }
  return left.subarray(s).map((square) => Math.sqrt(Math.max(0, square)));
}

function subtractMultiple(from: Float64Array, times: number, vector: Float64Array): void {
  for (let k = 0; k < from.length; k++) from[k] -= times * vector[k];
}

/** The maximum match within small sets; null as soon as it cannot hold unit `keep`. As `maximumMatch` otherwise. */
export function maximumMatchHolding(
  cosines: UnitCosines,
  within: SetPair,
  keep: number,
  epsilon: number,
  work: Work,
): SetPair | null {
  let { x, y } = within;
  for (;;) {
    const ofX = smallSpanResiduals(cosines, x, y, work);
    const keptX = x.filter((_, k) => ofX[k] <= epsilon);
    const ofY = smallSpanResiduals(cosines, y, keptX, work);
    const keptY = y.filter((_, k) => ofY[k] <= epsilon);
    const isSettled = keptX.length === x.length && keptY.length === y.length;
    x = keptX;
    y = keptY;
    if (!x.includes(keep) && !y.includes(keep)) return null;
    if (isSettled) return { x, y };
  }
}
