import { z } from 'zod';
import { method } from '../define.ts';
import type { NamedArray, StoredResult, UnitStatistics } from '../../domain/result.ts';

/** The most values that `array` gives at once (8 MiB of float64); larger arrays are read by tiles. */
export const maximumArrayValues = 1 << 20;

const resultId = z.string().min(1).max(100);

/** Shape of a stored matrix and of its pyramid. Level 0 is full size; each level halves both sides (rounded up). */
export interface MatrixInfo {
  name: string;
  rows: number;
  cols: number;
  tileSize: number;
  levels: number;
  min: number;
  max: number;
}

/** One tile, row-major, `rows` x `cols` (edge tiles are smaller). */
export interface Tile {
  rows: number;
  cols: number;
  values: Float32Array;
}

/** Matched pairs of one matching result as columns of equal length (one row per unit of A). */
export interface PairTable {
  unitA: Int32Array;
  matchB: Int32Array;
  matchValue: Float64Array;
  semiB: Int32Array;
  semiValue: Float64Array;
  meanA: Float64Array;
  /** Mean activation of the matched unit of B, 0 where there is none. */
  meanB: Float64Array;
  deadA: Uint8Array;
  deadB: Uint8Array;
}

export const resultArea = {
  get: method<StoredResult>()(z.strictObject({ resultId })),
  /** A whole small array in its stored dtype, its buffer no larger than its values. */
  array: method<NamedArray>()(z.strictObject({ resultId, array: z.string().min(1).max(100) })),
  matrix: method<MatrixInfo>()(z.strictObject({ resultId, array: z.string().min(1).max(100) })),
  tile: method<Tile>()(
    z.strictObject({
      resultId,
      array: z.string().min(1).max(100),
      level: z.int().min(0).max(32),
      row: z.int().min(0),
      col: z.int().min(0),
    }),
  ),
  pairs: method<PairTable>()(z.strictObject({ resultId })),
  units: method<{ a: UnitStatistics; b: UnitStatistics }>()(z.strictObject({ resultId })),
};
