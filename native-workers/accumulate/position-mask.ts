/** Masks of positions: uint8, 1 = a sample, 0 = padding. */

/** Positions that are samples. */
export function countOf(mask: Uint8Array): number {
  let count = 0;
  for (const counts of mask) count += counts;
  return count;
}

/** Positions that are samples in both. */
export function overlapOf(one: Uint8Array, other: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < one.length; at++) count += one[at] & other[at];
  return count;
}

/**
 * Mean of one unit over the samples of a batch.
 *
 * @param values [images x units x positions]
 * @param mask [images x positions]; null: all are samples
 */
export function unitMean(
  values: Float32Array,
  unit: number,
  units: number,
  positions: number,
  images: number,
  mask: Uint8Array | null,
): number {
  let sum = 0;
  for (let image = 0; image < images; image++) {
    const start = (image * units + unit) * positions;
    for (let at = 0; at < positions; at++)
      if (!mask || mask[image * positions + at] !== 0) sum += values[start + at];
  }
  return sum / (mask ? countOf(mask) : images * positions);
}
