import type { JointMoments } from '../moments/joint-moments.ts';

/**
 * Moments of disjoint blocks about one common centre, the mean of all blocks together. About a fixed centre the sums
 * of a resample are the weighted sums of its blocks, so nothing has to be merged:
 *
 *   d_b = mean_b - centre;  s_b = n_b d_b;  S_b = m2_b + n_b d_b d_b^T
 *   m2 of the resample = sum_b w_b S_b - (sum_b w_b s_b)(sum_b w_b s_b)^T / sum_b w_b n_b
 *
 * The centre is the data's mean, so the subtraction loses no digits that matter.
 */
export interface BlockMoments {
  blocks: readonly JointMoments[];
  units: number;
  /** [blocks x units] d_b */
  offset: Float64Array;
  /** [blocks x units] S_b,ii */
  square: Float64Array;
  /** [units] variance-like floor: second moments at or below it are rounding noise, the unit is constant there. */
  floor: Float64Array;
}

/** Below this share of the whole second moment, per drawn sample, a resample's own second moment is noise. */
const noiseShare = 1e-13;

/**
 * @param blocks at least one sample in all; empty blocks are allowed and weigh nothing
 * @throws RangeError when there is no sample or the numbers of units differ. O(blocks x units).
 */
export function prepareBlocks(blocks: readonly JointMoments[]): BlockMoments {
  const units = blocks[0]?.units ?? 0;
  const total = blocks.reduce((sum, block) => sum + block.n, 0);
  if (total === 0) throw new RangeError('Resampling needs at least one block with samples.');
  if (blocks.some((block) => block.units !== units))
    throw new RangeError('The blocks differ in their units.');
  const centre = new Float64Array(units);
  for (const { n, mean } of blocks) for (let i = 0; i < units; i++) centre[i] += (n / total) * mean[i];
  const offset = new Float64Array(blocks.length * units);
  const square = new Float64Array(blocks.length * units);
  const floor = new Float64Array(units);
  blocks.forEach(({ n, mean, m2 }, block) => {
    if (n === 0) return;
    for (let i = 0, at = block * units; i < units; i++, at++) {
      offset[at] = mean[i] - centre[i];
      square[at] = Math.max(0, m2[i * units + i]) + n * offset[at] * offset[at];
      floor[i] += square[at];
    }
  });
  for (let i = 0; i < units; i++) {
    // A constant far from 0 leaves rounding noise of its own size behind.
    floor[i] = noiseShare * Math.max(floor[i], total * Number.EPSILON * centre[i] * centre[i]);
  }
  return { blocks, units, offset, square, floor };
}

/** What one resample needs of every unit: weighted sums about the centre, and 1 / root of its second moment. */
export interface ResampleSums {
  n: number;
  /** [units] sum of w s */
  sum: Float64Array;
  /** [units] 1 / sqrt(m2_ii) of the resample; 0 where the unit is dead or constant in it */
  inverse: Float64Array;
}

/** @param weights [blocks] how often each block counts; @param dead [units] 1 where the unit is constant. O(blocks x units). */
export function resampleSums(prepared: BlockMoments, weights: Float64Array, dead: Uint8Array): ResampleSums {
  const { blocks, units, offset, square, floor } = prepared;
  requireFit(prepared, weights, dead);
  const sum = new Float64Array(units);
  const squares = new Float64Array(units);
  let n = 0;
  weights.forEach((weight, block) => {
    if (weight === 0) return;
    const samples = weight * blocks[block].n;
    n += samples;
    for (let i = 0, at = block * units; i < units; i++, at++) {
      sum[i] += samples * offset[at];
      squares[i] += weight * square[at];
    }
  });
  const inverse = new Float64Array(units);
  for (let i = 0; i < units && n > 0; i++) {
    const second = squares[i] - (sum[i] * sum[i]) / n;
    if (dead[i] === 0 && second > floor[i]) inverse[i] = 1 / Math.sqrt(second);
  }
  return { n, sum, inverse };
}

function requireFit({ blocks, units }: BlockMoments, weights: Float64Array, dead: Uint8Array): void {
  if (weights.length !== blocks.length) {
    throw new RangeError(`There are ${weights.length} weights for ${blocks.length} blocks.`);
  }
  if (dead.length !== units) {
    throw new RangeError(`The mask of dead units has ${dead.length} entries for ${units} units.`);
  }
}
