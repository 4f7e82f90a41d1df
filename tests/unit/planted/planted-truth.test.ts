import { afterAll, describe, expect, it } from 'vitest';
import { pureLinearAlgebra as algebra } from '#core/numeric/linear-algebra/pure.ts';
import { canonicalCorrelations } from '#core/numeric/subspaces/canonical-correlations.ts';
import { createRandom, type Random } from '#core/random.ts';
import { componentsOf, twoSided } from '#core/validation/samples.ts';
import { matchingTask } from '#workers/align/matching-task.ts';
import { sparseMappingTask } from '#workers/align/sparse-mapping-task.ts';
import type { AlignInput } from '#workers/align/task.ts';
import { normal, shared } from '../certainty/planted.ts';

const context = { checkpoint: () => undefined, progress: () => undefined, algebra };
const report: string[] = [];
afterAll(() => console.log(`Planted truth:\n${report.join('\n')}`));

const table = (rows: number, cols: number, cell: (row: number, col: number) => number): number[][] =>
  Array.from({ length: rows }, (_, row) => Array.from({ length: cols }, (__, col) => cell(row, col)));

function inputOf<Name extends 'sparse-mapping' | 'matching'>(
  rows: number[][],
  split: number,
  analysis: AlignInput<Name>['analysis'],
  groups = 0,
): AlignInput<Name> {
  const units = rows[0].length;
  const sharedRows = (some: number[][]) => shared(Float64Array.from(some.flat()), units);
  const size = groups > 0 ? rows.length / groups : 0;
  return {
    analysis,
    a: { start: 0, count: split },
    b: { start: split, count: units - split },
    networks: [],
    layers: null,
    images: rows.length,
    train: sharedRows(rows),
    test: null,
    blocks: Array.from({ length: groups }, (_, group) =>
      sharedRows(rows.slice(group * size, (group + 1) * size)),
    ),
    nulls: [],
    sample: null,
    second: null,
  };
}

/** `count` different numbers below `limit`. */
function choose(count: number, limit: number, random: Random): number[] {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(random.nextInt(limit));
  return [...chosen];
}

describe('sparse mixtures: each of 40 units of B mixes 3 of the 60 of A', () => {
  const [sources, targets, each, samples] = [60, 40, 3, 2000];
  const alphas = [0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.003, 0.001];

  it.each([0.3, 1, 2])('noise of %f deviations', async (noise) => {
    const random = createRandom(20151122);
    const truth = Array.from({ length: targets }, () => choose(each, sources, random));
    const weight = truth.map((units) =>
      units.map(() => (random.nextFloat() < 0.5 ? -1 : 1) * (0.6 + 0.8 * random.nextFloat())),
    );
    const rows = Array.from({ length: samples }, () => {
      const common = normal(random);
      // Half of the values are zeros, as behind a ReLU, and all correlate.
      const x = Array.from({ length: sources }, () => Math.max(0, normal(random) + 0.5 * common));
      const y = truth.map((units, target) =>
        units.reduce((sum, unit, at) => sum + weight[target][at] * x[unit], noise * 0.6 * normal(random)),
      );
      return [...x, ...y];
    });
    const input = inputOf<'sparse-mapping'>(
      rows,
      sources,
      { name: 'sparse-mapping', alphas, mode: 'exact' },
      20,
    );
    const { headline, arrays } = await sparseMappingTask(input, context);
    const alpha = headline.alphaOneSe as number;
    const found = arrays.find(({ name }) => name === `weights-${String(alpha)}`)?.data ?? [];
    const score = (least: number) => {
      let [right, taken] = [0, 0];
      for (let target = 0; target < targets; target++) {
        for (let source = 0; source < sources; source++) {
          if (!(Math.abs(found[target * sources + source]) > least)) continue;
          taken++;
          if (truth[target].includes(source)) right++;
        }
      }
      return { precision: right / taken, recall: right / (targets * each), taken };
    };
    const [any, strong] = [score(0), score(0.1)];
    report.push(
      `  sparse mixtures, noise ${noise}: alpha ${alpha}, ${(any.taken / targets).toFixed(1)} sources a unit, ` +
        `precision ${any.precision.toFixed(3)} recall ${any.recall.toFixed(3)}; weights over .1: ` +
        `precision ${strong.precision.toFixed(3)} recall ${strong.recall.toFixed(3)}`,
    );
    // By chance a source is right in 3 of 60.
    expect(any.recall).toBeGreaterThan(0.95);
    expect(any.precision).toBeGreaterThan(0.3);
    expect(strong.precision).toBeGreaterThan(0.9);
    expect(strong.recall).toBeGreaterThan(0.9);
  });
});

describe('a rotated subspace: 6 of 24 dimensions are shared, mixed in all units of both networks', () => {
  const [dimensions, units, samples] = [6, 24, 2000];

  it.each([0.1, 0.3, 0.6])('noise of %f deviations', async (noise) => {
    const random = createRandom(7);
    const mixing = [0, 1].map(() => table(units, units, () => normal(random)));
    const signals: number[][] = [];
    const rows = Array.from({ length: samples }, () => {
      const common = Array.from({ length: dimensions }, () => normal(random));
      signals.push(common);
      return mixing.flatMap((mix) => {
        const own = Array.from({ length: units }, (_, at) =>
          at < dimensions ? common[at] + noise * normal(random) : normal(random),
        );
        return mix.map((weights) => weights.reduce((sum, value, at) => sum + value * own[at], 0));
      });
    });
    const both = twoSided(
      rows.map((row) => row.slice(0, units)),
      rows.map((row) => row.slice(units)),
    );
    const { x, y } = await componentsOf(both, algebra);
    const { rho, x: directions } = await canonicalCorrelations(both.pair, x, y, algebra);
    // Two independent spaces of 24 dimensions: the largest is near (sqrt 24 + sqrt 24) / sqrt 2000 = .22.
    const found = rho.filter((value) => value > 0.4).length;
    const variates = rows.map((row) =>
      Array.from({ length: found }, (_, k) =>
        row.slice(0, units).reduce((sum, value, at) => sum + value * directions[k * units + at], 0),
      ),
    );
    const against = twoSided(variates, signals);
    const parts = await componentsOf(against, algebra);
    const overlap = await canonicalCorrelations(against.pair, parts.x, parts.y, algebra);
    // What the noise of one network leaves of a planted dimension.
    const most = 1 / (1 + noise * noise);
    // A direction of the overlap is planted truth where it holds at least half of what can be recovered.
    const right = overlap.rho.filter((value) => value * value > most / 2).length;
    const recovered = overlap.rho.reduce((sum, value) => sum + value * value, 0) / dimensions;
    const { headline } = matchingTask(
      inputOf<'matching'>(rows, units, { name: 'matching', score: 'correlation' }),
      context,
    );
    report.push(
      `  rotated subspace, noise ${noise}: ${found} of ${dimensions} dimensions, rho ${rho[dimensions - 1].toFixed(3)} ` +
        `(planted ${most.toFixed(3)}) then ${rho[dimensions].toFixed(3)}; precision ${(right / found).toFixed(3)} ` +
        `recall ${(right / dimensions).toFixed(3)}; share of the planted signal ${recovered.toFixed(3)} ` +
        `(at most ${most.toFixed(3)} plus fit); one-to-one matches only ${(headline.matchMean as number).toFixed(3)}`,
    );
    expect(found).toBe(dimensions);
    for (let k = 0; k < dimensions; k++) expect(Math.abs(rho[k] - most)).toBeLessThan(0.06);
    expect(right).toBe(dimensions);
    expect(recovered).toBeGreaterThan(0.97 * most);
    // The units themselves do not match: only the space does.
    expect(headline.matchMean).toBeLessThan(0.5);
  });
});
