import type { JointMoments } from '../moments/joint-moments.ts';

/** Cosines between the activation vectors of the units of two networks: A's units first, then B's. */
export interface UnitCosines {
  countA: number;
  countB: number;
  /** [countA + countB squared], symmetric, 1 on the diagonal; rows and columns of zero units are 0 */
  cosine: Float64Array;
  /** [countA + countB] 1 where the unit is 0 on every sample: it has no direction */
  zero: Uint8Array;
}

interface Range {
  start: number;
  count: number;
}

/** A second moment this small beside the largest is the rounding noise of a unit that never fires. */
const noiseShare = 1e-14;

/**
 * Uncentred cosines from the moments, as Wang et al. 2018 (arXiv 1810.11750) take activation vectors z: no mean is
 * subtracted, so a constant unit other than 0 is a vector like any other.
 *
 *   E[x y] = m2_xy / n + mean_x mean_y;  cosine = E[x y] / sqrt(E[x^2] E[y^2])
 *
 * @throws RangeError when there are no samples or a range lies outside the units. O((a + b)^2).
 */
export function uncentredCosines(moments: JointMoments, a: Range, b: Range): UnitCosines {
  const { units, n, mean, m2 } = moments;
  if (n === 0) throw new RangeError('Activation vectors need at least one sample; there is none.');
  for (const { start, count } of [a, b]) {
    if (start >= 0 && count >= 0 && start + count <= units) continue;
    throw new RangeError(`The range ${start}..${start + count} does not lie within ${units} units.`);
  }
  const joint = Int32Array.from({ length: a.count + b.count }, (_, k) =>
    k < a.count ? a.start + k : b.start + k - a.count,
  );
  const size = joint.length;
  const square = Float64Array.from(joint, (i) => Math.max(0, m2[i * units + i]) / n + mean[i] * mean[i]);
  const largest = square.reduce((most, x) => Math.max(most, x), 0);
  const zero = Uint8Array.from(square, (x) => (x > noiseShare * largest ? 0 : 1));
  const cosine = new Float64Array(size * size);
  for (let p = 0; p < size; p++) {
    if (zero[p] === 1) continue;
    for (let q = p; q < size; q++) {
      if (zero[q] === 1) continue;
      const [i, j] = [Math.min(joint[p], joint[q]), Math.max(joint[p], joint[q])];
      const product = m2[i * units + j] / n + mean[i] * mean[j];
      const value = p === q ? 1 : Math.min(1, Math.max(-1, product / Math.sqrt(square[p] * square[q])));
      cosine[p * size + q] = value;
      cosine[q * size + p] = value;
    }
  }
  return { countA: a.count, countB: b.count, cosine, zero };
}
