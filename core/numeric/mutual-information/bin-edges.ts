/** Values below this count as zero (methods section 3). */
const zeroBelow = 1e-6;
/** The largest float64 below `zeroBelow`: with it as an edge, "edges strictly below the value" is one rule for all. */
const zeroEdge = 1e-6 - 2 ** -72;

const keyShift = 16;
const keyCount = 1 << (32 - keyShift);

/**
 * Edges of the bins of one unit (methods section 3). The bin of a value is the number of edges strictly below it.
 *
 * A unit without negative values gets a bin for zeros (below 1e-6) and `bins - 1` equal-frequency bins of the rest:
 * its edges are 1e-6 and the percentiles 100 k / (bins - 1), k = 1 .. bins - 2, of the values >= 1e-6. A signed unit
 * gets `bins` equal-frequency bins: the percentiles 100 k / bins, k = 1 .. bins - 1, of all values. Percentiles
 * interpolate linearly between order statistics, as numpy.percentile does.
 *
 * Equal edges leave bins empty: a constant, all-zero or two-valued unit uses the bins it has and never fails.
 * O(n) by one counting pass over the leading 16 bits and a sort of the few values that share them with an edge.
 *
 * @param values a unit's values, any order, finite
 * @returns [bins - 1] ascending; only the edge of zeros where no value is larger
 * @throws RangeError for fewer than 2 bins, or a value that is not finite
 */
export function binEdges(values: Float32Array, bins: number): Float64Array {
  if (!Number.isInteger(bins) || bins < 2)
    throw new RangeError(`The number of bins, ${bins}, is not a whole number from 2.`);
  const isSigned = hasNegative(values);
  if (isSigned) return percentiles(values, -Infinity, bins);
  const upper = percentiles(values, zeroBelow, bins - 1);
  return Float64Array.of(zeroEdge, ...upper);
}

function hasNegative(values: Float32Array): boolean {
  for (let at = 0; at < values.length; at++) {
    if (!Number.isFinite(values[at])) throw new RangeError(`Value ${at} of the unit is not a finite number.`);
  }
  for (let at = 0; at < values.length; at++) if (values[at] < 0) return true;
  return false;
}

/** The percentiles 100 k / parts, k = 1 .. parts - 1, of the values from `from` on; none where there are none. */
function percentiles(values: Float32Array, from: number, parts: number): Float64Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const counts = new Uint32Array(keyCount);
  let n = 0;
  for (let at = 0; at < values.length; at++) {
    if (!(values[at] >= from)) continue;
    counts[ordered(bits[at]) >>> keyShift]++;
    n++;
  }
  if (n === 0) return new Float64Array(0);
  // As numpy does it: the quantile is (100 k / parts) / 100, the place is (n - 1) times it.
  const places = Array.from({ length: parts - 1 }, (_, k) => (n - 1) * ((100 * (k + 1)) / parts / 100));
  const ranks = places.flatMap((place) => [Math.floor(place), Math.min(n - 1, Math.floor(place) + 1)]);
  const statistic = orderStatistics(values, bits, from, counts, ranks);
  return Float64Array.from(places, (place) => {
    const low = statistic(Math.floor(place));
    const high = statistic(Math.min(n - 1, Math.floor(place) + 1));
    return interpolate(low, high, place - Math.floor(place));
  });
}

/** numpy's `_lerp`: from the nearer end, so that it is exact at both. */
function interpolate(low: number, high: number, share: number): number {
  const difference = high - low;
  return share >= 0.5 ? high - difference * (1 - share) : low + difference * share;
}

/** Float32 bits as whole numbers in the order of the values. */
function ordered(bits: number): number {
  return (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
}

/** Values of the given ranks: only those whose leading bits hold a rank are sorted. */
function orderStatistics(
  values: Float32Array,
  bits: Uint32Array,
  from: number,
  counts: Uint32Array,
  ranks: number[],
): (rank: number) => number {
  const groups = new Map<number, { first: number; values: Float32Array; filled: number }>();
  const wanted = [...new Set(ranks)].sort((x, y) => x - y);
  const groupOf = new Map<number, number>();
  for (let key = 0, first = 0, next = 0; key < keyCount && next < wanted.length; key++) {
    const end = first + counts[key];
    for (; next < wanted.length && wanted[next] < end; next++) {
      groupOf.set(wanted[next], key);
      if (!groups.has(key)) groups.set(key, { first, values: new Float32Array(counts[key]), filled: 0 });
    }
    first = end;
  }
  const isWanted = new Uint8Array(keyCount);
  for (const key of groups.keys()) isWanted[key] = 1;
  for (let at = 0; at < values.length; at++) {
    const key = ordered(bits[at]) >>> keyShift;
    if (isWanted[key] === 0 || !(values[at] >= from)) continue;
    const group = groups.get(key);
    if (group) group.values[group.filled++] = values[at];
  }
  for (const group of groups.values()) group.values.sort();
  return (rank) => {
    const group = groups.get(groupOf.get(rank) ?? -1);
    return group ? group.values[rank - group.first] : Number.NaN;
  };
}
