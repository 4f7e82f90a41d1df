import { correlationFromMoments } from '#core/numeric/correlation/correlation-from-moments.ts';
import { momentsOf, type SharedMoments, type UnitRange } from './task.ts';

/** Correlations of two ranges of the joint units in one set of samples, [rows x cols]. */
export function correlationBlock(fold: SharedMoments, rows: UnitRange, cols: UnitRange): Float64Array {
  const range = { rowStart: rows.start, rowCount: rows.count, colStart: cols.start, colCount: cols.count };
  return correlationFromMoments(momentsOf(fold), range, fold.dead);
}

export function deadIn(fold: SharedMoments, range: UnitRange): Uint8Array {
  return fold.dead.slice(range.start, range.start + range.count);
}
