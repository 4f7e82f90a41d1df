export interface ValueHistogram {
  /** Values in each bin, exact zeros left out. */
  counts: Int32Array;
  zeros: number;
  /** All values, zeros included. */
  total: number;
}

export interface SharedHistograms {
  low: number;
  high: number;
  histograms: ValueHistogram[];
}

/**
 * Histograms of several units over one range, from the least to the largest value of any of them, in `bins` of equal
 * width. Bin b holds low + b w <= value < low + (b + 1) w with w = (high - low) / bins; the last holds `high` too.
 * Exact zeros are counted apart. Values that are all equal are in the first bin. O(values).
 *
 * @param series finite values, of any number each; no values at all give the range 0 to 0
 */
export function sharedHistograms(series: readonly ArrayLike<number>[], bins: number): SharedHistograms {
  let [low, high] = [Infinity, -Infinity];
  for (const values of series) {
    for (let at = 0; at < values.length; at++) {
      if (values[at] < low) low = values[at];
      if (values[at] > high) high = values[at];
    }
  }
  if (!(low <= high)) [low, high] = [0, 0];
  const gain = high > low ? bins / (high - low) : 0;
  const histograms = series.map((values) => {
    const counts = new Int32Array(bins);
    let zeros = 0;
    for (let at = 0; at < values.length; at++) {
      const value = values[at];
      if (value === 0) zeros++;
      else counts[Math.min(bins - 1, Math.floor((value - low) * gain))]++;
    }
    return { counts, zeros, total: values.length };
  });
  return { low, high, histograms };
}
