import { blockCorrelation } from '#core/numeric/certainty/block-correlation.ts';
import type { BlockMoments } from '#core/numeric/certainty/block-moments.ts';
import { correlationBlock, deadIn } from './correlation-block.ts';
import type { SharedMoments, UnitRange } from './task.ts';

/** The live units of some networks as one list. */
export interface GraphUnits {
  /** Position of the network in the group, and index within it, of every live unit. */
  network: Int32Array;
  unit: Int32Array;
  /** Live units of each network. */
  live: number[];
}

export function graphUnits(train: SharedMoments, ranges: readonly UnitRange[]): GraphUnits {
  const network: number[] = [];
  const unit: number[] = [];
  const live = ranges.map((range, position) => {
    const before = unit.length;
    deadIn(train, range).forEach((flag, index) => {
      if (flag === 1) return;
      network.push(position);
      unit.push(index);
    });
    return unit.length - before;
  });
  return { network: Int32Array.from(network), unit: Int32Array.from(unit), live };
}

/**
 * Correlations of all live units with each other, [n x n].
 *
 * @param into where they are put, whatever is there
 */
export function graphCorrelation(
  fold: SharedMoments,
  ranges: readonly UnitRange[],
  units: GraphUnits,
  into?: Float64Array,
): Float64Array {
  return assemble(ranges, units, (rows, cols) => correlationBlock(fold, rows, cols), bandRows, into);
}

/** The same of one resample of blocks. */
export function resampledGraph(
  prepared: BlockMoments,
  weights: Float64Array,
  dead: Uint8Array,
  ranges: readonly UnitRange[],
  units: GraphUnits,
): Float64Array {
  return assemble(ranges, units, (rows, cols) => blockCorrelation(prepared, weights, rows, cols, dead));
}

/** Rows of a pair of networks that are made at a time, so that no block is in memory beside the whole. */
const bandRows = 512;

function assemble(
  ranges: readonly UnitRange[],
  { network, unit, live }: GraphUnits,
  block: (rows: UnitRange, cols: UnitRange) => Float64Array,
  most = Infinity,
  scores: Float64Array = new Float64Array(unit.length ** 2),
): Float64Array {
  const n = unit.length;
  const firstOf = live.map((_, position) => live.slice(0, position).reduce((sum, count) => sum + count, 0));
  for (const [b, cols] of ranges.entries()) {
    const columns = unit.subarray(firstOf[b], firstOf[b] + live[b]);
    for (const rows of ranges.flatMap((range) => bandsOf(range, most))) {
      const values = block(rows, cols);
      for (let i = 0; i < n; i++) {
        const row = ranges[network[i]].start + unit[i] - rows.start;
        if (row < 0 || row >= rows.count) continue;
        const [from, to] = [row * cols.count, i * n + firstOf[b]];
        for (let j = 0; j < columns.length; j++) scores[to + j] = values[from + columns[j]];
      }
    }
  }
  return scores;
}

function bandsOf({ start, count }: UnitRange, most: number): UnitRange[] {
  const height = Math.min(most, count);
  return Array.from({ length: height > 0 ? Math.ceil(count / height) : 0 }, (_, band) => ({
    start: start + band * height,
    count: Math.min(height, count - band * height),
  }));
}
