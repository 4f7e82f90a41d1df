/**
 * Percentile interval of an estimate from its bootstrap values (Efron & Tibshirani 1993, chapter 13): the
 * (1 - level) / 2 and (1 + level) / 2 quantiles, linear between order statistics (Hyndman & Fan 1996, type 7).
 *
 * @param values in any order, finite, at least one; @param level in (0, 1)
 * @throws RangeError otherwise. O(n log n).
 */
export function percentileInterval(values: Float64Array, level: number): { low: number; high: number } {
  if (values.length === 0) throw new RangeError('An interval needs at least one bootstrap value.');
  if (!(level > 0 && level < 1)) throw new RangeError(`The level ${level} is not between 0 and 1.`);
  const sorted = values.slice().sort();
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
