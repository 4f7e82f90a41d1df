import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { createJointMoments } from '#core/numeric/moments/joint-moments.ts';
import { allUnits, maximumMatch } from '#core/numeric/neighbourhoods/maximum-match.ts';
import { simpleMatch } from '#core/numeric/neighbourhoods/simple-match.ts';
import { smallSpanResiduals } from './small-span-residuals.ts';
import { spanResiduals } from '#core/numeric/neighbourhoods/span-residuals.ts';
import { uncentredCosines, type UnitCosines } from '#core/numeric/neighbourhoods/uncentred-cosines.ts';
import { createRandom } from '#core/random.ts';
import { neighbourhoodsTask } from '#workers/align/neighbourhoods-task.ts';
import { expectClose } from '../core/close.ts';
import { inputOf, momentsOfRows, normal, quietContext, shared, type Plan } from '../certainty/planted.ts';

const unlimited = () => ({ done: 0, limit: 1e10 });

/** Cosines of vectors given as columns: A's first. */
function cosinesOf(columns: number[][], countA: number): UnitCosines {
  const rows = columns[0].flatMap((_, sample) => columns.map((column) => column[sample]));
  const moments = momentsOfRows(Float64Array.from(rows), columns.length);
  return uncentredCosines(
    moments,
    { start: 0, count: countA },
    { start: countA, count: columns.length - countA },
  );
}

describe('uncentred cosines', () => {
  test('closed form; constants are vectors, zeros are not', () => {
    const { cosine, zero } = cosinesOf(
      [
        [1, 0, 0],
        [2, 2, 2],
        [0, 0, 0],
        [0, 3, 3],
      ],
      2,
    );
    expect([...zero]).toEqual([0, 0, 1, 0]);
    const third = 1 / Math.sqrt(3);
    const two = Math.sqrt(2 / 3);
    const tolerance = { rtol: 0, atol: 1e-14, reason: 'three samples' };
    expectClose(cosine, [1, third, 0, 0, third, 1, 0, two, 0, 0, 0, 0, 0, two, 0, 1], tolerance);
  });

  test('refuses no samples and ranges outside', () => {
    const range = { start: 0, count: 1 };
    expect(() => uncentredCosines(createJointMoments(2), range, range)).toThrow(/at least one sample/);
    const moments = momentsOfRows(Float64Array.of(1, 2), 2);
    expect(() => uncentredCosines(moments, range, { start: 1, count: 2 })).toThrow(/1\.\.3/);
  });
});

describe('residuals', () => {
  test('closed form, sources that depend on each other, none', async () => {
    const cosines = cosinesOf(
      [
        [1, 1, 0],
        [0, 0, 2],
        [1, 0, 0],
        [2, 0, 0],
        [0, 1, 0],
      ],
      2,
    );
    const [x, y] = [Int32Array.of(0, 1), Int32Array.of(2, 3, 4)];
    const tolerance = { rtol: 0, atol: 1e-7, reason: 'the root of a rounding error' };
    expectClose(await spanResiduals(cosines, x, y, pureLinearAlgebra), [0, 1], tolerance);
    expectClose(smallSpanResiduals(cosines, x, y, unlimited()), [0, 1], tolerance);
    expectClose(smallSpanResiduals(cosines, x, Int32Array.of(2), unlimited()), [Math.SQRT1_2, 1], tolerance);
    expect([...(await spanResiduals(cosines, x, new Int32Array(0), pureLinearAlgebra))]).toEqual([1, 1]);
    expect([...smallSpanResiduals(cosines, x, new Int32Array(0), unlimited())]).toEqual([1, 1]);
  });

  test('both ways agree and stay in [0, 1] on random sets, twins included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), fc.integer({ min: 1, max: 7 }), async (seed, sources) => {
        const random = createRandom(seed);
        const columns = Array.from({ length: 4 + sources }, () =>
          Array.from({ length: 6 }, () => normal(random)),
        );
        columns[3] = columns[4].map((value) => 2 * value);
        const cosines = cosinesOf(columns, 4);
        const [x, y] = [Int32Array.of(0, 1, 2, 3), Int32Array.from({ length: sources }, (_, k) => 4 + k)];
        const small = smallSpanResiduals(cosines, x, y, unlimited());
        const tolerance = { rtol: 0, atol: 2e-5, reason: 'residuals below about 1e-5 are rounding' };
        expectClose(small, await spanResiduals(cosines, x, y, pureLinearAlgebra), tolerance);
        expect(small.every((r) => r >= 0 && r <= 1)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

/** Units 0..2 of A span the same as units 0..2 of B; unit 3 of A is unit 3 of B; 4 and 5 are each network's own. */
function planted(seed: number, noise: number): number[][] {
  const random = createRandom(seed);
  const feature = () => Array.from({ length: 300 }, () => normal(random));
  const base = Array.from({ length: 8 }, feature);
  const mix = (weights: number[]) =>
    base[0].map((_, at) => weights.reduce((sum, w, k) => sum + w * base[k][at], 0));
  const rotated = [mix([2, 2, 1]), mix([-2, 1, 2]), mix([1, -2, 2])];
  const b = [...rotated, mix([0, 0, 0, 5]), base[6], base[7]].map((column) =>
    column.map((value) => value + noise * normal(random)),
  );
  return [base[0], base[1], base[2], base[3], base[4], base[5], ...b];
}

describe('planted neighbourhoods', () => {
  test.each([1, 2, 3])('are found exactly (seed %i)', async (seed) => {
    const cosines = cosinesOf(planted(seed, 0.1), 6);
    const maximum = await maximumMatch(cosines, allUnits(cosines), 0.2, pureLinearAlgebra);
    expect([[...maximum.x], [...maximum.y]]).toEqual([
      [0, 1, 2, 3],
      [6, 7, 8, 9],
    ]);
    for (const v of [0, 1, 2, 6, 7, 8]) {
      const found = simpleMatch(cosines, maximum, v, 0.2, unlimited());
      expect([[...(found?.x ?? [])], [...(found?.y ?? [])]]).toEqual([
        [0, 1, 2],
        [6, 7, 8],
      ]);
    }
    const twin = simpleMatch(cosines, maximum, 3, 0.2, unlimited());
    expect([[...(twin?.x ?? [])], [...(twin?.y ?? [])]]).toEqual([[3], [9]]);
    expect(() => simpleMatch(cosines, maximum, 4, 0.2, unlimited())).toThrow(/no match/);
    expect(simpleMatch(cosines, maximum, 0, 0.2, { done: 1, limit: 0 })).toBeNull();
  });

  test('maximum matches of growing epsilon contain each other, and starting inside gives the same', async () => {
    const cosines = cosinesOf(planted(4, 0.6), 6);
    const all = allUnits(cosines);
    let outer = all;
    for (const epsilon of [0.9, 0.6, 0.4, 0.2, 0.1]) {
      const fresh = await maximumMatch(cosines, all, epsilon, pureLinearAlgebra);
      const nested = await maximumMatch(cosines, outer, epsilon, pureLinearAlgebra);
      expect(nested).toEqual(fresh);
      expect(fresh.x.length === 0).toBe(fresh.y.length === 0);
      outer = fresh;
    }
    await expect(maximumMatch(cosines, all, 1, pureLinearAlgebra)).rejects.toThrow(/Epsilon 1/);
  });
});

describe('the task', () => {
  const plan: Plan = {
    images: 300,
    positions: 1,
    features: [
      [0, 1, 2, 3],
      [2, 0, 4, 5, -1],
    ],
    noise: 0.05,
    smoothness: 0,
    seed: 2,
  };
  const analysis = { name: 'neighbourhoods' as const, epsilons: [0.1, 0.3] };

  test('points in ascending epsilon, masks and members that agree', async () => {
    const input = inputOf(plan, analysis, { blocks: 0, nulls: 0 });
    const { headline, arrays } = await neighbourhoodsTask(input, quietContext(pureLinearAlgebra));
    const points = headline.points as Record<string, number>[];
    expect(points.map(({ epsilon }) => epsilon)).toEqual([0.1, 0.3]);
    expect(points[0]).toMatchObject({
      sizesA: 2,
      sizesB: 2,
      simpleMatches: 2,
      simpleOneToOne: 2,
      searched: 4,
    });
    expect(points[0].maximumMatchSimilarity).toBeCloseTo(4 / 9, 14);
    const data = (name: string) => [...(arrays.find((array) => array.name === name)?.data ?? [])];
    expect(data('maximum-a-0.1')).toEqual([1, 0, 1, 0]);
    expect(data('maximum-b-0.1')).toEqual([1, 1, 0, 0, 0]);
    const simple = data('simple-of-unit-0.1');
    expect([simple[0], simple[2]]).toEqual([simple[5], simple[4]]);
    expect(simple.filter((index) => index === -1).length).toBe(5);
    expect(arrays.find(({ name }) => name === 'simple-0.1')).toMatchObject({ rows: 2, cols: 9 });
    for (const array of arrays) expect(array.data.length).toBe(array.rows * array.cols);
    expect(data('residual-a').every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  test('units that never fire are counted and left out', async () => {
    const input = inputOf(plan, analysis, { blocks: 0, nulls: 0 });
    const rows = Float64Array.of(1, 0, 1, 0, 2, 0, 2, 0);
    const train = shared(rows, 4);
    const small = { ...input, train, a: { start: 0, count: 2 }, b: { start: 2, count: 2 } };
    const { headline } = await neighbourhoodsTask(small, quietContext(pureLinearAlgebra));
    expect(headline).toMatchObject({ zeroA: 1, zeroB: 1 });
    expect((headline.points as Record<string, number>[])[0].maximumMatchSimilarity).toBe(1);
  });
});
