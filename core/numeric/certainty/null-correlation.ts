import type { JointMoments } from '../moments/joint-moments.ts';
import type { UnitSpan } from './block-correlation.ts';

/**
 * Correlations of two networks when the images of one are shuffled against the other's:
 *
 *   r_ij = (shuffled m2_ij / n_shuffled) / sqrt(m2_ii m2_jj / n^2)
 *
 * Shuffling whole images leaves means and deviations as they are, so those of the unshuffled moments are used and of
 * the shuffled ones only entries between the two ranges are read (upper triangle). Dead units have 0. Clamped to
 * [-1, 1].
 *
 * @param dead [units]; @param onRow called before every row; it may throw to cancel
 * @throws RangeError when one has no samples or the units differ. O(rows x cols).
 */
export function nullCorrelation(
  moments: JointMoments,
  shuffled: JointMoments,
  rows: UnitSpan,
  cols: UnitSpan,
  dead: Uint8Array,
  onRow: () => void = () => {},
): Float64Array {
  const { units, m2 } = moments;
  if (shuffled.units !== units || dead.length !== units)
    throw new RangeError('The shuffled moments differ in units.');
  if (moments.n === 0 || shuffled.n === 0) throw new RangeError('A null needs samples; there are none.');
  const inverse = Float64Array.from(dead, (flag, i) => {
    const square = m2[i * units + i] / moments.n;
    return flag === 0 && square > 0 ? 1 / Math.sqrt(square) : 0;
  });
  const result = new Float64Array(rows.count * cols.count);
  for (let i = rows.start, at = 0; i < rows.start + rows.count; i++) {
    onRow();
    for (let j = cols.start; j < cols.start + cols.count; j++, at++) {
      const cross = shuffled.m2[i < j ? i * units + j : j * units + i] / shuffled.n;
      const isLive = inverse[i] !== 0 && inverse[j] !== 0;
      result[at] = !isLive ? 0 : Math.min(1, Math.max(-1, cross * inverse[i] * inverse[j]));
    }
  }
  return result;
}
