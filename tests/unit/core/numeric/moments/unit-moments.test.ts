import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addUnitValues,
  createUnitMoments,
  finishUnitStatistics,
  mergeUnitMoments,
  mergeUnitSums,
  type UnitMoments,
} from '#core/numeric/moments/unit-moments.ts';
import { createRandom } from '#core/random.ts';
import { expectClose, type Tolerance } from '../../close.ts';

const tolerance: Tolerance = {
  rtol: 1e-9,
  atol: 1e-9,
  reason: 'fourth powers summed in float64 after a shift',
};

const fields = ['mean', 'm2', 'm3', 'm4', 'sumAbs', 'zeros', 'min', 'max'] as const;

function ofColumn(values: number[]): UnitMoments {
  const moments = createUnitMoments(1);
  addUnitValues(moments, Float64Array.from(values), values.length, 1);
  return moments;
}

function direct(values: number[]): Record<(typeof fields)[number], number> {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const central = (power: number) => values.reduce((sum, x) => sum + (x - mean) ** power, 0);
  return {
    mean,
    m2: central(2),
    m3: central(3),
    m4: central(4),
    sumAbs: values.reduce((sum, x) => sum + Math.abs(x), 0),
    zeros: values.filter((x) => x === 0).length,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

const reluValue = fc.oneof(fc.constant(0), fc.double({ min: -4, max: 9, noNaN: true }));

describe('unit moments', () => {
  test('equal the definition for any batches', () => {
    fc.assert(
      fc.property(
        fc.array(reluValue, { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 9 }),
        (values, size) => {
          const moments = createUnitMoments(1);
          for (let at = 0; at < values.length; at += size) {
            const batch = Float64Array.from(values.slice(at, at + size));
            addUnitValues(moments, batch, batch.length, 1);
          }
          const expected = direct(values);
          expect(moments.n).toBe(values.length);
          for (const field of fields) {
            const scale = field === 'm3' ? 1e3 : field === 'm4' ? 1e4 : 1;
            expectClose([moments[field][0] / scale], [expected[field] / scale], tolerance);
          }
        },
      ),
    );
  });

  test('shards merge in any order and grouping', () => {
    const list = fc.array(reluValue, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(list, list, list, (a, b, c) => {
        const left = ofColumn(a);
        mergeUnitMoments(left, ofColumn(b));
        mergeUnitMoments(left, ofColumn(c));
        const right = ofColumn(c);
        mergeUnitMoments(right, ofColumn(a));
        const nested = ofColumn(b);
        mergeUnitMoments(nested, right);
        const expected = direct([...a, ...b, ...c]);
        for (const merged of [left, nested]) {
          for (const field of fields)
            expectClose([merged[field][0] / 1e3], [expected[field] / 1e3], tolerance);
        }
      }),
    );
  });

  test('reads [images, units, positions] as it reads [samples, units]', () => {
    const random = createRandom(1);
    const [images, units, positions] = [4, 3, 5];
    const maps = Float32Array.from({ length: images * units * positions }, () => random.nextFloat() - 0.2);
    const samples = new Float32Array(maps.length);
    for (let m = 0; m < images; m++)
      for (let u = 0; u < units; u++)
        for (let k = 0; k < positions; k++)
          samples[(m * positions + k) * units + u] = maps[(m * units + u) * positions + k];
    const [a, b] = [createUnitMoments(units), createUnitMoments(units)];
    addUnitValues(a, maps, images, positions);
    addUnitValues(b, samples, images * positions, 1);
    for (const field of fields) expectClose(a[field], b[field], tolerance);
  });

  test('an empty side is neutral', () => {
    const moments = ofColumn([1, 2, 4]);
    const before = structuredClone(moments);
    mergeUnitMoments(moments, createUnitMoments(1));
    addUnitValues(moments, new Float32Array(0), 0, 1);
    mergeUnitSums(moments, 0, new Float64Array(1), new Float64Array(8));
    expect(moments).toEqual(before);
  });

  test('a value that is not finite is refused with its unit and leaves the accumulator as it was', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      const moments = createUnitMoments(2);
      addUnitValues(moments, Float32Array.of(1, 2, 3, 4), 2, 1);
      const before = structuredClone(moments);
      expect(() => addUnitValues(moments, Float32Array.of(1, 2, 3, bad), 2, 1)).toThrow(/Unit 1 has/);
      expect(moments).toEqual(before);
    }
  });

  test('refuses shapes that do not fit', () => {
    expect(() => addUnitValues(createUnitMoments(2), new Float32Array(5), 2, 1)).toThrow(/got 5/);
    expect(() => mergeUnitMoments(createUnitMoments(2), createUnitMoments(1))).toThrow(/1 units/);
    expect(() => mergeUnitSums(createUnitMoments(1), 1, new Float64Array(1), new Float64Array(7))).toThrow(
      /got 1 and 7/,
    );
    expect(() => createUnitMoments(-1)).toThrow(/whole number/);
  });
});

describe('finishUnitStatistics', () => {
  test('closed forms: a two-valued unit', () => {
    // 0 with share 3/4, 2 with share 1/4: variance 3/4, kurtosis (1 - 3pq)/pq = 7/3, sparseness (1 - 1/4)/(1 - 1/8).
    const s = finishUnitStatistics(ofColumn([0, 2, 0, 0, 0, 2, 0, 0]));
    const found = [s.mean, s.std, s.min, s.max, s.fractionZero, s.kurtosis, s.lifetimeSparseness].map(
      (a) => a[0],
    );
    expectClose(found, [0.5, Math.sqrt(0.75), 0, 2, 0.75, 7 / 3, 0.75 / 0.875], tolerance);
    expect(s.dead[0]).toBe(0);
  });

  test('a unit that answers one input only has sparseness 1; sign does not matter', () => {
    const s = finishUnitStatistics(ofColumn([0, 0, 0, -5, 0]));
    expectClose(s.lifetimeSparseness, [1], tolerance);
  });

  test('constant units are dead whatever the rounding of their moments', () => {
    for (const constant of [0, 0.1, -3e7, 1 / 3]) {
      const moments = ofColumn([constant, constant, constant]);
      expect(moments.m2[0]).toBe(0);
      moments.m2[0] = 1e-12; // the noise an engine's float32 sums can leave
      moments.m4[0] = 1e-30;
      const s = finishUnitStatistics(moments);
      expect([s.dead[0], s.std[0], s.kurtosis[0], s.lifetimeSparseness[0]]).toEqual([1, 0, 0, 0]);
      expect(s.mean[0]).toBe(constant);
    }
  });

  test('one sample: dead, nothing is NaN', () => {
    const s = finishUnitStatistics(ofColumn([3]));
    expect([s.mean[0], s.std[0], s.kurtosis[0], s.lifetimeSparseness[0], s.dead[0]]).toEqual([3, 0, 0, 0, 1]);
  });

  test('nothing is ever NaN or out of range', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e60, max: 1e60 }), { minLength: 1 }), (values) => {
        const s = finishUnitStatistics(ofColumn(values));
        for (const column of Object.values(s)) expect(Number.isFinite(column[0])).toBe(true);
        expect(s.lifetimeSparseness[0]).toBeGreaterThanOrEqual(0);
        expect(s.lifetimeSparseness[0]).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('needs a sample', () => {
    expect(() => finishUnitStatistics(createUnitMoments(1))).toThrow(/at least one sample/);
  });
});
