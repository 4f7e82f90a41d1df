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

/** Correlations of all live units with each other, [n x n]. */
export function graphCorrelation(
  fold: SharedMoments,
  ranges: readonly UnitRange[],
  units: GraphUnits,
): Float64Array {
  return assemble(ranges, units, (rows, cols) => correlationBlock(fold, rows, cols));
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

function assemble(
  ranges: readonly UnitRange[],
  { network, unit }: GraphUnits,
  block: (rows: UnitRange, cols: UnitRange) => Float64Array,
): Float64Array {
  const n = unit.length;
  const blocks = ranges.map((rows) => ranges.map((cols) => block(rows, cols)));
  const scores = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const { count } = ranges[network[j]];
      scores[i * n + j] = blocks[network[i]][network[j]][unit[i] * count + unit[j]];
    }
  }
  return scores;
}
