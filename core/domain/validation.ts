/** What `consilience validate` and the window's page of the same name show. */

export type Verdict = 'pass' | 'fail' | 'not offered';

/** A number of a published file, or several that belong together. */
export type CheckedValue = number | number[];

/** What kind of quantity a check is about; the window explains each. */
export type CheckedMethod =
  | 'linearCka'
  | 'debiasedCka'
  | 'rbfCka'
  | 'canonical'
  | 'svcca'
  | 'pwcca'
  | 'procrustes'
  | 'rsa'
  | 'correlation'
  | 'match'
  | 'semiMatch'
  | 'agreement'
  | 'softMatch'
  | 'sparseMap'
  | 'clusters'
  | 'neighbours'
  | 'information'
  | 'other';

/** The answer of one linear-algebra back end. */
export interface BackEndAnswer {
  /** As linear algebra names itself: `OpenBLAS 0.3.21`, `plain TypeScript`. */
  backEnd: string;
  value: CheckedValue;
  /** Largest absolute difference from what is expected; null where the lengths differ or a value is not finite. */
  difference: number | null;
  verdict: 'pass' | 'fail';
}

/** One published quantity, recomputed by every back end. */
export interface ValidationCheck {
  /** `file/key` of the published number. */
  id: string;
  /** File in `samples/oracles`. */
  oracle: string;
  quantity: string;
  method: CheckedMethod;
  /** The first back end's value; null where the quantity is not offered. */
  value: CheckedValue | null;
  expected: unknown;
  /** Largest difference over the back ends; null as in `BackEndAnswer`, or where not offered. */
  difference: number | null;
  tolerance: number | null;
  /** Why this tolerance, or why this program does not compute the quantity. */
  reason: string;
  /** Where the published number comes from. */
  source: string;
  verdict: Verdict;
  answers: BackEndAnswer[];
}

export interface ValidationReport {
  version: string;
  /** The one that analyses on this machine use comes first. */
  backEnds: string[];
  passed: number;
  failed: number;
  notOffered: number;
  elapsedMs: number;
  checks: ValidationCheck[];
}
