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
 * Mutual information of two binned units from their joint counts (methods section 3), nats, natural logarithm; as
 * I = H_x + H_y - H_xy, each entropy ln N - sum n ln n / N over its counts, whose logarithms are looked up.
 *
 * I is 0 where a unit has one occupied bin. The raw value of independent units is about (K_x - 1)(K_y - 1) / (2 N)
 * above 0; the corrected one removes that in the mean (Miller 1955; Roulston 1999, doi:10.1016/S0167-2789(98)00269-3).
 * No counts at all give zeros. O(bins^2).
 *
 * @param counts whole numbers, [bins x bins] from `start` on, row-major
 */
export function mutualInformation(counts: ArrayLike<number>, bins: number, start = 0): MutualInformation {
  if (colSums.length < bins) colSums = new Float64Array(bins);
  const cols = colSums.fill(0);
  let [n, joint, cells] = [0, 0, 0];
  let [rowSum, rowCells] = [0, 0];
  for (let i = 0, at = start; i < bins; i++) {
    let row = 0;
    for (let j = 0; j < bins; j++, at++) {
      const count = counts[at];
      if (count === 0) continue;
      row += count;
      cols[j] += count;
      joint += timesLog(count);
      cells++;
    }
    if (row === 0) continue;
    n += row;
    rowSum += timesLog(row);
    rowCells++;
  }
  if (n === 0) return { raw: 0, corrected: 0, entropyX: 0, entropyY: 0 };
  let [colSum, colCells] = [0, 0];
  for (let j = 0; j < bins; j++) {
    if (cols[j] === 0) continue;
    colSum += timesLog(cols[j]);
    colCells++;
  }
  const log = Math.log(n);
  // Rounding alone can be below 0, or above where there is nothing to tell.
  const entropy = (sum: number, occupied: number) => (occupied === 1 ? 0 : Math.max(0, log - sum / n));
  const raw = rowCells === 1 || colCells === 1 ? 0 : Math.max(0, log - (rowSum + colSum - joint) / n);
  const bias = (cells - rowCells - colCells + 1) / (2 * n);
  return {
    raw,
    corrected: raw - bias,
    entropyX: entropy(rowSum, rowCells),
    entropyY: entropy(colSum, colCells),
  };
}

/** Taken once: a new one for every pair of units would take longer than the sums. */
let colSums = new Float64Array(16);
/** n ln n for small n: half a megabyte, which stays in the processor's cache. */
const known = Float64Array.from({ length: 2 ** 16 }, (_, n) => (n === 0 ? 0 : n * Math.log(n)));

function timesLog(n: number): number {
  return n < known.length ? known[n] : n * Math.log(n);
}
