import { describe, expect, test } from 'vitest';
import { randomSourcesLosses } from '#core/numeric/sparse-mapping/random-sources.ts';
import { standardisedProblem } from '#core/numeric/sparse-mapping/standardised-problem.ts';
import { createRandom, sampleWithoutReplacement } from '#core/random.ts';
import { simdArithmetic } from '#workers/lasso/lasso-kernel.ts';
import { momentsOf } from '#workers/align/task.ts';
import { sharedMomentsOf } from './moments-of-rows.ts';

const [sources, targets, samples] = [20, 7, 90];
const alphas = [2, 5, 11, 20];

/** Sources that share two factors; the last ones repeat the first where asked. */
function rowsOf(repeated = 0): number[][] {
  const { nextFloat } = createRandom(4);
  const noise = () => nextFloat() - 0.5;
  return Array.from({ length: samples }, () => {
    const factors = [noise(), noise()];
    const row = Array.from({ length: sources + targets }, (_, at) => noise() + factors[at % 2]);
    for (let at = 0; at < repeated; at++) row[sources - 1 - at] = 2 * row[at];
    return row;
  });
}

function problemOf(rows: number[][]) {
  const shared = sharedMomentsOf(rows);
  const range = (start: number, count: number) => ({ start, count });
  return standardisedProblem(momentsOf(shared), range(0, sources), range(sources, targets), shared.dead);
}

/** Half the mean squared residual of least squares, from the standardised samples, by Gauss-Jordan on the normal equations. */
function referenceLoss(rows: number[][], target: number, drawn: readonly number[]): number {
  const standard = (unit: number) => {
    const values = rows.map((row) => row[unit]);
    const mean = values.reduce((sum, value) => sum + value, 0) / samples;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / samples);
    return values.map((value) => (value - mean) / sd);
  };
  const x = drawn.map(standard);
  const y = standard(sources + target);
  const dot = (one: number[], other: number[]) => one.reduce((sum, value, at) => sum + value * other[at], 0);
  const system = x.map((row) => [...x.map((other) => dot(row, other)), dot(row, y)]);
  for (let i = 0; i < x.length; i++) {
    const pivot = system[i][i];
    system[i] = system[i].map((value) => value / pivot);
    for (let k = 0; k < x.length; k++) {
      const factor = system[k][i];
      if (k !== i) system[k] = system[k].map((value, at) => value - factor * system[i][at]);
    }
  }
  const residual = y.map(
    (value, at) => value - x.reduce((sum, row, j) => sum + system[j][x.length] * row[at], 0),
  );
  return dot(residual, residual) / samples / 2;
}

const whole = { start: 0, count: targets };
const counts = Float64Array.from(
  { length: alphas.length * targets },
  (_, at) => alphas[Math.floor(at / targets)],
);

describe('least squares on random sources', () => {
  test('has the loss of its residuals, on the sources that the seed of the target draws', () => {
    const rows = rowsOf();
    const losses = randomSourcesLosses(problemOf(rows), whole, counts);
    for (let target = 0; target < targets; target++) {
      const random = createRandom(target);
      for (const [row, count] of alphas.entries()) {
        const drawn = [...sampleWithoutReplacement(sources, count, random)];
        expect(losses[row * targets + target]).toBeCloseTo(referenceLoss(rows, target, drawn), 10);
      }
    }
  });

  test('passes over sources that others explain', () => {
    const rows = rowsOf(6);
    const losses = randomSourcesLosses(problemOf(rows), whole, counts);
    const all = (alphas.length - 1) * targets;
    for (let target = 0; target < targets; target++) {
      const different = Array.from({ length: sources - 6 }, (_, at) => at);
      expect(losses[all + target]).toBeCloseTo(referenceLoss(rows, target, different), 10);
    }
  });

  test('gives the same bits for any share of the targets, and in WebAssembly the same numbers', () => {
    const problem = problemOf(rowsOf());
    const losses = randomSourcesLosses(problem, whole, counts);
    const share = { start: 3, count: 2 };
    const some = Float64Array.from({ length: alphas.length * 2 }, (_, at) => alphas[at >> 1]);
    const part = randomSourcesLosses(problem, share, some);
    part.forEach((loss, at) => expect(loss).toBe(losses[(at >> 1) * targets + share.start + (at & 1)]));
    const simd = randomSourcesLosses(problem, whole, counts, simdArithmetic(sources));
    simd.forEach((loss, at) => expect(loss).toBeCloseTo(losses[at], 12));
  });

  test('explains nothing without sources', () => {
    expect([...randomSourcesLosses(problemOf(rowsOf()), whole, new Float64Array(targets))]).toEqual(
      Array(targets).fill(0.5),
    );
  });
});
