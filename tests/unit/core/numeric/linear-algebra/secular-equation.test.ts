import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistentWeights,
  plainPoles,
  secularRoot,
  squaredPoles,
  type Poles,
} from '#core/numeric/linear-algebra/secular-equation.ts';

/** All roots as pole and offset, and the differences of all poles to them. */
function solve(poles: Poles, weights: Float64Array, rho: number) {
  const { count } = poles;
  const deltas = new Float64Array(count * count);
  const roots = Array.from({ length: count }, (_, j) =>
    secularRoot(poles, weights, rho, j, deltas.subarray(j * count, (j + 1) * count)),
  );
  return { roots, deltas };
}

function expectInterlaced(count: number, deltas: Float64Array): void {
  for (let j = 0; j < count; j++) {
    expect(deltas[j * count + j]).toBeLessThan(0);
    if (j + 1 < count) expect(deltas[j * count + j + 1]).toBeGreaterThan(0);
  }
}

describe('roots of the secular equation', () => {
  it('of one pole is the pole moved by rho', () => {
    expect(
      secularRoot(plainPoles(Float64Array.of(3), 1), Float64Array.of(1), 2, 0, new Float64Array(1)),
    ).toEqual({ origin: 0, offset: 2 });
  });

  it('of two poles are those of a quadratic', () => {
    // diag(0, 1) + 2 z z^T with z^2 = (0.36, 0.64): x^2 - 3 x + 0.72 = 0
    const d = Float64Array.of(0, 1);
    const { roots } = solve(plainPoles(d, 2), Float64Array.of(0.36, 0.64), 2);
    const half = Math.sqrt(9 - 4 * 0.72) / 2;
    [1.5 - half, 1.5 + half].forEach((expected, j) =>
      expect(d[roots[j].origin] + roots[j].offset).toBeCloseTo(expected, 14),
    );
  });

  it.each([
    ['tiny weights', [0, 1, 2, 3], [1e-30, 1, 1e-30, 1e-28], 1],
    ['poles 1e-15 apart', [1, 1 + 4e-15, 1 + 8e-15, 2], [0.25, 0.25, 0.25, 0.25], 1],
    ['a small rho', [0, 1, 2, 3], [0.25, 0.25, 0.25, 0.25], 1e-14],
    ['a large rho', [0, 1, 2, 3], [0.25, 0.25, 0.25, 0.25], 1e14],
    ['poles of very different size', [0, 1e-14, 1e-7, 1], [0.25, 0.25, 0.25, 0.25], 1],
    ['negative poles', [-3, -1, 0, 1e-12], [0.1, 0.2, 0.3, 0.4], 0.5],
  ])('lie between the poles and give the weights back: %s', (_, poles, given, rho) => {
    const total = given.reduce((sum, value) => sum + value, 0);
    const weights = Float64Array.from(given, (value) => value / total);
    const d = Float64Array.from(poles);
    const { deltas } = solve(plainPoles(d, 4), weights, rho);
    expectInterlaced(4, deltas);
    consistentWeights(plainPoles(d, 4), deltas).forEach((z, i) =>
      expect(Math.abs((z * z) / rho - weights[i])).toBeLessThan(1e-14),
    );
  });

  it('hold for any poles that are apart', () => {
    const entry = fc.record({
      gap: fc.integer({ min: -13, max: 0 }),
      weight: fc.integer({ min: -12, max: 0 }),
    });
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 2, maxLength: 30 }),
        fc.integer({ min: -10, max: 10 }),
        fc.boolean(),
        (entries, exponent, isSquared) => {
          let pole = 0;
          const d = Float64Array.from(entries, ({ gap }, i) =>
            i === 0 ? 0 : (pole += 10 ** gap + pole * 1e-14),
          );
          const total = entries.reduce((sum, { weight }) => sum + 10 ** weight, 0);
          const weights = Float64Array.from(entries, ({ weight }) => 10 ** weight / total);
          const poles = (isSquared ? squaredPoles : plainPoles)(d, d.length);
          const { deltas } = solve(poles, weights, 10 ** exponent);
          expectInterlaced(d.length, deltas);
          consistentWeights(poles, deltas).forEach((z, i) =>
            // Roots are right to the rounding of the whole sum, so weights to that of the largest.
            expect(Math.abs(z * z - 10 ** exponent * weights[i])).toBeLessThan(1e-11 * 10 ** exponent),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
