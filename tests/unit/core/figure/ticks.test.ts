import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatCount,
  formatNumber,
  formatTick,
  indexTicks,
  niceDomain,
  niceTicks,
} from '#core/figure/ticks.ts';

describe('niceTicks', () => {
  test('takes 1, 2 or 5 times a power of ten', () => {
    expect(niceTicks(-1, 1, 5)).toEqual({ values: [-1, -0.5, 0, 0.5, 1], step: 0.5 });
    expect(niceTicks(0, 0.8, 6).values).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
    expect(niceTicks(0, 0.37, 5).values).toEqual([0, 0.1, 0.2, 0.3]);
    expect(niceTicks(12, 3400, 5).values).toEqual([1000, 2000, 3000]);
  });

  test('has no rounding dust', () => {
    expect(niceTicks(0, 1, 11).values).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  });

  test('a range of one value has that one tick', () => {
    expect(niceTicks(3, 3, 5).values).toEqual([3]);
  });

  test('never more than asked for, always inside the range', () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 2, max: 12 }), (a, b, count) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        fc.pre(max - min > 1e-6 * Math.max(1, Math.abs(min), Math.abs(max)));
        const { values, step } = niceTicks(min, max, count);
        expect(values.length).toBeLessThanOrEqual(count);
        expect(Number((step / 10 ** Math.floor(Math.log10(step) + 1e-9)).toFixed(6))).toBeOneOf([1, 2, 5]);
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(min - 1e-6 * step);
          expect(value).toBeLessThanOrEqual(max + 1e-6 * step);
        }
      }),
    );
  });
});

describe('niceDomain', () => {
  test('widens to ticks', () => {
    expect(niceDomain(-0.22, 1, 8)).toEqual([-0.4, 1]);
    expect(niceDomain(0, 0.73, 6)).toEqual([0, 0.8]);
  });

  test('gives an equal range a height', () => {
    const [low, high] = niceDomain(0, 0, 6);
    expect(high).toBeGreaterThan(low);
  });
});

test('unit numbers are whole and start at 0', () => {
  expect(indexTicks(64, 4)).toEqual([0, 20, 40, 60]);
  expect(indexTicks(3, 6)).toEqual([0, 1, 2]);
  expect(indexTicks(1, 6)).toEqual([0]);
});

describe('numbers as text', () => {
  test('use the minus sign, not the hyphen', () => {
    expect(formatTick(-0.5, 0.5)).toBe('\u22120.5');
    expect(formatNumber(-1, 2)).toBe('\u22121.00');
    expect(formatCount(-1352000)).toBe('\u22121,352,000');
  });

  test('share the decimals of the step, and zero is plain', () => {
    expect([0, 0.5, 1].map((value) => formatTick(value, 0.5))).toEqual(['0', '0.5', '1.0']);
    expect(formatTick(0.25, 0.05)).toBe('0.25');
    expect(formatTick(2000, 1000)).toBe('2000');
  });

  test('never write a negative zero', () => {
    expect(formatNumber(-0.001, 2)).toBe('0.00');
  });
});
