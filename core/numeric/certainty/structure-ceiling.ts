/** Correlations within A and within B of the matched live units, in one half of the images. */
export interface HalfStructure {
  /** [units x units] of A's matched units */
  a: Float64Array;
  /** [units x units] of their partners in B, in the same order */
  b: Float64Array;
}

export interface StructureCeiling {
  /** Correlation between A's and B's within-network correlations, from different halves. */
  score: number;
  /** What the score can reach, given how well each network's own structure repeats. */
  ceiling: number;
}

/**
 * How alike the two networks' correlation structures are, and the split-half noise ceiling of that likeness. With
 * v(C) the entries above the diagonal and the partners in the same order:
 *
 *   score   = (corr(v(C_A,1), v(C_B,2)) + corr(v(C_A,2), v(C_B,1))) / 2
 *   ceiling = sqrt(corr(v(C_A,1), v(C_A,2)) corr(v(C_B,1), v(C_B,2)))
 *
 * Halves of different images have independent sampling noise, so noise lowers the score and both reliabilities alike
 * and the true likeness is at most 1: E[score] <= ceiling (Spearman 1904, doi:10.2307/1412159; no Spearman-Brown step,
 * both sides are of half length). It bounds this second-order score, not the matched correlations themselves: two
 * identical units correlate 1 on any images. A reliability below 0 counts 0.
 *
 * @param onRow called before every row is read; it may throw to cancel
 * @returns null with fewer than 3 units, or where the correlations of a structure do not vary
 * @throws RangeError where sizes differ. O(units^2).
 */
export function structureCeiling(
  first: HalfStructure,
  second: HalfStructure,
  units: number,
  onRow: () => void = () => {},
): StructureCeiling | null {
  const all = [first.a, second.a, first.b, second.b];
  if (all.some((structure) => structure.length !== units * units)) {
    throw new RangeError(`The structures are not of ${units} units.`);
  }
  if (units < 3) return null;
  const [a1, a2, b1, b2] = all.map((structure) => standardisedUpper(structure, units, onRow));
  if (!a1 || !a2 || !b1 || !b2) return null;
  const reliability = Math.max(0, dot(a1, a2)) * Math.max(0, dot(b1, b2));
  return { score: (dot(a1, b2) + dot(a2, b1)) / 2, ceiling: Math.sqrt(reliability) };
}

/** Entries above the diagonal, centred and of norm 1; null where they are all alike. */
function standardisedUpper(matrix: Float64Array, units: number, onRow: () => void): Float64Array | null {
  const upper = new Float64Array((units * (units - 1)) / 2);
  let sum = 0;
  for (let i = 0, at = 0; i < units; i++) {
    onRow();
    for (let j = i + 1; j < units; j++, at++) sum += upper[at] = matrix[i * units + j];
  }
  const mean = sum / upper.length;
  let square = 0;
  for (let at = 0; at < upper.length; at++) square += (upper[at] -= mean) ** 2;
  if (square <= 1e-24 * upper.length) return null;
  const scale = 1 / Math.sqrt(square);
  return upper.map((value) => value * scale);
}

function dot(u: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < u.length; at++) sum += u[at] * v[at];
  return Math.min(1, Math.max(-1, sum));
}
