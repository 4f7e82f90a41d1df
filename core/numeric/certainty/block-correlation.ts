import type { LinearAlgebra } from '../linear-algebra/linear-algebra.ts';
import { mirrorUpper } from '../linear-algebra/mirror-upper.ts';
import { release } from '../linear-algebra/release.ts';
import { resampleSums, type BlockMoments, type ResampleSums } from './block-moments.ts';

/** A range of the joint units. */
export interface UnitSpan {
  start: number;
  count: number;
}

/**
 * All correlations of two ranges of units in one weighted choice of blocks, [rows x cols]: what merging the chosen
 * blocks and correlating gives, without the merge. A unit that is dead, or constant in the chosen blocks, has 0.
 *
 * @param weights [blocks]; @param dead [units]
 * @throws RangeError where lengths do not fit. O(chosen blocks x rows x cols).
 */
export function blockCorrelation(
  prepared: BlockMoments,
  weights: Float64Array,
  rows: UnitSpan,
  cols: UnitSpan,
  dead: Uint8Array,
): Float64Array {
  const sums = resampleSums(prepared, weights, dead);
  const result = new Float64Array(rows.count * cols.count);
  // Of a range with itself one half is made, and mirrored.
  const isOwn = rows.start === cols.start && rows.count === cols.count;
  for (let row = 0; row < rows.count; row++) {
    const place = { unit: rows.start + row, col: cols.start, from: row * cols.count, count: cols.count };
    const first = isOwn ? row : 0;
    weights.forEach((weight, block) => {
      if (weight !== 0 && prepared.blocks[block].n > 0) addRow(result, prepared, block, weight, place, first);
    });
    correlateRow(result, sums, place, first);
  }
  if (isOwn) mirrorUpper(rows.count, result);
  return result;
}

/** Values of products of blocks that are made at a time: they stay in the processor's cache. */
const tileValues = 2 ** 17;

/**
 * `blockCorrelation` of several choices, which reads the blocks once for all of them: with S_b the products of block b
 * about the common centre, all sums are W [S_1; S_2; ...].
 *
 * @param weights [choices x blocks]; @param dead [units]
 * @param options.into [choices] of [rows x cols], written instead of new arrays, whatever they hold
 * @param options.onTile called now and then; it may throw to cancel
 * @throws RangeError where lengths do not fit. O(choices x blocks x rows x cols).
 */
export async function blockCorrelations(
  prepared: BlockMoments,
  weights: Float64Array,
  rows: UnitSpan,
  cols: UnitSpan,
  dead: Uint8Array,
  { algebra, into, onTile }: { algebra: LinearAlgebra; into?: Float64Array[]; onTile?: () => void },
): Promise<Float64Array[]> {
  const blocks = prepared.blocks.length;
  if (weights.length % blocks !== 0)
    throw new RangeError(`There are ${weights.length} weights for ${blocks} blocks.`);
  const choices = weights.length / blocks;
  const sums = Array.from({ length: choices }, (_, choice) =>
    resampleSums(prepared, weights.subarray(choice * blocks, (choice + 1) * blocks), dead),
  );
  const results = sums.map((_, at) => into?.[at] ?? new Float64Array(rows.count * cols.count));
  if (results.some(({ length }) => length !== rows.count * cols.count))
    throw new RangeError('The arrays to write to do not fit.');
  // Of a range with itself one half is made, tile by tile, and mirrored.
  const isOwn = rows.start === cols.start && rows.count === cols.count;
  const height = Math.max(1, Math.floor(tileValues / (blocks * cols.count)));
  for (let top = 0; top < rows.count; top += height) {
    onTile?.();
    const left = isOwn ? top : 0;
    const [bottom, width] = [Math.min(rows.count, top + height), cols.count - left];
    const count = (bottom - top) * width;
    const placeOf = (row: number, from: number): Row => ({
      ...{ unit: rows.start + row, col: cols.start + left },
      ...{ from, count: width },
    });
    const products = new Float64Array(blocks * count);
    for (let block = 0; block < blocks; block++) {
      if (prepared.blocks[block].n === 0) continue;
      for (let row = top, from = block * count; row < bottom; row++, from += width)
        addRow(products, prepared, block, 1, placeOf(row, from), 0);
    }
    const chosen = await algebra.multiply(choices, blocks, count, weights, products);
    results.forEach((result, choice) => {
      for (let row = top, from = choice * count; row < bottom; row++, from += width) {
        correlateRow(chosen, sums[choice], placeOf(row, from), 0);
        result.set(chosen.subarray(from, from + width), row * cols.count + left);
      }
    });
    release(products, chosen);
  }
  if (isOwn) for (const result of results) mirrorUpper(rows.count, result);
  return results;
}

/** A row of an answer: a unit with `count` others from `col` on. */
interface Row {
  unit: number;
  col: number;
  /** Where it begins in the answer. */
  from: number;
  count: number;
}

/** Adds what one block knows; the first columns are left out. */
function addRow(
  into: Float64Array,
  { blocks, units, offset }: BlockMoments,
  block: number,
  weight: number,
  { unit, col, from, count }: Row,
  first: number,
): void {
  const { m2, n } = blocks[block];
  const offsets = block * units + col;
  const scaled = weight * n * offset[block * units + unit];
  // The upper triangle alone is read.
  const turn = Math.min(count, Math.max(first, unit - col));
  for (let at = first; at < turn; at++)
    into[from + at] += weight * m2[(col + at) * units + unit] + scaled * offset[offsets + at];
  const row = unit * units + col;
  for (let at = turn; at < count; at++)
    into[from + at] += weight * m2[row + at] + scaled * offset[offsets + at];
}

/** Sums of products about the centre become correlations. */
function correlateRow(
  into: Float64Array,
  { n, sum, inverse }: ResampleSums,
  { unit, col, from, count }: Row,
  first: number,
): void {
  const own = n === 0 ? 0 : sum[unit] / n;
  const scale = inverse[unit];
  for (let at = first; at < count; at++) {
    // Not a product with 0: sums of a constant unit may be anything.
    const isLive = scale !== 0 && inverse[col + at] !== 0;
    const r = isLive ? (into[from + at] - own * sum[col + at]) * scale * inverse[col + at] : 0;
    into[from + at] = Math.min(1, Math.max(-1, r));
  }
}
