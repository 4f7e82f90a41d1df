import { describe, expect, test } from 'vitest';
import { nullPValues, shuffleNull } from '#core/numeric/certainty/shuffle-null.ts';
import { studentUpperTail } from '#core/numeric/certainty/tail-probability.ts';
import { correlationBlock } from '#workers/align/correlation-block.ts';
import { certaintyTask } from '#workers/align/certainty-task.ts';
import type { AlignOutput } from '#workers/align/task.ts';
import { inputOf, quietContext, type Plan } from './planted.ts';

const analysis = { name: 'certainty' as const, resamples: 200, level: 0.95, fdr: 0.05, seed: 1 };

/** Units 0..9 of A are units 9..0 of B; 10..13 of each are its own; the last of A is dead. */
const planted: Plan = {
  images: 200,
  positions: 4,
  features: [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, -1],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 14, 15, 16, 17],
  ],
  noise: 0.7,
  smoothness: 0.6,
  seed: 3,
};

const numberOf = (output: AlignOutput, key: string): number => output.headline[key] as number;
const arrayOf = (output: AlignOutput, name: string) => {
  const found = output.arrays.find((array) => array.name === name);
  if (!found) throw new Error(`no array ${name}`);
  return found;
};

describe('planted networks', async () => {
  const output = await certaintyTask(inputOf(planted, analysis, { testShare: 0.25 }), quietContext());
  const shared = [...Array(10).keys()];

  test('every shared unit is found, stable and significant; own units are neither', () => {
    const q = arrayOf(output, 'q-value').data;
    const stability = arrayOf(output, 'stability').data;
    for (const unit of shared) {
      expect(arrayOf(output, 'match').data[unit]).toBe(9 - unit);
      expect(q[unit]).toBeLessThan(1e-4);
      expect(stability[unit]).toBe(1);
    }
    const found = shared.length;
    expect(numberOf(output, 'matchedDiscoveries')).toBeGreaterThanOrEqual(found); // recall 1
    expect(numberOf(output, 'discoveries')).toBeLessThanOrEqual(found + 2); // precision
    expect(numberOf(output, 'tested')).toBe(14 * 14);
    for (const unit of [10, 11, 12, 13]) expect(stability[unit]).toBeLessThan(0.9);
    expect(q[14]).toBe(1);
  });

  test('means, intervals and null stand in the order they must', () => {
    const key = (name: string) => numberOf(output, name);
    expect(key('matchMeanLow')).toBeLessThan(key('matchMean'));
    expect(key('matchMean')).toBeLessThan(key('matchMeanHigh'));
    expect(key('semiMeanLow')).toBeLessThan(key('semiMean'));
    expect(key('nullMatchMean')).toBeGreaterThan(0);
    expect(key('nullMatchMean')).toBeLessThan(key('splitHalfMatchMean'));
    expect(key('rematchedMatchMeanHigh')).toBeGreaterThan(key('matchMean'));
    expect(key('splitHalfSelection')).toBeGreaterThan(0);
    expect(key('heldOutDrop')).toBe(key('matchMean') - key('heldOutMatchMean'));
    expect(key('effectiveSamples')).toBeLessThan(key('samples'));
    expect(key('effectiveSamples')).toBeGreaterThan(key('images'));
    expect(key('noiseCeiling')).toBeGreaterThanOrEqual(0);
    expect(key('noiseCeiling')).toBeLessThanOrEqual(1);
  });

  test('every number is finite, every array has its size, and asking again gives the same bits', async () => {
    for (const value of Object.values(output.headline)) expect(Number.isFinite(value)).toBe(true);
    for (const { rows, cols, data } of output.arrays) {
      expect(data.length).toBe(rows * cols);
      expect(data.every((value) => Number.isFinite(value))).toBe(true);
    }
    const again = await certaintyTask(inputOf(planted, analysis, { testShare: 0.25 }), quietContext());
    expect(again).toEqual(output);
  });

  test('what the input does not allow is left out', async () => {
    const bare = await certaintyTask(inputOf(planted, analysis, { blocks: 0, nulls: 0 }), quietContext());
    for (const key of [
      'matchMeanLow',
      'stabilityMean',
      'noiseCeiling',
      'nullMatchMean',
      'discoveries',
      'heldOutMatchMean',
    ]) {
      expect(bare.headline).not.toHaveProperty(key);
    }
    expect(bare.headline).toMatchObject({ blocks: 0, shuffles: 0 });
    const one = await certaintyTask(inputOf(planted, analysis, { blocks: 0, nulls: 1 }), quietContext());
    expect(one.headline).toHaveProperty('nullMatchMean');
    expect(one.headline).not.toHaveProperty('nullMatchStd');
    expect(one.headline).not.toHaveProperty('discoveries');
  });
});

test('the interval of the mean match covers the true correlation about as often as it says', async () => {
  const truth = 1 / (1 + 0.5 ** 2);
  const runs = 60;
  let covered = 0;
  for (let seed = 0; seed < runs; seed++) {
    const plan: Plan = {
      images: 100,
      positions: 3,
      features: [
        [0, 1, 2],
        [2, 0, 1],
      ],
      noise: 0.5,
      smoothness: 0.8,
      seed,
    };
    const { headline } = await certaintyTask(inputOf(plan, analysis, { nulls: 0 }), quietContext());
    if ((headline.matchMeanLow as number) <= truth && truth <= (headline.matchMeanHigh as number)) covered++;
  }
  expect(covered / runs).toBeGreaterThan(0.83); // 20 blocks: a little under .95; binomial deviation .03
});

describe('independent networks whose neighbouring positions depend on each other', async () => {
  // Units of every feature below 6 (in A) and from 12 to 17 (in B) are smooth: their pairs have few effective samples.
  const smoothness = Array.from({ length: 24 }, (_, feature) => (feature % 12 < 6 ? 0.97 : 0));
  const plan = (seed: number): Plan => ({
    images: 60,
    positions: 16,
    features: [Array.from(Array(12).keys()), Array.from({ length: 12 }, (_, k) => 12 + k)],
    noise: 0,
    smoothness,
    seed,
  });
  const runs = Array.from({ length: 40 }, (_, seed) =>
    inputOf(plan(100 + seed), analysis, { blocks: 0, nulls: 10 }),
  );
  const tested = new Uint8Array(144).fill(1);
  const smoothPair = (at: number) => Math.floor(at / 12) < 6 && at % 12 < 6;
  const sharesBelow = (p: (run: (typeof runs)[number]) => ArrayLike<number>, level: number) => {
    let [all, smooth] = [0, 0];
    for (const run of runs) {
      Array.from(p(run)).forEach((value, at) => {
        if (value > level) return;
        all += 1 / (144 * runs.length);
        if (smoothPair(at)) smooth += 1 / (36 * runs.length);
      });
    }
    return { all, smooth };
  };
  const between = (run: (typeof runs)[number]) => correlationBlock(run.train, run.a, run.b);
  const shuffles = (run: (typeof runs)[number]) =>
    run.nulls.map((shuffle) => correlationBlock(shuffle, run.a, run.b));

  test('p-values from the moderated null are calibrated for every kind of pair', () => {
    const moderated = (run: (typeof runs)[number]) =>
      nullPValues(between(run), tested, shuffleNull(shuffles(run), tested));
    const at5 = sharesBelow(moderated, 0.05);
    expect(Math.abs(at5.all - 0.05)).toBeLessThan(0.015);
    expect(Math.abs(at5.smooth - 0.05)).toBeLessThan(0.025);
    const at01 = sharesBelow(moderated, 0.001);
    expect(at01.all).toBeLessThan(0.003);
  });

  test('counting every position as a sample, or pooling all pairs in one null, is not', () => {
    const naive = sharesBelow((run) => {
      const df = run.train.n - 2;
      return between(run).map((r) => studentUpperTail(r * Math.sqrt(df / (1 - r * r)), df));
    }, 0.05);
    expect(naive.smooth).toBeGreaterThan(0.2);
    const pooled = sharesBelow((run) => {
      const all = Float64Array.from(shuffles(run).flatMap((r) => [...r])).sort();
      return between(run).map((r) => (1 + all.filter((other) => other >= r).length) / (1 + all.length));
    }, 0.05);
    expect(pooled.smooth).toBeGreaterThan(0.1);
  });

  test('discoveries stay at the stated rate: all are false here, so few runs may have any', async () => {
    let withAny = 0;
    for (const run of runs) {
      const { headline } = await certaintyTask(run, quietContext());
      if ((headline.discoveries as number) > 0) withAny++;
      expect(headline.discoveriesAnyDependence).toBeLessThanOrEqual(headline.discoveries as number);
    }
    expect(withAny).toBeLessThanOrEqual(6); // 5 % of 40 is 2; P(more than 6) < .004
  });

  test('matching finds the null mean on data of chance alone', async () => {
    for (const run of runs.slice(0, 10)) {
      const { headline } = await certaintyTask(run, quietContext());
      const z =
        ((headline.matchMean as number) - (headline.nullMatchMean as number)) /
        (headline.nullMatchStd as number);
      expect(Math.abs(z)).toBeLessThan(5); // 9 degrees of freedom
    }
  });
});
