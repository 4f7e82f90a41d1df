export interface MutualInformation {
  /** I = sum p_ij ln(p_ij / (p_i p_j)), nats. */
  raw: number;
  /** Miller-Madow: I - (K_xy - K_x - K_y + 1) / (2 N), K = occupied cells. Can be below 0. */
  corrected: number;
  /** Entropies of the two units, nats. */
  entropyX: number;
  entropyY: number;
}

/**
 * Mutual information of two binned units from their joint counts (methods section 3), nats, natural logarithm.
 *
 * I is 0 where a unit has one occupied bin. The raw value of independent units is about (K_x - 1)(K_y - 1) / (2 N)
 * above 0; the corrected one removes that in the mean (Miller 1955; Roulston 1999, doi:10.1016/S0167-2789(98)00269-3).
 * No counts at all give zeros. O(bins^2).
 *
 * @param counts [bins x bins] from `start` on, row-major
 */
export function mutualInformation(counts: ArrayLike<number>, bins: number, start = 0): MutualInformation {
  const rows = new Float64Array(bins);
  const cols = new Float64Array(bins);
  let n = 0;
  for (let i = 0, at = start; i < bins; i++) {
    for (let j = 0; j < bins; j++, at++) {
      rows[i] += counts[at];
      cols[j] += counts[at];
      n += counts[at];
    }
  }
  if (n === 0) return { raw: 0, corrected: 0, entropyX: 0, entropyY: 0 };
  let raw = 0;
  let occupied = 0;
  for (let i = 0, at = start; i < bins; i++) {
    for (let j = 0; j < bins; j++, at++) {
      const count = counts[at];
      if (count === 0) continue;
      occupied++;
      raw += (count / n) * Math.log((count / rows[i]) * (n / cols[j]));
    }
  }
  const cells = (margin: Float64Array) => margin.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  const bias = (occupied - cells(rows) - cells(cols) + 1) / (2 * n);
  raw = Math.max(0, raw); // rounding alone can be below
  return { raw, corrected: raw - bias, entropyX: entropy(rows, n), entropyY: entropy(cols, n) };
}

function entropy(margin: Float64Array, n: number): number {
  let sum = 0;
  for (const count of margin) if (count > 0) sum -= (count / n) * Math.log(count / n);
  return Math.max(0, sum);
}
