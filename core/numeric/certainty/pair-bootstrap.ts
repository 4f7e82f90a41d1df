import { resampleSums, type BlockMoments } from './block-moments.ts';

/**
 * Correlations of given pairs in every resample, partners kept: only the entries of the pairs and the variances are
 * touched, never a whole matrix.
 *
 *   r_k(w) = m2_ij(w) / sqrt(m2_ii(w) m2_jj(w)),  (i, j) the k-th pair, w the weights of the blocks
 *
 * A pair without a partner (column -1), with a dead unit, or with a unit that is constant in the resample has 0.
 * Results lie in [-1, 1].
 *
 * @param rows [pairs] joint index of the first unit; @param cols [pairs] of the second, -1 = none
 * @param weights [resamples x blocks]; @param dead [units]
 * @param onProgress called once per resample
 * @returns [resamples x pairs] row-major
 * @throws RangeError where lengths do not fit. O(resamples x blocks x (pairs + units)).
 */
export function bootstrapPairs(
  prepared: BlockMoments,
  rows: Int32Array,
  cols: Int32Array,
  weights: Float64Array,
  dead: Uint8Array,
  onProgress: (done: number) => void = () => {},
): Float64Array {
  const blocks = prepared.blocks.length;
  if (rows.length !== cols.length || weights.length % blocks !== 0) {
    throw new RangeError('The pairs or the weights of the resamples do not fit.');
  }
  const pairs = rows.length;
  const products = pairProducts(prepared, rows, cols);
  const resamples = weights.length / blocks;
  const result = new Float64Array(resamples * pairs);
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = weights.subarray(resample * blocks, (resample + 1) * blocks);
    const { n, sum, inverse } = resampleSums(prepared, drawn, dead);
    const values = result.subarray(resample * pairs, (resample + 1) * pairs);
    for (let block = 0; block < blocks; block++) {
      const weight = drawn[block];
      if (weight === 0) continue;
      for (let k = 0, at = block * pairs; k < pairs; k++, at++) values[k] += weight * products[at];
    }
    for (let k = 0; k < pairs; k++) {
      const [i, j] = [rows[k], cols[k]];
      if (j < 0 || inverse[i] === 0 || inverse[j] === 0) values[k] = 0;
      else values[k] = clamp((values[k] - (sum[i] * sum[j]) / n) * inverse[i] * inverse[j]);
    }
    onProgress(resample + 1);
  }
  return result;
}

/** [blocks x pairs] S_b,ij of every pair. */
function pairProducts(
  { blocks, units, offset }: BlockMoments,
  rows: Int32Array,
  cols: Int32Array,
): Float64Array {
  const products = new Float64Array(blocks.length * rows.length);
  blocks.forEach(({ n, m2 }, block) => {
    if (n === 0) return;
    for (let k = 0; k < rows.length; k++) {
      const [i, j] = [rows[k], cols[k]];
      if (j < 0) continue;
      const cross = i < j ? m2[i * units + j] : m2[j * units + i];
      products[block * rows.length + k] = cross + n * offset[block * units + i] * offset[block * units + j];
    }
  });
  return products;
}

const clamp = (r: number): number => Math.min(1, Math.max(-1, r));
