import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { blockCorrelation, blockCorrelations } from '#core/numeric/certainty/block-correlation.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { prepareBlocks } from '#core/numeric/certainty/block-moments.ts';
import { falseDiscovery } from '#core/numeric/certainty/false-discovery.ts';
import { digamma, inverseTrigamma, trigamma } from '#core/numeric/certainty/gamma-derivatives.ts';
import { variancePrior } from '#core/numeric/certainty/moderated-variance.ts';
import { bootstrapPairs } from '#core/numeric/certainty/pair-bootstrap.ts';
import { percentileInterval } from '#core/numeric/certainty/percentile.ts';
import { studentUpperTail } from '#core/numeric/certainty/tail-probability.ts';
import { expectClose, type Tolerance } from '../unit/core/close.ts';
import { momentsOfRows } from '../unit/certainty/planted.ts';

/** numpy's and scipy's values; generate_certainty_reference.py says how they are made. */
const reference = JSON.parse(readFileSync(new URL('certainty-reference.json', import.meta.url), 'utf8'));

const sums: Tolerance = {
  rtol: 0,
  atol: 1e-13,
  reason: 'correlations of 48 samples, summed in another order',
};
const tails: Tolerance = {
  rtol: 2e-11,
  atol: 0,
  reason: 'ln Gamma of a few hundred loses two to four digits',
};
const gammas: Tolerance = {
  rtol: 1e-12,
  atol: 1e-14,
  reason: 'series cut at 1e-15, recurrence of twelve terms',
};
const exact: Tolerance = { rtol: 1e-14, atol: 0, reason: 'the same few operations' };
const fitted: Tolerance = {
  rtol: 1e-8,
  atol: 0,
  reason: 'both root finders stop near 1e-12; the root is ill placed',
};

describe('bootstrap against numpy on concatenated blocks', () => {
  const { data, sizes, weights, between } = reference.bootstrap;
  let start = 0;
  const blocks = sizes.map((size: number) => {
    const rows = Float64Array.from(data.slice(start * 6, (start + size) * 6));
    start += size;
    return momentsOfRows(rows, 6);
  });
  const prepared = prepareBlocks(blocks);
  const dead = new Uint8Array(6);

  test('whole matrices of each resample, in both directions', () => {
    weights.forEach((drawn: number[], k: number) => {
      const w = Float64Array.from(drawn);
      const [a, b] = [
        { start: 0, count: 3 },
        { start: 3, count: 3 },
      ];
      expectClose(blockCorrelation(prepared, w, a, b, dead), between[k], sums);
      const back = blockCorrelation(prepared, w, b, a, dead);
      expectClose(
        Float64Array.from({ length: 9 }, (_, at) => back[(at % 3) * 3 + Math.floor(at / 3)]),
        between[k],
        sums,
      );
    });
  });

  test('whole matrices of all resamples at once', async () => {
    const [a, b] = [
      { start: 0, count: 3 },
      { start: 3, count: 3 },
    ];
    const drawn = Float64Array.from(weights.flat());
    const found = await blockCorrelations(prepared, drawn, a, b, dead, { algebra: pureLinearAlgebra });
    found.forEach((matrix, k) => expectClose(matrix, between[k], sums));
    expect(found).toHaveLength(weights.length);
  });

  test('single pairs of every resample', () => {
    const rows = Int32Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2);
    const cols = Int32Array.of(3, 4, 5, 3, 4, 5, 3, 4, 5);
    expectClose(
      bootstrapPairs(prepared, rows, cols, Float64Array.from(weights.flat()), dead),
      between.flat(),
      sums,
    );
  });
});

test('upper tails of t and normal', () => {
  for (const [t, df, wanted] of reference.tails.t) expectClose([studentUpperTail(t, df)], [wanted], tails);
  for (const [z, wanted] of reference.tails.normal)
    expectClose([studentUpperTail(z, Infinity)], [wanted], tails);
});

test('digamma, trigamma and its inverse', () => {
  const { x, digamma: psi, trigamma: psi1 } = reference.polygamma;
  expectClose(x.map(digamma), psi, gammas);
  expectClose(x.map(trigamma), psi1, gammas);
  expectClose(psi1.map(inverseTrigamma), x, {
    ...gammas,
    rtol: 1e-7,
    reason: 'shortcuts beyond 1e-6 and 1e7',
  });
});

test('Benjamini-Hochberg and Benjamini-Yekutieli', () => {
  const p = Float64Array.from(reference.discovery.p);
  const { bh, by } = reference.discovery;
  const { q, rejected } = falseDiscovery(p);
  expectClose(p.map(q), bh, exact);
  for (const level of [0.001, 0.05, 0.2, 1]) {
    const within = (list: number[]) => list.filter((value) => value <= level).length;
    expect(rejected(level)).toEqual({
      positive: within(bh),
      any: within(by),
    });
  }
});

test('the prior of many variances', () => {
  const { variances, degrees, priorDegrees, priorVariance } = reference.prior;
  const prior = variancePrior(Float64Array.from(variances), degrees);
  expectClose([prior?.degrees ?? NaN, prior?.variance ?? NaN], [priorDegrees, priorVariance], fitted);
});

test('percentile intervals', () => {
  const values = Float64Array.from(reference.percentile.values);
  for (const [level, low, high] of reference.percentile.intervals) {
    const found = percentileInterval(values, level);
    expectClose([found.low, found.high], [low, high], { ...exact, atol: 1e-15 });
  }
});
