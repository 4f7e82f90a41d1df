import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scoreFromCorrelation } from '#core/numeric/matching/scores.ts';
import { semiMatching } from '#core/numeric/matching/semi-matching.ts';

describe('semiMatching', () => {
  test('largest score, ties to the lowest index, columns repeat', () => {
    const { partner, value } = semiMatching(Float64Array.of(0.1, 0.5, 0.5, -3, -1, -1, 0, 0.9, 0.2), 3, 3);
    expect([...partner]).toEqual([1, 1, 1]);
    expect([...value]).toEqual([0.5, -1, 0.9]);
  });

  test('no columns, no rows', () => {
    expect([...semiMatching(new Float64Array(0), 2, 0).partner]).toEqual([-1, -1]);
    expect(semiMatching(new Float64Array(0), 0, 2).partner.length).toBe(0);
  });

  test('a dead row has no partner; a dead column counts with its zeros', () => {
    const score = Float64Array.of(0, 0, 0, -0.2, 0, -0.1);
    expect([...semiMatching(score, 2, 3, Uint8Array.of(1, 0)).partner]).toEqual([-1, 1]);
    expect([...semiMatching(score, 2, 3).partner]).toEqual([0, 1]);
  });

  test('the value is the maximum of its row and permuting columns carries the partner along', () => {
    const entry = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.uniqueArray(entry, { minLength: 1, maxLength: 20 }), (row) => {
        const { partner, value } = semiMatching(Float64Array.from(row), 1, row.length);
        expect(value[0]).toBe(Math.max(...row));
        const reversed = semiMatching(Float64Array.from(row).reverse(), 1, row.length);
        if (!(row.includes(0) && row.includes(-0)))
          expect(reversed.partner[0]).toBe(row.length - 1 - partner[0]);
      }),
    );
  });

  test('refuses what is not finite and what does not fit', () => {
    expect(() => semiMatching(Float64Array.of(1, NaN), 1, 2)).toThrow(
      /unit 0 of A with unit 1 of B is NaN: 1 of 2/,
    );
    expect(() => semiMatching(new Float64Array(3), 2, 2)).toThrow(/cannot have 3/);
    expect(() => semiMatching(new Float64Array(4), 2, 2, new Uint8Array(1))).toThrow(/mask of dead units/);
  });
});

test('scores: signed as they are, absolute without sign', () => {
  const r = Float64Array.of(-0.5, 0, 0.25);
  expect(scoreFromCorrelation('correlation', r)).toBe(r);
  expect([...scoreFromCorrelation('absolute-correlation', r)]).toEqual([0.5, 0, 0.25]);
  expect([...r]).toEqual([-0.5, 0, 0.25]);
});
