import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { summariseMatching } from '#core/numeric/matching/agreement.ts';
import { diagonalOrder, matchingCurves, orderByValue } from '#core/numeric/matching/display-order.ts';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { semiMatching } from '#core/numeric/matching/semi-matching.ts';
import { createRandom } from '#core/random.ts';

const partners = (partner: number[], value: number[]) => ({
  partner: Int32Array.from(partner),
  value: Float64Array.from(value),
});

function randomScore(rows: number, cols: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: rows * cols }, () => 2 * random.nextFloat() - 1);
}

describe('summariseMatching', () => {
  test('means over the right units: dead ones count 0, unmatched ones do not count in the match', () => {
    const semi = partners([2, 0, -1, 0], [0.8, 0.6, 0, 0.4]);
    const match = partners([2, -1, 1, 0], [0.8, 0, 0, 0.4]);
    const summary = summariseMatching(semi, match);
    expect(summary.matched).toBe(3);
    expect(summary.agreement).toBeCloseTo(2 / 3, 15);
    expect(summary.semiMean).toBeCloseTo(1.8 / 4, 15);
    expect(summary.matchMean).toBeCloseTo(1.2 / 3, 15);
  });

  test('nothing to summarise gives zeros; different sizes are refused', () => {
    expect(summariseMatching(partners([], []), partners([], []))).toEqual({
      matched: 0,
      agreement: 0,
      semiMean: 0,
      matchMean: 0,
    });
    expect(() => summariseMatching(partners([0], [1]), partners([], []))).toThrow(
      /1 units and the matching 0/,
    );
  });

  test('the match mean never exceeds the semi-match mean over the same units', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 5 }),
        fc.nat(1e6),
        (rows, extra, seed) => {
          const score = randomScore(rows, rows + extra, seed);
          const semi = semiMatching(score, rows, rows + extra);
          const match = linearAssignment(score, rows, rows + extra);
          const summary = summariseMatching(semi, match);
          expect(summary.matchMean).toBeLessThanOrEqual(summary.semiMean + 1e-15);
          if (summary.agreement === 1) expect(summary.matchMean).toBeCloseTo(summary.semiMean, 14);
        },
      ),
    );
  });
});

describe('display order', () => {
  test('by value, best first, ties by index', () => {
    expect([...orderByValue(Float64Array.of(0.2, 0.9, -1, 0.9, 0))]).toEqual([1, 3, 0, 4, 2]);
  });

  test('puts every match on the diagonal, whichever side is larger, and loses nobody', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(1e6),
        (rows, cols, seed) => {
          const score = randomScore(rows, cols, seed);
          const { partner, value } = linearAssignment(score, rows, cols);
          for (const order of [
            diagonalOrder(partner, cols),
            diagonalOrder(partner, cols, orderByValue(value)),
          ]) {
            for (let k = 0; k < Math.min(rows, cols); k++) expect(order.cols[k]).toBe(partner[order.rows[k]]);
            expect([...order.rows].sort((a, b) => a - b)).toEqual([...partner.keys()]);
            expect([...order.cols].sort((a, b) => a - b)).toEqual([...Array(cols).keys()]);
          }
        },
      ),
    );
  });

  test('A keeps its order; unmatched units of either side come last in order', () => {
    const wide = diagonalOrder(Int32Array.of(3, 0), 5);
    expect([[...wide.rows], [...wide.cols]]).toEqual([
      [0, 1],
      [3, 0, 1, 2, 4],
    ]);
    const tall = diagonalOrder(Int32Array.of(-1, 1, -1, 0), 2, Int32Array.of(3, 2, 1, 0));
    expect([[...tall.rows], [...tall.cols]]).toEqual([
      [3, 1, 2, 0],
      [0, 1],
    ]);
    expect(() => diagonalOrder(Int32Array.of(1, 1), 2)).toThrow(/matched twice/);
    expect(() => diagonalOrder(Int32Array.of(4), 2)).toThrow(/no valid match/);
  });

  test('curves: each sorted on its own, and the match at the rank of its unit', () => {
    const curves = matchingCurves(
      partners([0, 1, 1, -1], [0.3, 0.9, 0.5, 0]),
      partners([1, 0, -1, 2], [0.2, 0.1, 0, 0]),
    );
    expect([...curves.semi]).toEqual([0.9, 0.5, 0.3, 0]);
    expect([...curves.match]).toEqual([0.2, 0.1, 0]);
    expect([...curves.matchAtSemiRank.rank]).toEqual([0, 2, 3]);
    expect([...curves.matchAtSemiRank.value]).toEqual([0.1, 0.2, 0]);
    expect(() => matchingCurves(partners([0], [1]), partners([], []))).toThrow(/1 units and the matching 0/);
  });
});
