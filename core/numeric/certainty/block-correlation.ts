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
  // Of a range with itself one half is made, row by row as it lies in memory, and mirrored.
  const isOwn = rows.start === cols.start && rows.count === cols.count;
  weights.forEach((weight, block) => {
    if (weight === 0 || blocks[block].n === 0) return;
    onBlock();
    const offsets = offset.subarray(block * units, (block + 1) * units);
    addBlock(result, blocks[block].m2, offsets, { weight, n: blocks[block].n }, rows, cols, isOwn);
  });
  for (let row = 0; row < rows.count; row++) {
    const i = rows.start + row;
    for (let col = isOwn ? row : 0; col < cols.count; col++) {
      const [j, at] = [cols.start + col, row * cols.count + col];
      const isLive = inverse[i] !== 0 && inverse[j] !== 0;
      const r = !isLive ? 0 : (result[at] - (sum[i] * sum[j]) / n) * inverse[i] * inverse[j];
      result[at] = Math.min(1, Math.max(-1, r));
      if (isOwn) result[col * cols.count + row] = result[at];
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
  isOwn: boolean,
): void {
  const units = offsets.length;
  const end = cols.start + cols.count;
  for (let row = 0; row < rows.count; row++) {
    const i = rows.start + row;
    const scaled = n * offsets[i];
    const to = row * cols.count - cols.start;
    // The upper triangle alone is read.
    const turn = Math.min(end, Math.max(cols.start, i));
    if (!isOwn)
      for (let j = cols.start; j < turn; j++)
        into[to + j] += weight * (m2[j * units + i] + scaled * offsets[j]);
    const from = i * units;
    for (let j = turn; j < end; j++) into[to + j] += weight * (m2[from + j] + scaled * offsets[j]);
  }
}
