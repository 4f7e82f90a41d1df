import { canonicalCorrelations } from '../numeric/subspaces/canonical-correlations.ts';
import type { Check, OracleChecks } from './check.ts';
import { componentsOf, turned, twoSided } from './samples.ts';

interface FewSamples {
  b1: number[][];
  b2: number[][];
}

export interface CanonicalOracle {
  source: string;
  case5x10: FewSamples;
  case7x12_centered: FewSamples;
}

const reason =
  'google/svcca adds 1e-10 to the covariance, so that a correlation of exactly 1 is published as 1 − 1e-9.';

/** `anatome_issue27_cca.json`: canonical correlations with hardly more samples than units. */
export function canonicalChecks(oracle: CanonicalOracle): OracleChecks {
  const check = (name: 'case5x10' | 'case7x12_centered', size: string): Check => ({
    path: [name, 'rho'],
    quantity: `Canonical correlations (${size})`,
    method: 'canonical',
    tolerance: 5e-9,
    reason,
    source: oracle.source,
    async compute(algebra) {
      const data = twoSided(turned(oracle[name].b1), turned(oracle[name].b2));
      const { x, y } = await componentsOf(data, algebra);
      return [...(await canonicalCorrelations(data.pair, x, y, algebra)).rho];
    },
  });
  return {
    checks: [
      check('case5x10', '5 units, 10 samples'),
      check('case7x12_centered', '7 units, 12 samples, centred'),
    ],
    missing: [],
  };
}
