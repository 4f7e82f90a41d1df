import { resampleSums, type BlockMoments } from './block-moments.ts';

/** A range of the joint units. */
export interface UnitSpan {
  start: number;
  count: number;
}

/**
 * All correlations of two ranges of units in one weighted choice of blocks, [rows x cols]: what merging the chosen
 * blocks and correlating gives, without the merge. A unit that is dead, or constant in the chosen blocks, has 0.
 *
 * @param weights [blocks]; @param dead [units]; @param onBlock called before each block; it may throw to cancel
 * @throws RangeError where lengths do not fit. O(chosen blocks x rows x cols).
 */
export function blockCorrelation(
  prepared: BlockMoments,
  weights: Float64Array,
  rows: UnitSpan,
  cols: UnitSpan,
  dead: Uint8Array,
  onBlock: () => void = () => {},
): Float64Array {
  const { blocks, units, offset } = prepared;
  const { n, sum, inverse } = resampleSums(prepared, weights, dead);
  const result = new Float64Array(rows.count * cols.count);
  if (n === 0) return result;
  weights.forEach((weight, block) => {
    if (weight === 0 || blocks[block].n === 0) return;
    onBlock();
    const offsets = offset.subarray(block * units, (block + 1) * units);
    addBlock(result, blocks[block].m2, offsets, { weight, n: blocks[block].n }, rows, cols);
  });
  for (let row = 0, at = 0; row < rows.count; row++) {
    const i = rows.start + row;
    for (let j = cols.start; j < cols.start + cols.count; j++, at++) {
      const isLive = inverse[i] !== 0 && inverse[j] !== 0;
      const r = !isLive ? 0 : (result[at] - (sum[i] * sum[j]) / n) * inverse[i] * inverse[j];
      result[at] = Math.min(1, Math.max(-1, r));
    }
  }
  return result;
}

function addBlock(
  into: Float64Array,
  m2: Float64Array,
  offsets: Float64Array,
  { weight, n }: { weight: number; n: number },
  rows: UnitSpan,
  cols: UnitSpan,
): void {
  const units = offsets.length;
  for (let row = 0, at = 0; row < rows.count; row++) {
    const i = rows.start + row;
    const scaled = n * offsets[i];
    for (let j = cols.start; j < cols.start + cols.count; j++, at++) {
      const cross = i < j ? m2[i * units + j] : m2[j * units + i];
      into[at] += weight * (cross + scaled * offsets[j]);
    }
  }
}
