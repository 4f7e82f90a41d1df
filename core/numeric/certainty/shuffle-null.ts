import { shrinkVariance, variancePrior } from './moderated-variance.ts';
import { studentTail } from './tail-probability.ts';

const pairsPerProgress = 4096;

/** Null correlations of every pair, from shuffles of the images. */
export interface ShuffleNull {
  shuffles: number;
  /** [pairs] mean over the shuffles; not 0 where both units follow the position in the image */
  mean: Float64Array;
  /** [pairs] deviation over the shuffles, shrunk toward the common one; 0 only for pairs that do not vary at all */
  std: Float64Array;
  /** Degrees of freedom of the shrunk deviation. */
  degrees: number;
  /** Mean over the tested pairs of the shrunk null variance. */
  meanVariance: number;
}

/**
 * Mean and moderated deviation of each pair's correlation over shuffles of the images.
 *
 *   s_k^2 = sum over shuffles (r_k - mean_k)^2 / (S - 1), then shrunk: see `variancePrior`
 *
 * A handful of shuffles gives a poor variance per pair; what all pairs have in common makes it a good one.
 *
 * @param correlations one array [pairs] per shuffle, at least 3
 * @param tested [pairs] 1 where both units are live; others get 0
 * @param onProgress called once per shuffle and every few thousand pairs; it may throw to cancel
 * @throws RangeError for fewer than 3 shuffles or lengths that differ. O(shuffles x pairs).
 */
export function shuffleNull(
  correlations: readonly Float64Array[],
  tested: Uint8Array,
  onProgress: () => void = () => {},
): ShuffleNull {
  const shuffles = correlations.length;
  if (shuffles < 3) throw new RangeError(`A null needs at least 3 shuffles; there are ${shuffles}.`);
  if (correlations.some((r) => r.length !== tested.length))
    throw new RangeError('The shuffles differ in length.');
  const mean = new Float64Array(tested.length);
  const variance = new Float64Array(tested.length);
  for (const r of correlations)
    for (let k = 0; k < mean.length; k++) mean[k] += tested[k] * (r[k] / shuffles);
  for (const r of correlations) {
    onProgress();
    for (let k = 0; k < mean.length; k++) variance[k] += (tested[k] * (r[k] - mean[k]) ** 2) / (shuffles - 1);
  }
  const prior = variancePrior(variance, shuffles - 1, onProgress);
  const std = new Float64Array(tested.length);
  let [sum, count] = [0, 0];
  for (let k = 0; k < std.length; k++) {
    if (k % pairsPerProgress === 0) onProgress();
    if (tested[k] === 0) continue;
    const shrunk = prior === null ? 0 : shrinkVariance(variance[k], shuffles - 1, prior);
    std[k] = Math.sqrt(shrunk);
    sum += shrunk;
    count++;
  }
  const degrees = prior === null ? shuffles - 1 : prior.degrees + shuffles - 1;
  return { shuffles, mean, std, degrees, meanVariance: count === 0 ? 0 : sum / count };
}

/**
 * One-sided p-value of every pair: how likely shuffled images correlate at least as much.
 *
 *   t_k = (r_k - mean_k) / (s_k sqrt(1 + 1 / S)),  p_k = P(T >= t_k), T Student with d0 + S - 1 degrees of freedom
 *
 * 1 / S is the uncertainty of the null's own mean. Pairs that are not tested have p = 1; a tested pair whose null does
 * not vary has p = 1 unless r exceeds its mean, then 0. O(pairs).
 *
 * @param onProgress called every few thousand pairs; it may throw to cancel
 * @throws RangeError where lengths differ.
 */
export function nullPValues(
  r: Float64Array,
  tested: Uint8Array,
  shuffled: ShuffleNull,
  onProgress: () => void = () => {},
): Float64Array {
  if (r.length !== tested.length || r.length !== shuffled.std.length) {
    throw new RangeError('The correlations and the null differ in length.');
  }
  const tail = studentTail(shuffled.degrees);
  const widen = Math.sqrt(1 + 1 / shuffled.shuffles);
  return r.map((value, k) => {
    if (k % pairsPerProgress === 0) onProgress();
    if (tested[k] === 0) return 1;
    const above = value - shuffled.mean[k];
    if (shuffled.std[k] === 0) return above > 0 ? 0 : 1;
    return tail(above / (shuffled.std[k] * widen));
  });
}
