import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binEdges } from '#core/numeric/mutual-information/bin-edges.ts';
import { mutualInformation } from '#core/numeric/mutual-information/mutual-information.ts';

const binOf = (edges: Float64Array, value: number) => edges.filter((edge) => edge < value).length;

describe('binEdges', () => {
  it('gives a non-negative unit a bin for zeros and equal shares of the rest', () => {
    const values = Float32Array.from({ length: 190 }, (_, k) => (k < 100 ? 0 : (k - 99) / 100));
    const edges = binEdges(values, 10);
    expect(edges).toHaveLength(9);
    const counts = new Array<number>(10).fill(0);
    for (const value of values) counts[binOf(edges, value)]++;
    expect(counts).toEqual([100, 10, 10, 10, 10, 10, 10, 10, 10, 10]);
  });

  it('puts 1e-6 itself above the zeros', () => {
    const edges = binEdges(Float32Array.of(0, 1, 2, 3), 4);
    expect(binOf(edges, 1e-6)).toBe(1);
    expect(binOf(edges, 0.999e-6)).toBe(0);
  });

  it('gives a signed unit equal shares', () => {
    const values = Float32Array.from({ length: 1000 }, (_, k) => ((k * 7919) % 1000) - 500);
    const edges = binEdges(values, 10);
    const counts = new Array<number>(10).fill(0);
    for (const value of values) counts[binOf(edges, value)]++;
    expect(counts).toEqual(new Array(10).fill(100));
  });

  it.each([
    ['all zero', [0, 0, 0], 1],
    ['constant', [0.5, 0.5, 0.5], 1],
    ['two-valued', [0, 1, 0, 1, 1], 2],
    ['two-valued, signed', [-1, 1, -1, 1], 2],
    ['constant, negative', [-2, -2], 1],
    ['a single value', [3], 1],
  ])('uses the bins a unit has: %s', (_, values, used) => {
    const edges = binEdges(Float32Array.from(values), 10);
    expect(new Set(values.map((value) => binOf(edges, value))).size).toBe(used);
  });

  it('interpolates order statistics as the sorted values say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -50, max: 50 }), {
          minLength: 1,
          maxLength: 200,
        }),
        fc.integer({ min: 2, max: 16 }),
        (list, bins) => {
          const values = Float32Array.from(list);
          if (!values.some((value) => value < 0)) return;
          const sorted = [...values].sort((x, y) => x - y);
          const found = binEdges(values, bins);
          for (let k = 1; k < bins; k++) {
            const place = ((sorted.length - 1) * k) / bins;
            const low = sorted[Math.floor(place + 1e-9)];
            const high = sorted[Math.min(sorted.length - 1, Math.ceil(place - 1e-9))];
            expect(found[k - 1]).toBeGreaterThanOrEqual(low - 1e-6);
            expect(found[k - 1]).toBeLessThanOrEqual(high + 1e-6);
          }
        },
      ),
    );
  });

  it('refuses what it cannot bin', () => {
    expect(() => binEdges(Float32Array.of(1, Number.NaN), 10)).toThrow(/Value 1 of the unit is not a finite/);
    expect(() => binEdges(Float32Array.of(1), 1)).toThrow(/number of bins, 1/);
  });
});

describe('mutualInformation', () => {
  it('is the entropy of a unit with itself and 0 for independent counts', () => {
    const own = mutualInformation([5, 0, 0, 15], 2);
    const h = -(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
    expect(own.raw).toBeCloseTo(h, 14);
    expect(own.entropyX).toBeCloseTo(h, 14);
    expect(own.corrected).toBeCloseTo(h + 1 / 40, 14);
    expect(mutualInformation([2, 4, 6, 12], 2).raw).toBeCloseTo(0, 15);
    expect(mutualInformation([2, 4, 6, 12], 2).corrected).toBeCloseTo(-1 / 48, 14);
  });

  it('is symmetric, not negative, at most either entropy', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 9, maxLength: 9 }), (counts) => {
        const flipped = counts.map((_, at) => counts[(at % 3) * 3 + Math.floor(at / 3)]);
        const one = mutualInformation(counts, 3);
        const other = mutualInformation(flipped, 3);
        expect(one.raw).toBeCloseTo(other.raw, 12);
        expect(one.raw).toBeGreaterThanOrEqual(0);
        expect(one.raw).toBeLessThanOrEqual(Math.min(one.entropyX, one.entropyY) + 1e-12);
      }),
    );
  });

  it('has an answer for no counts and for one bin', () => {
    expect(mutualInformation([0, 0, 0, 0], 2)).toEqual({ raw: 0, corrected: 0, entropyX: 0, entropyY: 0 });
    expect(mutualInformation([7, 0, 0, 0], 2)).toEqual({ raw: 0, corrected: 0, entropyX: 0, entropyY: 0 });
  });
});
