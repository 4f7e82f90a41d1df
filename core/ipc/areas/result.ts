import { z } from 'zod';
import { method } from '../define.ts';
import type { NamedArray, StoredResult, UnitStatistics } from '../../domain/result.ts';

/** The most values that `array` gives at once (8 MiB of float64); larger arrays are read by tiles. */
export const maximumArrayValues = 1 << 20;

const resultId = z.string().min(1).max(100);
const indexList = z.array(z.int().min(0)).max(1 << 16);

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
      /** Of `order`: rows and columns stand in that order. */
      order: z.string().min(1).max(100).optional(),
    }),
  ),
  /** Keeps an order of rows and columns for `tile`; each list names every index once. */
  order: method<{ order: string }>()(z.strictObject({ rows: indexList, cols: indexList })),
  /** The matrix's value at every row and the column that a stored list names for it; NaN for -1. */
  partnerValues: method<{ values: Float64Array }>()(
    z.strictObject({
      resultId,
      array: z.string().min(1).max(100),
      partners: z.strictObject({ resultId, array: z.string().min(1).max(100) }),
    }),
  ),
  pairs: method<PairTable>()(z.strictObject({ resultId })),
  units: method<{ a: UnitStatistics; b: UnitStatistics }>()(z.strictObject({ resultId })),
};
