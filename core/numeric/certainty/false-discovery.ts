export interface FalseDiscovery {
  /** q-value of a p-value of the family (Benjamini-Hochberg): valid for independent or positively dependent tests. */
  q: (p: number) => number;
  /** Tests of the family with q <= level, and with Benjamini-Yekutieli's q <= level, valid for any dependence. */
  rejected: (level: number) => { positive: number; any: number };
}

/**
 * Adjusted p-values (q-values) of a family of m tests: reject those with q <= level, and the expected share of false
 * ones among those rejected stays at or below the level.
 *
 *   q_(k) = min over j >= k of p_(j) m / j, at most 1;  for any dependence 1 + 1/2 + ... + 1/m times as much
 *
 * Sources: Benjamini & Hochberg 1995 (doi:10.1111/j.2517-6161.1995.tb02031.x); Benjamini & Yekutieli 2001
 * (doi:10.1214/aos/1013699998, theorem 1.3). Ties in p get the same q. A p-value above 0 and below the family's least
 * one has q 0 and means nothing: ask only for members. An empty family rejects nothing.
 *
 * @param p each in [0, 1], in any order
 * @param onProgress called between the steps, sorting is one; it may throw to cancel
 * @throws RangeError for a p outside [0, 1]. O(m log m), then O(log m) per question.
 */
export function falseDiscovery(p: Float64Array, onProgress: () => void = () => {}): FalseDiscovery {
  for (const value of p) if (!(value >= 0 && value <= 1)) throw new RangeError(`${value} is no p-value.`);
  onProgress();
  const count = p.length;
  const sorted = p.slice().sort();
  const adjusted = new Float64Array(count);
  let [least, harmonic] = [1, 0];
  onProgress();
  for (let k = count - 1; k >= 0; k--) {
    if (k % 65536 === 0) onProgress();
    least = Math.min(least, sorted[k] * (count / (k + 1)));
    adjusted[k] = least;
    harmonic += 1 / (k + 1);
  }
  return {
    q: (value) => {
      const rank = countAtMost(sorted, value);
      return rank === 0 ? 0 : adjusted[rank - 1];
    },
    rejected: (level) => ({
      positive: countAtMost(adjusted, level),
      any: level >= 1 || count === 0 ? count : countAtMost(adjusted, level / harmonic),
    }),
  };
}

/** How many of the ascending values are at most `value`. */
function countAtMost(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
