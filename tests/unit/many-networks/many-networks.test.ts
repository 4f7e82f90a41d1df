import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convergence } from '#core/numeric/many-networks/convergence.ts';
import { cycleConsistency } from '#core/numeric/many-networks/cycle-consistency.ts';
import { layerMap } from '#core/numeric/many-networks/layer-map.ts';
import { matchAllPairs } from '#core/numeric/many-networks/pair-matchings.ts';
import { createJointMoments } from '#core/numeric/moments/joint-moments.ts';
import { createRandom, shuffle } from '#core/random.ts';
import { layerMapTask } from '#workers/align/layer-map-task.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { manyNetworksTask } from '#workers/align/many-networks-task.ts';
import { expectClose } from '../core/close.ts';
import { inputOf, momentsOfRows, normal, quietContext, type Plan } from '../certainty/planted.ts';

const live = (count: number): Uint8Array => new Uint8Array(count);

/** Scores that make a given permutation the matching. */
function permutationScore(permutation: ArrayLike<number>): Float64Array {
  const size = permutation.length;
  return Float64Array.from({ length: size * size }, (_, at) =>
    permutation[Math.floor(at / size)] === at % size ? 1 : 0,
  );
}

describe('cycles', () => {
  const size = 6;
  const permutation = (seed: number) =>
    shuffle(
      Uint32Array.from({ length: size }, (_, k) => k),
      createRandom(seed),
    );

  test('matchings that come from one common order close every cycle', () => {
    fc.assert(
      fc.property(fc.nat(10_000), (seed) => {
        const orders = [0, 1, 2, 3].map((k) => permutation(4 * seed + k));
        // Unit u of network k is feature orders[k][u].
        const pairs = matchAllPairs([size, size, size, size], (i, j) =>
          permutationScore(Array.from(orders[i], (feature) => orders[j].indexOf(feature))),
        );
        const found = cycleConsistency(
          pairs,
          orders.map(() => live(size)),
        );
        expect([found.triples, found.completed, found.share]).toEqual([4, 4 * 3 * size, 1]);
      }),
      { numRuns: 25 },
    );
  });

  test('random matchings close as many as chance says', () => {
    let [share, chance] = [0, 0];
    for (let run = 0; run < 300; run++) {
      const pairs = matchAllPairs([size, size, size], (i, j) =>
        permutationScore(permutation(10 * run + 3 * i + j)),
      );
      const found = cycleConsistency(
        pairs,
        [0, 1, 2].map(() => live(size)),
      );
      share += found.share / 300;
      chance += found.chance / 300;
    }
    expectClose([chance], [1 / size], { rtol: 1e-12, atol: 0, reason: 'a mean of equal numbers' });
    expect(Math.abs(share - chance)).toBeLessThan(0.03); // deviation of the mean about .009
  });

  test('dead units end a path; two networks have no cycle; a missing matching is refused', () => {
    const pairs = matchAllPairs([2, 2, 2], () => permutationScore([0, 1]));
    const found = cycleConsistency(pairs, [live(2), Uint8Array.of(1, 0), live(2)]);
    expect([found.completed, found.share, found.chance]).toEqual([3, 1, (0.5 + 1 + 0.5) / 3]);
    expect(
      cycleConsistency(
        matchAllPairs([2, 2], () => permutationScore([0, 1])),
        [live(2), live(2)],
      ),
    ).toMatchObject({
      triples: 0,
      completed: 0,
      share: 0,
    });
    expect(() => cycleConsistency(pairs.slice(1), [live(2), live(2), live(2)])).toThrow(/no matching/);
  });
});

describe('convergence', () => {
  test('all, some, one; dead units are none of them', () => {
    const pairs = matchAllPairs([3, 3, 3], () => permutationScore([0, 1, 2]));
    const dead = [Uint8Array.of(0, 0, 1), live(3), live(3)];
    // Unit 0 passes everywhere, unit 1 only between networks 0 and 1.
    const found = convergence(pairs, dead, (pair, row) => row === 0 || (row === 1 && pair === 0));
    expect(found.held.map((counts) => [...counts])).toEqual([
      [2, 1, 0],
      [2, 1, 0],
      [2, 0, 0],
    ]);
    expect(found).toMatchObject({ inAll: 3, inSome: 2, inOne: 3, live: 8 });
    expect(found.mean).toBeCloseTo((3 + 1) / 8, 14);
  });

  test('one network alone; pairs that do not fit', () => {
    expect(convergence([], [live(2)], () => true)).toMatchObject({ inAll: 0, inOne: 2, mean: 0 });
    const pairs = matchAllPairs([2, 2], () => permutationScore([0, 1]));
    expect(() => convergence(pairs, [live(3), live(2)], () => true)).toThrow(/does not fit/);
  });
});

describe('the task of many networks', () => {
  /** Features 0..3 in all four networks, 4 and 5 in two, the rest in one; the last unit of the third is dead. */
  const plan: Plan = {
    images: 150,
    positions: 3,
    features: [
      [0, 1, 2, 3, 4, 5, 6],
      [3, 2, 1, 0, 7, 5, 4],
      [1, 0, 3, 2, 8, 9, -1],
      [2, 3, 0, 1, 10, 11, 12],
    ],
    noise: 0.5,
    smoothness: 0.5,
    seed: 6,
  };
  const analysis = { name: 'many-networks' as const, threshold: 0.5, fdr: 0.05 };

  test('planted features get the share of networks that hold them', async () => {
    const { headline, arrays } = await manyNetworksTask(
      inputOf(plan, analysis),
      quietContext(pureLinearAlgebra),
    );
    const data = (name: string) => arrays.find((array) => array.name === name)?.data ?? [];
    const expected = plan.features.flat().map((feature) => {
      if (feature < 0) return 0;
      return (plan.features.filter((list) => list.includes(feature)).length - 1) / 3;
    });
    expectClose(data('convergence'), expected, { rtol: 1e-14, atol: 0, reason: 'small fractions' });
    expect(headline).toMatchObject({
      networks: 4,
      pairs: 6,
      triples: 4,
      foundInAll: 16,
      foundInSome: 4,
      foundInOne: 7,
      liveUnits: 27,
    });
    // Calibrated: every planted match is a discovery; at most a few private ones are.
    const calibrated = data('convergence-calibrated');
    const excess = expected.reduce((sum, share, unit) => {
      expect(calibrated[unit]).toBeGreaterThanOrEqual(share - 1e-12);
      return sum + 3 * (calibrated[unit] - share);
    }, 0);
    expect(excess).toBeLessThanOrEqual(6);
    expect([...data('network')].slice(6, 9)).toEqual([0, 1, 1]);
    expect([...data('unit')].slice(6, 9)).toEqual([6, 0, 1]);
    expect(data('dead')[20]).toBe(1);
    const started = data('cycle-started');
    const returned = data('cycle-returned');
    plan.features.flat().forEach((feature, unit) => {
      if (feature >= 0 && feature <= 3) expect(returned[unit]).toBe(started[unit]);
    });
    expect(headline.cycleConsistency).toBeGreaterThan(headline.cycleChance as number);
    expect(headline.matchMeanLow).toBeLessThan(headline.matchMean as number);
    expect(headline.matchMeanHigh).toBeGreaterThan(headline.matchMean as number);
  });

  test('what the input does not allow is left out; two networks and one', async () => {
    const bare = inputOf({ ...plan, features: plan.features.slice(0, 2) }, analysis, { blocks: 0, nulls: 2 });
    const { headline } = await manyNetworksTask(bare, quietContext(pureLinearAlgebra));
    for (const key of ['matchMeanLow', 'cycleConsistency', 'calibratedFoundInAll'])
      expect(headline).not.toHaveProperty(key);
    expect(headline).toMatchObject({ triples: 0, pairs: 1 });
    const alone = await manyNetworksTask(
      { ...bare, networks: bare.networks.slice(0, 1) },
      quietContext(pureLinearAlgebra),
    );
    expect(alone.headline).toMatchObject({ networks: 1, pairs: 0, foundInOne: 7 });
    expect(alone.headline).not.toHaveProperty('matchMean');
    for (const { data } of alone.arrays) expect(data.every((value) => Number.isFinite(value))).toBe(true);
  });

  test('independent networks: the calibrated verdict finds next to nothing', async () => {
    let held = 0;
    for (let seed = 0; seed < 15; seed++) {
      const own = [0, 1, 2].map((network) => Array.from({ length: 8 }, (_, k) => 8 * network + k));
      const noise: Plan = { images: 60, positions: 6, features: own, noise: 0, smoothness: 0.95, seed };
      const { headline } = await manyNetworksTask(
        inputOf(noise, analysis, { blocks: 0 }),
        quietContext(pureLinearAlgebra),
      );
      held += (headline.calibratedConvergenceMean as number) * 24 * 2;
    }
    expect(held / (15 * 3 * 2)).toBeLessThan(0.25); // matches per pair of networks; 5 % of pairs may have one
  });
});

describe('layer map', () => {
  /** Layer k of both networks mixes its own two features; layers are 3 and 2 units wide. */
  function layered() {
    const random = createRandom(12);
    const rows: number[] = [];
    for (let sample = 0; sample < 400; sample++) {
      const f = Array.from({ length: 6 }, () => normal(random));
      const side = (width: number) =>
        [0, 1, 2].flatMap((layer) =>
          Array.from({ length: width }, (_, k) => f[2 * layer + (k % 2)] + 0.3 * normal(random)),
        );
      rows.push(...side(3), ...side(2));
    }
    return momentsOfRows(Float64Array.from(rows), 15);
  }
  const a = [0, 3, 6].map((start) => ({ start, count: 3 }));
  const b = [9, 11, 13].map((start) => ({ start, count: 2 }));

  test.each(['cka', 'matching'] as const)('finds the layers of the same features (%s)', (score) => {
    const map = layerMap(layered(), new Uint8Array(15), a, b, score);
    for (let row = 0; row < 3; row++) {
      for (let col = 0; col < 3; col++) {
        if (row === col) expect(map[row * 3 + col]).toBeGreaterThan(0.7);
        else expect(map[row * 3 + col]).toBeLessThan(0.2);
      }
    }
  });

  test('a layer scores 1 with itself; one without live units 0; scale of units does not matter to matching', () => {
    const moments = layered();
    const tolerance = { rtol: 0, atol: 1e-14, reason: 'a number over itself' };
    for (const score of ['cka', 'matching'] as const) {
      expectClose([layerMap(moments, new Uint8Array(15), [a[0]], [a[0]], score)[0]], [1], tolerance);
      const dead = Uint8Array.from({ length: 15 }, (_, unit) => (unit < 3 ? 1 : 0));
      expect(layerMap(moments, dead, [a[0]], b, score).every((value) => value === 0)).toBe(true);
      expect([...layerMap(moments, dead, [{ start: 0, count: 0 }], [b[0]], score)]).toEqual([0]);
    }
  });

  test('refuses what does not fit', () => {
    const moments = layered();
    expect(() => layerMap(moments, new Uint8Array(15), [{ start: 14, count: 2 }], b, 'cka')).toThrow(
      /14\.\.16/,
    );
    expect(() => layerMap(moments, new Uint8Array(3), a, b, 'cka')).toThrow(/mask/);
    expect(() => layerMap(createJointMoments(15), new Uint8Array(15), a, b, 'cka')).toThrow(/sample/);
  });

  test('the task: best layers both ways, means, and no map without ranges', async () => {
    const plan: Plan = {
      images: 200,
      positions: 1,
      features: [
        [0, 1, 2, 3],
        [2, 3, 0, 1],
      ],
      noise: 0.3,
      smoothness: 0,
      seed: 1,
    };
    const input = inputOf(
      plan,
      { name: 'layer-map' as const, score: 'matching' as const },
      { testShare: 0.25 },
    );
    const half = (start: number) => [
      { start, count: 2 },
      { start: start + 2, count: 2 },
    ];
    const layers = { names: ['first', 'second'], a: half(0), b: half(4) };
    const { headline, arrays } = await layerMapTask({ ...input, layers }, quietContext(pureLinearAlgebra));
    expect(headline).toMatchObject({ layersA: 2, layersB: 2, sameDepthBest: 0 });
    expect(headline.bestMean).toBeGreaterThan(0.8);
    expect([...(arrays.find(({ name }) => name === 'best-b')?.data ?? [])]).toEqual([1, 0]);
    expect(arrays.map(({ name }) => name)).toEqual(['layer-map', 'best-b', 'best-a', 'layer-map-test']);
    await expect(layerMapTask(input, quietContext(pureLinearAlgebra))).rejects.toThrow(
      /ranges of the layers/,
    );
  });
});
