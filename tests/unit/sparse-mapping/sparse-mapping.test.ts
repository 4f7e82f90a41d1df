import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  crossValidationCurve,
  crossValidationFolds,
  crossValidationSplit,
} from '#core/numeric/sparse-mapping/cross-validation.ts';
import { lassoPath } from '#core/numeric/sparse-mapping/lasso-path.ts';
import { createLassoWorkspace } from '#core/numeric/sparse-mapping/lasso-workspace.ts';
import { standardisedProblem } from '#core/numeric/sparse-mapping/standardised-problem.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { createRandom } from '#core/random.ts';
import {
  joinMappingParts,
  mappingParts,
  solveMappingPart,
  sparseMappingRange,
} from '#workers/align/sparse-mapping-parts.ts';
import { sparseMappingTask } from '#workers/align/sparse-mapping-task.ts';
import { momentsOf, type AlignInput } from '#workers/align/task.ts';
import { sharedMomentsOf } from './moments-of-rows.ts';

const context = { checkpoint: () => {}, progress: () => {}, algebra: pureLinearAlgebra };

function noiseRows(n: number, units: number, seed: number): number[][] {
  const random = createRandom(seed);
  const normal = () =>
    Math.sqrt(-2 * Math.log(1 - random.nextFloat())) * Math.cos(2 * Math.PI * random.nextFloat());
  return Array.from({ length: n }, () => Array.from({ length: units }, normal));
}

function inputOf(rows: number[][], sources: number, more: Partial<AlignInput<'sparse-mapping'>> = {}) {
  return {
    analysis: { name: 'sparse-mapping', alphas: [0.3, 0.1, 0.03, 0.01], mode: 'exact' },
    a: { start: 0, count: sources },
    b: { start: sources, count: rows[0].length - sources },
    networks: [],
    layers: null,
    images: rows.length,
    train: sharedMomentsOf(rows),
    test: null,
    blocks: [],
    nulls: [],
    sample: null,
    second: null,
    ...more,
  } as AlignInput<'sparse-mapping'>;
}

function arrayOf(output: Awaited<ReturnType<typeof sparseMappingTask>>, name: string) {
  const found = output.arrays.find((entry) => entry.name === name);
  if (!found) throw new Error(`No array ${name}`);
  return found;
}

describe('the lasso', () => {
  test('uncorrelated sources: soft thresholds, whatever the order of the penalties', () => {
    const workspace = createLassoWorkspace(3);
    workspace.gram.set([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const between = Float64Array.of(0.6, -0.5, 0.05);
    const { weights, loss, gap } = lassoPath(workspace, between, { start: 0, count: 1 }, [0.1, 0.7]);
    expect(weights[0]).toBeCloseTo(0.5, 8);
    expect(weights[1]).toBeCloseTo(-0.4, 8);
    expect([...weights.subarray(2)]).toEqual([0, 0, 0, 0]);
    expect(loss[0]).toBeCloseTo((1 - 0.6 ** 2 - 0.5 ** 2 + 2 * 0.1 ** 2) / 2, 8);
    expect(loss[1]).toBe(0.5);
    expect(Math.max(...gap)).toBeLessThanOrEqual(1e-8);
  });

  test('a penalty that is not positive, and targets that are not there, are refused', () => {
    const workspace = createLassoWorkspace(1);
    const one = { start: 0, count: 1 };
    expect(() => lassoPath(workspace, Float64Array.of(0.5), one, [0])).toThrow(RangeError);
    expect(() => lassoPath(workspace, Float64Array.of(0.5), { start: 1, count: 1 }, [1])).toThrow(RangeError);
    expect(() => createLassoWorkspace(0.5)).toThrow(RangeError);
  });

  test('solutions keep the optimality (KKT) conditions', () => {
    const problems = fc.record({
      n: fc.integer({ min: 3, max: 40 }),
      p: fc.integer({ min: 1, max: 12 }),
      seed: fc.nat(),
    });
    fc.assert(
      fc.property(problems, fc.double({ min: 0.005, max: 0.5, noNaN: true }), ({ n, p, seed }, alpha) => {
        const moments = momentsOf(sharedMomentsOf(noiseRows(n, p + 1, seed)));
        const dead = new Uint8Array(p + 1);
        const problem = standardisedProblem(moments, { start: 0, count: p }, { start: p, count: 1 }, dead);
        const { weights } = sparseMappingRange(problem, { start: 0, count: 1 }, [alpha], () => {});
        for (let j = 0; j < p; j++) {
          let slope = problem.between[j];
          for (let k = 0; k < p; k++) slope -= problem.gram[j * p + k] * weights[k];
          // A gap g bounds a coordinate's violation by sqrt(2 g), since every C_jj is 1: 1.5e-4 at 1e-8.
          expect(Math.abs(slope)).toBeLessThanOrEqual(alpha + 1.5e-4);
          if (Math.abs(weights[j]) > 1e-2)
            expect(slope * Math.sign(weights[j])).toBeGreaterThan(alpha - 1.5e-4);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('any partition of the targets gives the same bits', () => {
    const moments = momentsOf(sharedMomentsOf(noiseRows(30, 12, 5)));
    const problem = standardisedProblem(
      moments,
      { start: 0, count: 6 },
      { start: 6, count: 6 },
      new Uint8Array(12),
    );
    const whole = sparseMappingRange(problem, { start: 0, count: 6 }, [0.05], () => {});
    const parts = [0, 1, 4].map((start, at) =>
      sparseMappingRange(problem, { start, count: [1, 3, 2][at] }, [0.05], () => {}),
    );
    expect(parts.flatMap(({ weights }) => [...weights])).toEqual([...whole.weights]);
  });
});

describe('the task', () => {
  test('recovers planted sources', async () => {
    const rows = noiseRows(2000, 30, 7).map((x) => {
      const targets = Array.from(
        { length: 10 },
        (_, t) => x[t] + 0.8 * x[t + 7] - 0.6 * x[t + 15] + 0.2 * x[29],
      );
      return [...x.slice(0, 28), ...targets];
    });
    const output = await sparseMappingTask(inputOf(rows, 28), context);
    const { data } = arrayOf(output, 'weights-0.1');
    for (let t = 0; t < 10; t++) {
      const chosen = [...data.subarray(t * 28, (t + 1) * 28)].flatMap((weight, at) =>
        weight === 0 ? [] : [at],
      );
      expect(chosen).toEqual([t, t + 7, t + 15]);
    }
    const points = output.headline.points as Record<string, number>[];
    expect(points[1].sourcesMedian).toBe(3);
    expect(points[1].randomSourcesLoss).toBeGreaterThan(points[1].loss);
    expect(output.headline.leastSquaresLoss).toBeLessThan(points[3].loss);
    expect(output.headline.heldOutFrom).toBe(0);
  });

  test('held-out loss is that of the residuals, standardised as in training', async () => {
    const rows = noiseRows(60, 5, 11).map((x) => [x[0], x[1], x[2], x[3], x[0] - x[1] + 0.3 * x[4]]);
    const [train, held] = [rows.slice(0, 40), rows.slice(40).map((row) => row.map((x) => 1.3 * x + 0.5))];
    const output = await sparseMappingTask(inputOf(train, 4, { test: sharedMomentsOf(held) }), context);
    const weights = arrayOf(output, 'weights-0.03').data as Float64Array;
    const mean = train[0].map((_, i) => train.reduce((sum, row) => sum + row[i], 0) / 40);
    const sd = mean.map((m, i) => Math.sqrt(train.reduce((sum, row) => sum + (row[i] - m) ** 2, 0) / 40));
    const z = held.map((row) => row.map((x, i) => (x - mean[i]) / sd[i]));
    const wanted =
      z.reduce((sum, x) => sum + (x[4] - weights.reduce((total, w, j) => total + w * x[j], 0)) ** 2, 0) / 40;
    const points = output.headline.points as Record<string, number>[];
    expect(points[2].heldOutLoss).toBeCloseTo(wanted, 12);
    expect(output.headline.heldOutFrom).toBe(1);
  });

  test('cross-validates over groups; dead or absent units leave finite answers', async () => {
    const rows = noiseRows(60, 5, 13).map((x) => [x[0], 2, x[1], x[0] + 0.5 * x[2], 7]);
    const blocks = Array.from({ length: 6 }, (_, g) => sharedMomentsOf(rows.slice(g * 10, (g + 1) * 10)));
    const output = await sparseMappingTask(inputOf(rows, 3, { blocks }), context);
    expect(output.headline).toMatchObject({ heldOutFrom: 2, liveSources: 2, liveTargets: 1 });
    expect(output.headline.alphaOneSe).toBeGreaterThanOrEqual(output.headline.alphaBest as number);
    const dead = await sparseMappingTask(
      inputOf(
        [
          [1, 0, 5],
          [1, 1, 5],
        ],
        1,
      ),
      context,
    );
    for (const { data } of [...output.arrays, ...dead.arrays]) {
      expect(data.every((value) => Number.isFinite(value))).toBe(true);
    }
    expect((dead.headline.points as Record<string, number>[])[0].loss).toBe(0.5);
  });

  test('paper mode multiplies by the number of targets', async () => {
    const rows = noiseRows(50, 6, 17);
    const paper = await sparseMappingTask(
      inputOf(rows, 3, { analysis: { name: 'sparse-mapping', alphas: [0.01], mode: 'paper' } }),
      context,
    );
    const exact = await sparseMappingTask(
      inputOf(rows, 3, { analysis: { name: 'sparse-mapping', alphas: [0.03], mode: 'exact' } }),
      context,
    );
    expect(arrayOf(paper, 'weights-0.01').data).toEqual(arrayOf(exact, 'weights-0.03').data);
  });
});

describe('cross-validation', () => {
  test('each group is held out once, at most five folds', () => {
    const groups = Array.from({ length: 7 }, (_, g) => momentsOf(sharedMomentsOf(noiseRows(g + 2, 2, g))));
    const splits = Array.from({ length: crossValidationFolds(groups, 5) }, (_, fold) =>
      crossValidationSplit(groups, 5, fold),
    );
    expect(splits).toHaveLength(5);
    expect(splits.reduce((sum, { heldOut }) => sum + heldOut.n, 0)).toBe(35);
    for (const { fit, heldOut } of splits) expect(fit.n + heldOut.n).toBe(35);
    expect(crossValidationFolds(groups.slice(0, 1), 5)).toBe(0);
    expect(() => crossValidationSplit(groups.slice(0, 1), 5, 0)).toThrow('no fold 0');
  });

  test('one standard error: the largest alpha within it', () => {
    const losses = [Float64Array.of(0.5, 0.21, 0.2), Float64Array.of(0.5, 0.23, 0.24)];
    const curve = crossValidationCurve(losses, [0.3, 0.1, 0.01]);
    expect(curve.standardError[2]).toBeCloseTo(0.02, 12);
    expect([curve.best, curve.oneSe]).toEqual([0.1, 0.1]);
    expect(() => crossValidationCurve([], [1])).toThrow(RangeError);
  });
});

test('targets spread over threads give the bits of one thread, cross-validation too', async () => {
  const rows = noiseRows(240, 60, 5).map((row) => row.map((value, at) => value + row[at % 7]));
  const blocks = Array.from({ length: 6 }, (_, block) =>
    sharedMomentsOf(rows.slice(block * 40, block * 40 + 40)),
  );
  const input = inputOf(rows, 20, { blocks });
  const alone = await sparseMappingTask(input, context);
  expect(alone.headline).toHaveProperty('alphaOneSe');
  for (const threads of [2, 3, 7]) {
    const parts = mappingParts(input, threads);
    expect(parts).toHaveLength(Math.min(threads, 5) * 6);
    const solved = parts.map((part) => solveMappingPart(input, part, () => undefined));
    const paths = joinMappingParts(parts, solved, input.analysis.alphas.length);
    expect(await sparseMappingTask({ ...input, paths }, context)).toEqual(alone);
  }
  expect(mappingParts(input, 1)).toEqual([]);
});

test('a unit that is constant in some splits does not shift the targets of the others between threads', async () => {
  const rows = noiseRows(240, 44, 6).map((row, sample) => {
    const changed = [...row];
    // A source and two targets that live in the first group of images alone.
    for (const unit of [3, 21, 30]) if (sample >= 40) changed[unit] = 0;
    return changed;
  });
  const blocks = Array.from({ length: 6 }, (_, block) =>
    sharedMomentsOf(rows.slice(block * 40, block * 40 + 40)),
  );
  const input = inputOf(rows, 20, { blocks });
  const parts = mappingParts(input, 3);
  const solved = parts.map((part) => solveMappingPart(input, part, () => undefined));
  const paths = joinMappingParts(parts, solved, input.analysis.alphas.length);
  const [whole, withoutFirst] = paths.map(({ loss }) => loss.length / input.analysis.alphas.length);
  expect([whole, withoutFirst]).toEqual([24, 22]);
  expect(await sparseMappingTask({ ...input, paths }, context)).toEqual(
    await sparseMappingTask(input, context),
  );
});
