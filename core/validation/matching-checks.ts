import { summariseMatching } from '../numeric/matching/agreement.ts';
import { linearAssignment } from '../numeric/matching/linear-assignment.ts';
import { semiMatching } from '../numeric/matching/semi-matching.ts';
import { exactly, rounding, type Check, type Missing, type OracleChecks } from './check.ts';
import { flat, turned } from './samples.ts';

export interface MatchingOracle {
  greedy_ne_optimal_12x12: { C: number[][] };
  hungarian_issue4_8x8: { C: number[][]; source: string };
}

const source =
  'scipy.optimize.linear_sum_assignment, and networkx (Li et al. 2015 used it; arXiv 1511.07543)';

/** `matching.json`: assignments, square and rectangular, greedy different from optimal. */
export function matchingChecks(oracle: MatchingOracle): OracleChecks {
  const full = oracle.greedy_ne_optimal_12x12.C;
  return { checks: [...squareChecks(full), ...rectangleChecks(full), integerCheck(oracle)], missing };
}

function squareChecks(full: number[][]): Check[] {
  const group = 'greedy_ne_optimal_12x12';
  const semi = () => semiMatching(flat(full), 12, 12);
  const match = () => linearAssignment(flat(full), 12, 12);
  const summary = () => summariseMatching(semi(), match());
  const where = '12 × 12, greedy is not optimal';
  return [
    {
      path: [group, 'opt'],
      quantity: `Match, pairs (${where})`,
      method: 'match',
      ...exactly,
      source,
      compute: () => [...match().partner],
    },
    {
      path: [group, 'opt_mean'],
      quantity: `Mean match (${where})`,
      method: 'match',
      ...rounding,
      source,
      compute: () => summary().matchMean,
    },
    {
      path: [group, 'row_argmax'],
      quantity: `Semi-match of A, partners (${where})`,
      method: 'semiMatch',
      ...exactly,
      source,
      compute: () => [...semi().partner],
    },
    {
      path: [group, 'row_max_mean'],
      quantity: `Mean semi-match of A (${where})`,
      method: 'semiMatch',
      ...rounding,
      source,
      compute: () => summary().semiMean,
    },
    {
      path: [group, 'col_argmax'],
      quantity: `Semi-match of B, partners (${where})`,
      method: 'semiMatch',
      ...exactly,
      source,
      compute: () => [...semiMatching(flat(turned(full)), 12, 12).partner],
    },
    {
      path: [group, 'overlap_ratio'],
      quantity: `Agreement (${where})`,
      method: 'agreement',
      ...rounding,
      source,
      compute: () => summary().agreement,
    },
  ];
}

function rectangleChecks(full: number[][]): Check[] {
  const wide = () => linearAssignment(flat(full.slice(0, 8)), 8, 12);
  const tall = () => linearAssignment(flat(full.map((row) => row.slice(0, 7))), 12, 7);
  return [
    {
      path: ['rect_8x12', 'opt'],
      quantity: 'Match, pairs (8 × 12: every row has a column)',
      method: 'match',
      ...exactly,
      source,
      compute: () => [...wide().partner],
    },
    {
      path: ['rect_8x12', 'opt_sum'],
      quantity: 'Match, total (8 × 12)',
      method: 'match',
      ...rounding,
      source,
      compute: () => wide().total,
    },
    {
      path: ['rect_12x7', 'rows'],
      quantity: 'Match, rows that have a partner (12 × 7)',
      method: 'match',
      ...exactly,
      source,
      compute: () => [...tall().partner.keys()].filter((row) => tall().partner[row] >= 0),
    },
    {
      path: ['rect_12x7', 'opt'],
      quantity: 'Match, columns of those rows (12 × 7)',
      method: 'match',
      ...exactly,
      source,
      compute: () => [...tall().partner].filter((column) => column >= 0),
    },
    {
      path: ['rect_12x7', 'opt_sum'],
      quantity: 'Match, total (12 × 7)',
      method: 'match',
      ...rounding,
      source,
      compute: () => tall().total,
    },
  ];
}

/** Whole costs that a known implementation got wrong; ours maximises, so costs change sign. */
function integerCheck({ hungarian_issue4_8x8: { C, source: issue } }: MatchingOracle): Check {
  return {
    path: ['hungarian_issue4_8x8', 'expected_sum'],
    quantity: 'Least total cost (8 × 8 integers that a known implementation got wrong)',
    method: 'match',
    ...exactly,
    source: issue,
    compute: () =>
      -linearAssignment(
        flat(C).map((cost) => -cost),
        8,
        8,
      ).total,
  };
}

const missing: Missing[] = [
  {
    path: ['greedy_without_replacement', 'pairs'],
    quantity: 'Greedy matching without replacement, pairs',
    method: 'match',
    reason: 'The match here is always the optimal one; the greedy one is not a method of this program.',
    source,
  },
  {
    path: ['greedy_without_replacement', 'mean'],
    quantity: 'Greedy matching without replacement, mean',
    method: 'match',
    reason: 'The match here is always the optimal one; the greedy one is not a method of this program.',
    source,
  },
  {
    path: ['networkx_mean_equals_lsa'],
    quantity: 'networkx finds the same mean as scipy',
    method: 'other',
    reason: 'A statement about two other programs; nothing of ours to recompute.',
    source,
  },
  {
    path: ['networkx_type'],
    quantity: 'What networkx returns',
    method: 'other',
    reason: 'A statement about another program; nothing of ours to recompute.',
    source,
  },
  {
    path: ['hungarian_issue4_8x8', 'got'],
    quantity: 'Total that scipy found for the 8 × 8 integers',
    method: 'other',
    reason: 'The answer of another program; the expected total is checked instead.',
    source,
  },
];
