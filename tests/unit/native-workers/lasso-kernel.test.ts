import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainArithmetic, type LassoArithmetic } from '#core/numeric/sparse-mapping/lasso-arithmetic.ts';
import { lassoPath } from '#core/numeric/sparse-mapping/lasso-path.ts';
import { createLassoWorkspace } from '#core/numeric/sparse-mapping/lasso-workspace.ts';
import { createRandom } from '#core/random.ts';
import { simdArithmetic } from '#workers/lasso/lasso-kernel.ts';

const alphas = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001];

/** Correlations of `units` columns of random data that share a factor; the last ones repeat the first where asked. */
function correlations(units: number, samples: number, duplicates: number, seed: number): Float64Array {
  const { nextFloat } = createRandom(seed);
  const rows = Array.from({ length: units }, () => Array.from({ length: samples }, () => nextFloat() - 0.5));
  const factor = Array.from({ length: samples }, () => nextFloat() - 0.5);
  rows.forEach((row) => row.forEach((_, s) => (row[s] += factor[s])));
  for (let d = 0; d < duplicates; d++) rows[units - 1 - d] = rows[d].slice();
  for (const row of rows) {
    const mean = row.reduce((sum, value) => sum + value, 0) / samples;
    const length = Math.hypot(...row.map((value) => value - mean));
    row.forEach((value, s) => (row[s] = (value - mean) / length));
  }
  return Float64Array.from(rows.flatMap((a) => rows.map((b) => a.reduce((sum, v, s) => sum + v * b[s], 0))));
}

function paths(arithmetic: LassoArithmetic, c: Float64Array, units: number, targets: number) {
  const sources = units - targets;
  const workspace = createLassoWorkspace(sources, arithmetic);
  const between = new Float64Array(targets * sources);
  for (let i = 0; i < sources; i++)
    for (let j = 0; j < sources; j++) workspace.gram[i * sources + j] = c[i * units + j];
  for (let t = 0; t < targets; t++)
    for (let j = 0; j < sources; j++) between[t * sources + j] = c[(sources + t) * units + j];
  return lassoPath(workspace, between, { start: 0, count: targets }, alphas);
}

describe('the lasso in WebAssembly', () => {
  test('gives the weights of plain TypeScript where they are unique', () => {
    for (const [units, samples] of [
      [12, 60],
      [67, 400],
      [40, 45],
    ]) {
      const c = correlations(units, samples, 0, units);
      const [simd, plain] = [simdArithmetic(units - 5), plainArithmetic].map((one) =>
        paths(one, c, units, 5),
      );
      // Both solve to a gap of 1e-15 or so; weights differ by its root over the least eigenvalue.
      simd.weights.forEach((weight, at) => expect(weight).toBeCloseTo(plain.weights[at], 6));
      simd.loss.forEach((loss, at) => expect(loss).toBeCloseTo(plain.loss[at], 9));
    }
  });

  test('and its losses where sources repeat or samples are fewer than sources', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 30 }),
        fc.integer({ min: 4, max: 40 }),
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 1, max: 1e6 }),
        (units, samples, duplicates, seed) => {
          const c = correlations(units, samples, duplicates, seed);
          const [simd, plain] = [simdArithmetic(units - 1), plainArithmetic].map((one) =>
            paths(one, c, units, 1),
          );
          for (const path of [simd, plain]) expect(Math.max(...path.gap)).toBeLessThanOrEqual(1e-8);
          simd.loss.forEach((loss, at) => expect(Math.abs(loss - plain.loss[at])).toBeLessThan(2e-4));
        },
      ),
      // The example once ended short of its gap: coordinate descent alone among dependent sources is slow.
      { numRuns: 60, examples: [[23, 9, 0, 106264]] },
    );
  });

  test('each loop alone equals the plain one', () => {
    const n = 37;
    const simd = simdArithmetic(n);
    const { nextFloat } = createRandom(5);
    const c = correlations(n, 90, 0, 3);
    const both = (length: number, fill: (at: number) => number) => {
      const [one, other] = [simd.float64(length), plainArithmetic.float64(length)];
      for (let at = 0; at < length; at++) one[at] = other[at] = fill(at);
      return [one, other] as const;
    };
    const close = ([one, other]: readonly [Float64Array, Float64Array]) =>
      one.forEach((value, at) => expect(value).toBeCloseTo(other[at], 12));
    const matrix = both(n * n, (at) => c[at]);
    const into = both(n, () => nextFloat());
    const factors = both(n, (at) => (at % 3 === 0 ? 0 : nextFloat()));
    simd.subtractRows(n, n, matrix[0], factors[0], into[0]);
    plainArithmetic.subtractRows(n, n, matrix[1], factors[1], into[1]);
    close(into);
    expect(simd.factorise(n, matrix[0], 1e-11)).toBe(true);
    expect(plainArithmetic.factorise(n, matrix[1], 1e-11)).toBe(true);
    close(matrix);
    simd.solve(n, matrix[0], into[0]);
    plainArithmetic.solve(n, matrix[1], into[1]);
    close(into);
    const singular = both(4, () => 1);
    expect(simd.factorise(2, singular[0], 1e-11)).toBe(false);
    expect(plainArithmetic.factorise(2, singular[1], 1e-11)).toBe(false);
  });

  test('refuses what does not fit its memory', () => {
    expect(() => simdArithmetic(20_000)).toThrow(/does not fit into memory/);
  });
});
