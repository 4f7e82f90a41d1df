import { AppError } from '../../errors.ts';
import type { UnitStatistics } from '../../domain/result.ts';

/**
 * Univariate moments of p units over n samples, float64, one entry per unit:
 * mean, m_r = sum_k (x_k - mean)^r for r = 2, 3, 4, sum |x|, number of exact zeros, min, max.
 */
export interface UnitMoments {
  units: number;
  n: number;
  mean: Float64Array;
  m2: Float64Array;
  m3: Float64Array;
  m4: Float64Array;
  sumAbs: Float64Array;
  zeros: Float64Array;
  min: Float64Array;
  max: Float64Array;
}

/**
 * Values per unit in the array of batch sums, in this order, for d = x - shift:
 * sum d, sum d^2, sum d^3, sum d^4, sum |x|, number of exact zeros of x, min x, max x.
 */
export const unitSumSlots = 8;

/** Empty moments of `units` units: no samples, min = +Infinity, max = -Infinity. */
export function createUnitMoments(units: number): UnitMoments {
  if (!Number.isInteger(units) || units < 0) {
    throw new RangeError(`The number of units, ${units}, is not a whole number.`);
  }
  return {
    units,
    n: 0,
    mean: new Float64Array(units),
    m2: new Float64Array(units),
    m3: new Float64Array(units),
    m4: new Float64Array(units),
    sumAbs: new Float64Array(units),
    zeros: new Float64Array(units),
    min: new Float64Array(units).fill(Infinity),
    max: new Float64Array(units).fill(-Infinity),
  };
}

/**
 * Adds the moments of other samples of the same units, in place. Exact up to float64 rounding for any order or
 * grouping of disjoint shards; an empty side is neutral. O(p).
 *
 * Source: Pébay 2008, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order
 * statistical moments", Sandia SAND2008-6212 (doi:10.2172/1028931), eq. 2.1 with p = 2, 3, 4.
 *
 * @throws RangeError when the numbers of units differ.
 */
export function mergeUnitMoments(into: UnitMoments, other: UnitMoments): void {
  if (other.units !== into.units) {
    throw new RangeError(`Cannot merge moments of ${other.units} units into moments of ${into.units}.`);
  }
  if (other.n === 0) return;
  for (let u = 0; u < into.units; u++) {
    mergeCentred(into, u, other.n, other.mean[u], other.m2[u], other.m3[u], other.m4[u]);
    into.sumAbs[u] += other.sumAbs[u];
    into.zeros[u] += other.zeros[u];
    into.min[u] = Math.min(into.min[u], other.min[u]);
    into.max[u] = Math.max(into.max[u], other.max[u]);
  }
  into.n += other.n;
}

/**
 * Adds one batch given as plain sums of shifted data d = x - shift, in place: the sums are turned into central
 * moments about the batch mean (binomial expansion) and merged by Pébay's formulas. Choose a shift within a few
 * deviations of the mean; far from it the fourth moment cancels first. O(p).
 *
 * @param n samples of every unit in the batch (0 leaves everything as it is)
 * @param shift [p]
 * @param sums [p x unitSumSlots], see `unitSumSlots`
 * @throws RangeError when a length does not fit; AppError `bad-data` when a sum is not finite (the data held NaN or
 *   an infinity, or overflowed). The accumulator is then unchanged.
 */
export function mergeUnitSums(
  into: UnitMoments,
  n: number,
  shift: Float32Array | Float64Array,
  sums: Float64Array,
): void {
  if (shift.length !== into.units || sums.length !== into.units * unitSumSlots) {
    throw new RangeError(
      `A batch of ${into.units} units needs ${into.units} shifts and ${into.units * unitSumSlots} sums; ` +
        `got ${shift.length} and ${sums.length}.`,
    );
  }
  if (n === 0) return;
  for (let u = 0; u < into.units; u++) requireFiniteSums(sums, u);
  for (let u = 0; u < into.units; u++) {
    const at = u * unitSumSlots;
    const d1 = sums[at] / n;
    const [s2, s3, s4] = [sums[at + 1], sums[at + 2], sums[at + 3]];
    const m2 = Math.max(0, s2 - n * d1 * d1);
    const m3 = s3 - 3 * d1 * s2 + 2 * n * d1 ** 3;
    const m4 = Math.max(0, s4 - 4 * d1 * s3 + 6 * d1 * d1 * s2 - 3 * n * d1 ** 4);
    mergeCentred(into, u, n, shift[u] + d1, m2, m3, m4);
    into.sumAbs[u] += sums[at + 4];
    into.zeros[u] += sums[at + 5];
    into.min[u] = Math.min(into.min[u], sums[at + 6]);
    into.max[u] = Math.max(into.max[u], sums[at + 7]);
  }
  into.n += n;
}

/**
 * Adds raw activations [images, units, positions] (row-major; positions = 1 for [samples, units]), in place. Each
 * value is widened to float64. The shift is the running mean, or for the first batch the mean of the unit's first
 * image, so a constant unit gives exactly zero moments. This is the portable path and the reference for the engine's
 * vectorised one. O(values).
 *
 * @throws RangeError when the length does not fit; AppError `bad-data` for values that are not finite.
 */
export function addUnitValues(
  into: UnitMoments,
  values: Float32Array | Float64Array,
  images: number,
  positions: number,
): void {
  const { units } = into;
  if (values.length !== images * units * positions) {
    throw new RangeError(
      `${images} images of ${units} units at ${positions} positions are ${images * units * positions} values; ` +
        `got ${values.length}.`,
    );
  }
  if (images * positions === 0) return;
  const shift = into.n > 0 ? into.mean : firstImageMeans(values, units, positions);
  const sums = new Float64Array(units * unitSumSlots);
  for (let u = 0; u < units; u++) sums.set([0, 0, 0, 0, 0, 0, Infinity, -Infinity], u * unitSumSlots);
  for (let image = 0; image < images; image++) {
    for (let u = 0; u < units; u++) {
      addRun(values, (image * units + u) * positions, positions, shift[u], sums, u * unitSumSlots);
    }
  }
  mergeUnitSums(into, images * positions, shift, sums);
}

/**
 * The statistics of methods section 1 (population formulas):
 *
 *   std = sqrt(m2 / n);  kurtosis = (m4 / n) / (m2 / n)^2  (3 for a normal variable, not the excess)
 *   fractionZero = zeros / n
 *   lifetimeSparseness = (1 - E[|x|]^2 / E[x^2]) / (1 - 1/n), Vinje & Gallant 2000, doi:10.1126/science.287.5456.1273
 *
 * A unit is dead when it is constant, judged exactly by min = max: a constant unit's computed deviation may be
 * rounding noise rather than 0, while min and max are exact copies of values. (A deviation that underflows to 0 is
 * dead too.) Nothing is ever NaN: a dead unit has std 0 and kurtosis 0; sparseness is 0 for a unit that is always 0
 * and for a single sample, and is kept in [0, 1] against rounding.
 *
 * @throws RangeError when there are no samples. O(p).
 */
export function finishUnitStatistics(moments: UnitMoments): UnitStatistics {
  const { units, n, mean, m2, m4, sumAbs, zeros } = moments;
  if (n === 0) throw new RangeError('Unit statistics need at least one sample; there is none.');
  const result: UnitStatistics = {
    mean: mean.slice(),
    std: new Float64Array(units),
    min: moments.min.slice(),
    max: moments.max.slice(),
    fractionZero: zeros.map((count) => count / n),
    lifetimeSparseness: new Float64Array(units),
    kurtosis: new Float64Array(units),
    dead: new Uint8Array(units),
  };
  for (let u = 0; u < units; u++) {
    const variance = m2[u] / n;
    if (moments.min[u] === moments.max[u] || !(variance > 0)) {
      result.dead[u] = 1;
      result.mean[u] = moments.min[u] === moments.max[u] ? moments.min[u] : mean[u];
      continue; // |x| is constant: no selectivity, E[|x|]^2 = E[x^2]
    }
    result.std[u] = Math.sqrt(variance);
    const scaled = m4[u] / n / variance / variance;
    result.kurtosis[u] = Number.isFinite(scaled) ? scaled : 0;
    const square = variance + mean[u] * mean[u];
    const selective = 1 - (sumAbs[u] / n / square) * (sumAbs[u] / n);
    result.lifetimeSparseness[u] = Math.min(1, Math.max(0, selective / (1 - 1 / n)));
  }
  return result;
}

function mergeCentred(
  a: UnitMoments,
  u: number,
  nb: number,
  meanB: number,
  m2b: number,
  m3b: number,
  m4b: number,
): void {
  const na = a.n;
  const n = na + nb;
  const delta = na === 0 ? meanB : meanB - a.mean[u];
  const [m2a, m3a] = [a.m2[u], a.m3[u]];
  const d = delta / n;
  const cross = delta * d * na * nb;
  a.m4[u] +=
    m4b +
    cross * d * d * (na * na - na * nb + nb * nb) +
    6 * d * d * (na * na * m2b + nb * nb * m2a) +
    4 * d * (na * m3b - nb * m3a);
  a.m3[u] += m3b + cross * d * (na - nb) + 3 * d * (na * m2b - nb * m2a);
  a.m2[u] += m2b + cross;
  a.mean[u] = na === 0 ? meanB : a.mean[u] + d * nb;
}

function firstImageMeans(
  values: Float32Array | Float64Array,
  units: number,
  positions: number,
): Float64Array {
  const means = new Float64Array(units);
  for (let u = 0; u < units; u++) {
    const start = u * positions;
    let excess = 0; // over the first value, so that equal values give their mean exactly
    for (let k = 0; k < positions; k++) excess += values[start + k] - values[start];
    means[u] = values[start] + excess / positions;
  }
  return means;
}

function addRun(
  values: Float32Array | Float64Array,
  start: number,
  count: number,
  shift: number,
  sums: Float64Array,
  at: number,
): void {
  let [s1, s2, s3, s4, abs, zeros] = [0, 0, 0, 0, 0, 0];
  let [low, high] = [sums[at + 6], sums[at + 7]];
  for (let k = start; k < start + count; k++) {
    const x = values[k];
    const d = x - shift;
    const square = d * d;
    s1 += d;
    s2 += square;
    s3 += square * d;
    s4 += square * square;
    abs += Math.abs(x);
    if (x === 0) zeros++;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  sums[at] += s1;
  sums[at + 1] += s2;
  sums[at + 2] += s3;
  sums[at + 3] += s4;
  sums[at + 4] += abs;
  sums[at + 5] += zeros;
  sums[at + 6] = low;
  sums[at + 7] = high;
}

function requireFiniteSums(sums: Float64Array, unit: number): void {
  for (let slot = 0; slot < unitSumSlots; slot++) {
    if (Number.isFinite(sums[unit * unitSumSlots + slot])) continue;
    throw new AppError(
      'bad-data',
      `Unit ${unit} has an activation that is not a finite number (or too large to square twice). ` +
        'Check the model and the preprocessing of the images; such values cannot be compared.',
      { unit },
    );
  }
}
