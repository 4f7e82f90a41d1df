import { digamma, inverseTrigamma, trigamma } from './gamma-derivatives.ts';

export interface VariancePrior {
  /** What variances are shrunk toward. */
  variance: number;
  /** How many observations that is worth; Infinity where the variances differ no more than chance makes them. */
  degrees: number;
}

/**
 * The common scale of many sample variances and how far they scatter about it, from the mean and variance of their
 * logarithms (empirical Bayes, scaled inverse chi-squared prior):
 *
 *   e = ln s^2 - psi(d / 2) + ln(d / 2)
 *   psi'(d0 / 2) = max(0, var(e) - psi'(d / 2));   ln s0^2 = mean(e) + psi(d0 / 2) - ln(d0 / 2)
 *
 * With var(e) <= psi'(d / 2): d0 = Infinity and s0^2 the mean of the variances. Variances that are not above 0 are
 * left out. Source: Smyth 2004, doi:10.2202/1544-6115.1027, section 6.2.
 *
 * @param variances sample variances, each with `degrees` degrees of freedom
 * @param onProgress called every few thousand variances; it may throw to cancel
 * @returns null when no variance is above 0. O(length).
 * @throws RangeError unless degrees >= 1.
 */
export function variancePrior(
  variances: Float64Array,
  degrees: number,
  onProgress: () => void = () => {},
): VariancePrior | null {
  if (!(degrees >= 1)) throw new RangeError(`${degrees} degrees of freedom are too few for a variance.`);
  const shift = Math.log(degrees / 2) - digamma(degrees / 2);
  let [count, mean, scatter, plain] = [0, 0, 0, 0];
  for (let k = 0; k < variances.length; k++) {
    if (k % 4096 === 0) onProgress();
    const variance = variances[k];
    if (!(variance > 0)) continue;
    const e = Math.log(variance) + shift;
    count++;
    const step = e - mean;
    mean += step / count;
    scatter += step * (e - mean);
    plain += variance;
  }
  if (count === 0) return null;
  const excess = count > 1 ? scatter / (count - 1) - trigamma(degrees / 2) : 0;
  if (!(excess > 1e-8)) return { variance: plain / count, degrees: Infinity };
  const half = inverseTrigamma(excess);
  return { variance: Math.exp(mean + digamma(half) - Math.log(half)), degrees: 2 * half };
}

/** (d0 s0^2 + d s^2) / (d0 + d): the prior counts as d0 more observations (Smyth 2004, eq. 4). O(1). */
export function shrinkVariance(variance: number, degrees: number, prior: VariancePrior): number {
  if (prior.degrees === Infinity) return prior.variance;
  return (prior.degrees * prior.variance + degrees * variance) / (prior.degrees + degrees);
}
