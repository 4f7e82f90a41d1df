import { orderStatistics } from './order-statistics.ts';

/**
 * Values below 1e-6 count as zero (methods section 3). This is the largest float64 below 1e-6: with it as an edge,
 * "edges strictly below the value" is one rule for all.
 */
const zeroEdge = 1e-6 - 2 ** -72;
/** Bits of the least float32 that is not below 1e-6, and of infinity. */
const leastNonZero = 0x358637be;
const infinity = 0x7f800000;

/**
 * Edges of the bins of one unit (methods section 3). The bin of a value is the number of edges strictly below it.
 *
 * A unit without negative values gets a bin for zeros (below 1e-6) and `bins - 1` equal-frequency bins of the rest:
 * its edges are 1e-6 and the percentiles 100 k / (bins - 1), k = 1 .. bins - 2, of the values >= 1e-6. A signed unit
 * gets `bins` equal-frequency bins: the percentiles 100 k / bins, k = 1 .. bins - 1, of all values. Percentiles
 * interpolate linearly between order statistics, as numpy.percentile does.
 *
 * Equal edges leave bins empty: a constant, all-zero or two-valued unit uses the bins it has and never fails.
 * O(n): see order-statistics.ts.
 *
 * @param values a unit's values, any order, finite
 * @returns [bins - 1] ascending; only the edge of zeros where no value is larger
 * @throws RangeError for fewer than 2 bins, or a value that is not finite
 */
export function binEdges(values: Float32Array, bins: number): Float64Array {
  if (!Number.isInteger(bins) || bins < 2)
    throw new RangeError(`The number of bins, ${bins}, is not a whole number from 2.`);
  const { negative, zeros } = countSigns(values);
  if (negative > 0) return percentiles(values, 0, bins);
  return Float64Array.of(zeroEdge, ...percentiles(values, zeros, bins - 1));
}

/**
 * How many values are below 0, and, where none is, how many are below 1e-6. Without branches, which would depend on
 * the values: a difference's sign bit is 1 where the comparison holds.
 */
function countSigns(values: Float32Array): { negative: number; zeros: number } {
  const list = new Int32Array(values.buffer, values.byteOffset, values.length);
  let [negative, zeros, finite] = [0, 0, 0];
  for (let at = 0; at < list.length; at++) {
    const bits = list[at];
    const order = bits ^ ((bits >> 31) & 0x7fffffff); // -0 is -1
    negative += (order + 1) >>> 31;
    zeros += (order - leastNonZero) >>> 31;
    finite += ((bits & 0x7fffffff) - infinity) >>> 31;
  }
  if (finite === list.length) return { negative, zeros };
  const at = values.findIndex((value) => !Number.isFinite(value));
  throw new RangeError(`Value ${at} of the unit is not a finite number.`);
}

/** The percentiles 100 k / parts, k = 1 .. parts - 1, of all but the `below` least values; none where there are none. */
function percentiles(values: Float32Array, below: number, parts: number): Float64Array {
  const n = values.length - below;
  if (n === 0) return new Float64Array(0);
  // As numpy does it: the quantile is (100 k / parts) / 100, the place is (n - 1) times it.
  const places = Array.from({ length: parts - 1 }, (_, k) => {
    const place = (n - 1) * ((100 * (k + 1)) / parts / 100);
    const low = Math.floor(place);
    return { low: below + low, high: below + Math.min(n - 1, low + 1), share: place - low };
  });
  const statistics = orderStatistics(
    values,
    places.flatMap(({ low, high }) => [low, high]),
  );
  const statistic = (rank: number) => statistics.get(rank) ?? Number.NaN;
  return Float64Array.from(places, ({ low, high, share }) =>
    interpolate(statistic(low), statistic(high), share),
  );
}

/** numpy's `_lerp`: from the nearer end, so that it is exact at both. */
function interpolate(low: number, high: number, share: number): number {
  const difference = high - low;
  return share >= 0.5 ? high - difference * (1 - share) : low + difference * share;
}
