import type { CheckedMethod, CheckedValue } from '../domain/validation.ts';
import type { LinearAlgebra } from '../numeric/linear-algebra/linear-algebra.ts';

/** A number of an oracle's file and how this program recomputes it. */
export interface Check {
  /** Keys that lead to the published number in its file. */
  path: string[];
  quantity: string;
  method: CheckedMethod;
  tolerance: number;
  reason: string;
  source: string;
  compute(algebra: LinearAlgebra): Promise<CheckedValue> | CheckedValue;
}

/** A number of an oracle's file that no method of this program gives. */
export interface Missing {
  path: string[];
  quantity: string;
  method: CheckedMethod;
  reason: string;
  source: string;
}

/** Everything known about one oracle file. */
export interface OracleChecks {
  checks: Check[];
  missing: Missing[];
}

/** Tolerances, each with its reason. */
export const exactly = { tolerance: 0, reason: 'Whole numbers: they agree or they do not.' };
export const rounding = {
  tolerance: 1e-12,
  reason: 'Few sums and one division of float64: only rounding may differ.',
};
export const decomposition = {
  tolerance: 1e-9,
  reason:
    'From second moments and an eigendecomposition, where the published value decomposes the data itself.',
};
