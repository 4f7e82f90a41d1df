import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { summariseMatching } from '#core/numeric/matching/agreement.ts';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { semiMatching } from '#core/numeric/matching/semi-matching.ts';

/** Assignments of scipy's and networkx's, made with other code than ours; copied unchanged. */
const oracles = JSON.parse(readFileSync(new URL('oracles/matching.json', import.meta.url), 'utf8'));
const full: number[][] = oracles.greedy_ne_optimal_12x12.C;

const flat = (rows: number[][]) => Float64Array.from(rows.flat());

describe('oracles/matching.json', () => {
  test('12 x 12 where greedy is not optimal: matching, semi-matching both ways, means, agreement', () => {
    const oracle = oracles.greedy_ne_optimal_12x12;
    const semi = semiMatching(flat(full), 12, 12);
    const match = linearAssignment(flat(full), 12, 12);
    expect([...match.partner]).toEqual(oracle.opt);
    expect([...semi.partner]).toEqual(oracle.row_argmax);
    const turned = full[0].map((_, col) => full.map((row) => row[col]));
    expect([...semiMatching(flat(turned), 12, 12).partner]).toEqual(oracle.col_argmax);
    const summary = summariseMatching(semi, match);
    expect(summary.matchMean).toBeCloseTo(oracle.opt_mean, 14);
    expect(summary.semiMean).toBeCloseTo(oracle.row_max_mean, 14);
    expect(summary.agreement).toBeCloseTo(oracle.overlap_ratio, 14);
  });

  test('8 x 12: every row has its column', () => {
    const match = linearAssignment(flat(full.slice(0, 8)), 8, 12);
    expect([...match.partner]).toEqual(oracles.rect_8x12.opt);
    expect(match.total).toBeCloseTo(oracles.rect_8x12.opt_sum, 13);
  });

  test('12 x 7: every column has its row', () => {
    const { rows, opt, opt_sum } = oracles.rect_12x7;
    const match = linearAssignment(flat(full.map((row) => row.slice(0, 7))), 12, 7);
    const expected = new Array(12).fill(-1);
    rows.forEach((row: number, k: number) => (expected[row] = opt[k]));
    expect([...match.partner]).toEqual(expected);
    expect(match.total).toBeCloseTo(opt_sum, 13);
  });

  test('8 x 8 of integers that a known implementation got wrong (least cost)', () => {
    const { C, expected_sum } = oracles.hungarian_issue4_8x8;
    expect(
      -linearAssignment(
        flat(C).map((cost) => -cost),
        8,
        8,
      ).total,
    ).toBe(expected_sum);
  });
});
