/**
 * Adjusted p-values (q-values) of a family of tests: reject those with q <= level.
 *
 *   independent or positively dependent:  q_(k) = min over j >= k of p_(j) m / j
 *   any dependence:                       the same times 1 + 1/2 + ... + 1/m
 *
 * Sources: Benjamini & Hochberg 1995 (doi:10.1111/j.2517-6161.1995.tb02031.x); Benjamini & Yekutieli 2001
 * (doi:10.1214/aos/1013699998, theorem 1.3). The expected share of false ones among those rejected stays at or below
 * the level. Ties in p get the same q. No tests give no q-values.
 *
 * @param p each in [0, 1], in any order
 * @returns q in the order of `p`, at most 1
 * @throws RangeError for a p outside [0, 1]. O(m log m).
 */
export function adjustForFalseDiscovery(p: Float64Array, dependence: 'positive' | 'any'): Float64Array {
  const count = p.length;
  for (const value of p) if (!(value >= 0 && value <= 1)) throw new RangeError(`${value} is no p-value.`);
  const sorted = p.slice().sort();
  const factor = dependence === 'any' ? harmonic(count) : 1;
  const adjusted = new Float64Array(count);
  let least = 1;
  for (let k = count - 1; k >= 0; k--) {
    least = Math.min(least, sorted[k] * ((count * factor) / (k + 1)));
    adjusted[k] = least;
  }
  return p.map((value) => adjusted[lastAtMost(sorted, value)]);
}

function harmonic(count: number): number {
  let sum = 0;
  for (let k = count; k >= 1; k--) sum += 1 / k;
  return sum;
}

/** Index of the last sorted value that is at most `value`. */
function lastAtMost(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
