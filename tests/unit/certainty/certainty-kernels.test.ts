import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockCorrelation, blockCorrelations } from '#core/numeric/certainty/block-correlation.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { prepareBlocks } from '#core/numeric/certainty/block-moments.ts';
import { bootstrapWeights, randomHalves } from '#core/numeric/certainty/block-weights.ts';
import { falseDiscovery } from '#core/numeric/certainty/false-discovery.ts';
import { shrinkVariance, variancePrior } from '#core/numeric/certainty/moderated-variance.ts';
import { nullCorrelation } from '#core/numeric/certainty/null-correlation.ts';
import { bootstrapPairs } from '#core/numeric/certainty/pair-bootstrap.ts';
import { percentileInterval } from '#core/numeric/certainty/percentile.ts';
import { rematch } from '#core/numeric/certainty/rematching.ts';
import { nullPValues, shuffleNull } from '#core/numeric/certainty/shuffle-null.ts';
import { splitHalfMatching } from '#core/numeric/certainty/split-half.ts';
import { structureCeiling } from '#core/numeric/certainty/structure-ceiling.ts';
import { studentUpperTail } from '#core/numeric/certainty/tail-probability.ts';
import { correlationFromMoments } from '#core/numeric/correlation/correlation-from-moments.ts';
import { createJointMoments, mergeJointMoments } from '#core/numeric/moments/joint-moments.ts';
import { createRandom } from '#core/random.ts';
import { expectClose, type Tolerance } from '../core/close.ts';
import { momentsOfRows, normal } from './planted.ts';

const close: Tolerance = { rtol: 0, atol: 1e-12, reason: 'the same sums in another order' };

function randomBlocks(sizes: number[], units: number, seed: number, offset = 0) {
  const random = createRandom(seed);
  return sizes.map((size) =>
    momentsOfRows(
      Float64Array.from({ length: size * units }, () => offset + normal(random)),
      units,
    ),
  );
}

describe('weights of blocks', () => {
  test('every resample draws as many blocks as there are; seeds repeat and differ', () => {
    const weights = bootstrapWeights(7, 40, 3);
    for (let k = 0; k < 40; k++) {
      expect(weights.subarray(k * 7, k * 7 + 7).reduce((sum, w) => sum + w, 0)).toBe(7);
    }
    expect(bootstrapWeights(7, 40, 3)).toEqual(weights);
    expect(bootstrapWeights(7, 40, 4)).not.toEqual(weights);
  });

  test('halves take half of the blocks, odd ones fewer', () => {
    const halves = randomHalves(7, 5, 0);
    for (let k = 0; k < 5; k++) {
      expect(halves.subarray(k * 7, k * 7 + 7).reduce((sum, w) => sum + w, 0)).toBe(3);
    }
    expect(() => randomHalves(1, 5, 0)).toThrow(/number of blocks, 1/);
    expect(() => bootstrapWeights(3, 0, 0)).toThrow(/resamples, 0/);
  });
});

describe('resampled correlations', () => {
  const dead = new Uint8Array(5);
  const [a, b] = [
    { start: 0, count: 2 },
    { start: 2, count: 3 },
  ];

  test('equal those of the merged blocks, however far the mean lies', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }), fc.nat(1000), (weights, offset) => {
        fc.pre(weights.some((w) => w > 0));
        const blocks = randomBlocks([5, 9, 3, 8], 5, 11, offset);
        const merged = createJointMoments(5);
        weights.forEach((w, k) => {
          for (let times = 0; times < w; times++) mergeJointMoments(merged, blocks[k]);
        });
        const range = { rowStart: 0, rowCount: 2, colStart: 2, colCount: 3 };
        const found = blockCorrelation(prepareBlocks(blocks), Float64Array.from(weights), a, b, dead);
        const tolerance = { ...close, atol: 1e-9, reason: 'a mean of 1000 costs three digits twice' };
        expectClose(found, correlationFromMoments(merged, range), tolerance);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['a pair', { start: 0, count: 130 }, { start: 130, count: 150 }],
    ['a pair the other way round', { start: 130, count: 150 }, { start: 0, count: 130 }],
    ['a network with itself', { start: 130, count: 150 }, { start: 130, count: 150 }],
  ])('of many choices at once are those of each: %s', async (_, rows, cols) => {
    const blocks = [...randomBlocks([5, 9, 3, 8], 280, 3, 2), createJointMoments(280)];
    const weights = Float64Array.of(1, 0, 2, 1, 1, 0, 0, 0, 0, 1, 0, 3, 0, 0, 0);
    const dead = new Uint8Array(280);
    dead[7] = dead[140] = 1;
    const prepared = prepareBlocks(blocks);
    const alone = [0, 5, 10].map((from) =>
      blockCorrelation(prepared, weights.subarray(from, from + 5), rows, cols, dead),
    );
    const into = alone.map(({ length }) => new Float64Array(length).fill(7));
    const options = { algebra: pureLinearAlgebra, into };
    const found = await blockCorrelations(prepared, weights, rows, cols, dead, options);
    found.forEach((matrix, at) => {
      expect(matrix).toBe(into[at]);
      expectClose(matrix, alone[at], close);
    });
    // The second choice is of an empty group alone.
    expect(found[1].every((r) => r === 0)).toBe(true);
    expect(found[0].some((r) => r !== 0)).toBe(true);
  });

  test('no partner, a dead unit, a unit constant in the resample: 0, never NaN', () => {
    const constant = momentsOfRows(Float64Array.of(4, 1, 4, 2, 4, 5), 2);
    const varied = momentsOfRows(Float64Array.of(4, 1, 5, 3, 6, 2), 2);
    const prepared = prepareBlocks([constant, varied, createJointMoments(2)]);
    const weights = Float64Array.of(2, 0, 1, 1, 1, 1, 0, 0, 2);
    const live = bootstrapPairs(
      prepared,
      Int32Array.of(0, 0),
      Int32Array.of(1, -1),
      weights,
      new Uint8Array(2),
    );
    expect([live[0], live[1], live[3], live[4], live[5]]).toEqual([0, 0, 0, 0, 0]);
    expect(live[2]).not.toBe(0);
    const none = bootstrapPairs(prepared, Int32Array.of(0), Int32Array.of(1), weights, Uint8Array.of(0, 1));
    expect([...none]).toEqual([0, 0, 0]);
  });

  test('refuses what does not fit', async () => {
    const prepared = prepareBlocks(randomBlocks([5, 5], 5, 1));
    expect(() => prepareBlocks([createJointMoments(2)])).toThrow(/at least one block with samples/);
    expect(() => prepareBlocks([...randomBlocks([5], 5, 1), ...randomBlocks([5], 4, 1)])).toThrow(/differ/);
    expect(() => blockCorrelation(prepared, new Float64Array(3), a, b, dead)).toThrow(
      /3 weights for 2 blocks/,
    );
    expect(() => blockCorrelation(prepared, new Float64Array(2), a, b, new Uint8Array(4))).toThrow(/mask/);
    expect(() =>
      bootstrapPairs(prepared, Int32Array.of(0), Int32Array.of(1), new Float64Array(3), dead),
    ).toThrow(/do not fit/);
    const many = (weights: number, into?: Float64Array[]) =>
      blockCorrelations(prepared, new Float64Array(weights), a, b, dead, {
        algebra: pureLinearAlgebra,
        into,
      });
    await expect(many(3)).rejects.toThrow(/3 weights for 2 blocks/);
    await expect(many(4, [new Float64Array(5)])).rejects.toThrow(/do not fit/);
  });
});

describe('matching again', () => {
  const good = Float64Array.of(0.9, 0.1, 0.2, 0.8);
  const swapped = Float64Array.of(0.1, 0.7, 0.9, 0.2);
  const partners = { semi: Int32Array.of(0, 1), match: Int32Array.of(0, 1) };

  test('stability is the share of resamples that keep the partner', async () => {
    const resample = (k: number) => Promise.resolve(k === 3 ? swapped : good);
    const again = await rematch(4, resample, [2, 2], partners, new Uint8Array(2));
    expect([...again.matchStability]).toEqual([0.75, 0.75]);
    expect([...again.semiStability]).toEqual([0.75, 0.75]);
    expectClose(again.matchMean, [0.85, 0.85, 0.85, 0.8], close);
    const dead = await rematch(
      2,
      () => Promise.resolve(good),
      [2, 2],
      { ...partners, semi: Int32Array.of(-1, 1) },
      Uint8Array.of(1, 0),
    );
    expect([...dead.semiStability]).toEqual([0, 1]);
  });

  test('halves: cross scores, own scores, agreement', () => {
    const { crossMatchMean, ownMatchMean, agreement } = splitHalfMatching(good, swapped, 2, 2);
    expectClose([crossMatchMean, ownMatchMean, agreement], [0.15, 0.825, 0], close);
    expect(splitHalfMatching(good, good, 2, 2).agreement).toBe(1);
    expect(splitHalfMatching(new Float64Array(0), new Float64Array(0), 0, 3).crossMatchMean).toBe(0);
  });
});

describe('structure and its noise ceiling', () => {
  test('the same structure without noise scores 1 under a ceiling of 1', () => {
    const structure = Float64Array.of(1, 0.5, 0.1, 0.5, 1, -0.3, 0.1, -0.3, 1);
    const half = { a: structure, b: structure };
    const found = structureCeiling(half, half, 3);
    expectClose([found?.score ?? NaN, found?.ceiling ?? NaN], [1, 1], close);
  });

  test('nothing to compare: null', () => {
    const flat = new Float64Array(9).fill(0.4);
    expect(structureCeiling({ a: flat, b: flat }, { a: flat, b: flat }, 3)).toBeNull();
    expect(
      structureCeiling(
        { a: flat.slice(0, 4), b: flat.slice(0, 4) },
        { a: flat.slice(0, 4), b: flat.slice(0, 4) },
        2,
      ),
    ).toBeNull();
    expect(() => structureCeiling({ a: flat, b: flat }, { a: flat, b: flat }, 4)).toThrow(/not of 4 units/);
  });

  test('on average the score of two noisy copies of one structure reaches the ceiling and no more', () => {
    const random = createRandom(5);
    const units = 12;
    const truth = Float64Array.from({ length: units * units }, () => 0.3 * normal(random));
    const noisy = () => truth.map((value) => value + 0.3 * normal(random));
    let [score, ceiling] = [0, 0];
    for (let run = 0; run < 200; run++) {
      const found = structureCeiling({ a: noisy(), b: noisy() }, { a: noisy(), b: noisy() }, units);
      score += (found?.score ?? 0) / 200;
      ceiling += (found?.ceiling ?? 0) / 200;
    }
    expect(Math.abs(score - ceiling)).toBeLessThan(0.02);
    expect(ceiling).toBeGreaterThan(0.4);
    expect(ceiling).toBeLessThan(0.6);
  });
});

describe('false discovery', () => {
  test('closed form, ties, order, none', () => {
    const p = Float64Array.of(0.04, 0.01, 0.04, 1);
    const { q, rejected } = falseDiscovery(p);
    expectClose(p.map(q), [0.16 / 3, 0.04, 0.16 / 3, 1], close);
    expect(rejected(0.05)).toEqual({ positive: 1, any: 0 });
    expect(rejected(0.1)).toEqual({ positive: 3, any: 1 }); // 1 + 1/2 + 1/3 + 1/4 = 2.08
    expect(falseDiscovery(new Float64Array(0)).rejected(0.5)).toEqual({ positive: 0, any: 0 });
    expect(() => falseDiscovery(Float64Array.of(NaN))).toThrow(/no p-value/);
  });

  test('q is at least p, at most 1, in the order of p; fewer are rejected under any dependence', () => {
    const p = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(p, fc.double({ min: 0, max: 1, noNaN: true }), (list, level) => {
        const values = Float64Array.from(list);
        const { q, rejected } = falseDiscovery(values);
        const all = values.map(q);
        values.forEach((value, k) => {
          expect(all[k]).toBeGreaterThanOrEqual(value);
          expect(all[k]).toBeLessThanOrEqual(1);
          values.forEach((other, j) => other < value && expect(all[j]).toBeLessThanOrEqual(all[k]));
        });
        expect(rejected(level).positive).toBe(all.filter((value) => value <= level).length);
        expect(rejected(level).any).toBeLessThanOrEqual(rejected(level).positive);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the null of shuffled images', () => {
  test('variances that differ by chance alone are pooled; others keep part of their own', () => {
    const random = createRandom(1);
    const chi = (scale: number) => {
      let sum = 0;
      for (let k = 0; k < 9; k++) sum += normal(random) ** 2;
      return (scale * sum) / 9;
    };
    const alike = variancePrior(
      Float64Array.from({ length: 3000 }, () => chi(2)),
      9,
    );
    expect(alike?.degrees).toBeGreaterThan(150);
    expect(alike?.variance).toBeGreaterThan(1.9);
    expect(alike?.variance).toBeLessThan(2.1);
    const mixed = variancePrior(
      Float64Array.from({ length: 3000 }, (_, k) => chi(k % 2 === 0 ? 1 : 9)),
      9,
    );
    expect(mixed?.degrees).toBeLessThan(5);
    expect(shrinkVariance(1, 9, { variance: 3, degrees: 9 })).toBe(2);
    expect(shrinkVariance(1, 9, { variance: 3, degrees: Infinity })).toBe(3);
    expect(variancePrior(new Float64Array(4), 3)).toBeNull();
    expect(() => variancePrior(new Float64Array(4), 0)).toThrow(/degrees of freedom/);
  });

  test('pairs that are not tested have p = 1; a null without variation decides by sign', () => {
    const tested = Uint8Array.of(1, 1, 0);
    const flat = shuffleNull(
      [0, 1, 2].map(() => Float64Array.of(0.1, 0.1, 0)),
      tested,
    );
    expect([...nullPValues(Float64Array.of(0.2, 0.05, 0.9), tested, flat)]).toEqual([0, 1, 1]);
    expect(flat.meanVariance).toBe(0);
    expect(() =>
      shuffleNull(
        [tested, tested].map(() => new Float64Array(3)),
        tested,
      ),
    ).toThrow(/at least 3/);
    expect(() => nullPValues(new Float64Array(2), tested, flat)).toThrow(/differ in length/);
  });

  test('correlations take deviations from the data and products from the shuffle, either way round', () => {
    const [data, other] = randomBlocks([30, 30], 4, 9);
    const dead = Uint8Array.of(0, 0, 0, 1);
    const [a, b] = [
      { start: 0, count: 2 },
      { start: 2, count: 2 },
    ];
    const r = nullCorrelation(data, other, a, b, dead);
    expectClose([r[0], r[1]], [other.m2[2] / Math.sqrt(data.m2[0] * data.m2[10]), 0], close);
    const back = nullCorrelation(data, other, b, a, dead);
    expectClose([back[0], back[1]], [r[0], r[2]], close);
    expect(() => nullCorrelation(data, createJointMoments(4), a, b, dead)).toThrow(/samples/);
  });

  test('tails: symmetric, monotone, and refused where undefined', () => {
    expect(studentUpperTail(0, 5)).toBeCloseTo(0.5, 15);
    expect(studentUpperTail(1, 1)).toBeCloseTo(0.25, 14);
    expect(studentUpperTail(Infinity, 3)).toBe(0);
    expect(studentUpperTail(-1.3, 4) + studentUpperTail(1.3, 4)).toBe(1);
    expect(() => studentUpperTail(NaN, 3)).toThrow(/No t distribution/);
    expect(() => studentUpperTail(1, 0)).toThrow(/No t distribution/);
  });
});

test('percentile interval: one value, and what it refuses', () => {
  expect(percentileInterval(Float64Array.of(3), 0.95)).toEqual({ low: 3, high: 3 });
  expect(() => percentileInterval(new Float64Array(0), 0.95)).toThrow(/at least one/);
  expect(() => percentileInterval(Float64Array.of(3), 1)).toThrow(/level 1/);
});
