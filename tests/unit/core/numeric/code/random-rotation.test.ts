import { describe, expect, it } from 'vitest';
import { createRandom } from '#core/random.ts';
import { randomRotation, rotatedCorrelations } from '#core/numeric/code/random-rotation.ts';
import { pureLinearAlgebra as algebra } from '#core/numeric/linear-algebra/pure.ts';

describe('randomRotation', () => {
  it('is orthogonal, seeded, and uniform: entries have mean 0 and variance 1 / n', async () => {
    const n = 8;
    let [sum, squares] = [0, 0];
    for (let seed = 0; seed < 200; seed++) {
      const rotation = await randomRotation(n, seed, algebra);
      const product = await algebra.multiply(n, n, n, rotation, rotation, { b: true });
      for (let i = 0; i < n * n; i++) expect(product[i]).toBeCloseTo(i % (n + 1) === 0 ? 1 : 0, 12);
      sum += rotation[0];
      squares += rotation[0] ** 2;
    }
    // 4 standard errors: sd of an entry .354, of its square about .17.
    expect(Math.abs(sum / 200)).toBeLessThan(0.1);
    expect(Math.abs(squares / 200 - 1 / n)).toBeLessThan(0.05);
    expect(await randomRotation(n, 7, algebra)).toEqual(await randomRotation(n, 7, algebra));
    expect(await randomRotation(0, 1, algebra)).toEqual(new Float64Array(0));
  });
});

describe('rotatedCorrelations', () => {
  it('are those of samples that were rotated', async () => {
    const [n, p, q] = [400, 3, 4];
    const { nextFloat } = createRandom(5);
    const standard = (column: number[]) => {
      const mean = column.reduce((x, y) => x + y, 0) / n;
      const deviation = Math.sqrt(column.reduce((x, y) => x + (y - mean) ** 2, 0) / n);
      return column.map((value) => (value - mean) / deviation);
    };
    const source = Array.from({ length: n }, () => nextFloat());
    const unit = () => standard(source.map((value) => value * nextFloat() + nextFloat()));
    const [x, y] = [Array.from({ length: p }, unit), Array.from({ length: q }, unit)];
    const r = (a: number[], b: number[]) =>
      standard(a).reduce((sum, value, k) => sum + value * standard(b)[k], 0) / n;
    const table = (a: number[][], b: number[][]) =>
      Float64Array.from(a.flatMap((one) => b.map((other) => r(one, other))));
    const rotation = await randomRotation(q, 3, algebra);
    const turned = Array.from({ length: q }, (_, k) =>
      source.map((_value, at) => y.reduce((sum, column, j) => sum + rotation[k * q + j] * column[at], 0)),
    );
    const found = await rotatedCorrelations(p, q, table(x, y), table(y, y), rotation, algebra);
    table(x, turned).forEach((value, at) => expect(found[at]).toBeCloseTo(value, 10));
  });

  it('are the correlations themselves without a rotation, and 0 for a rotated unit without variance', async () => {
    const c = Float64Array.of(0.3, -0.2);
    const identity = Float64Array.of(1, 0, 0, 1);
    expect(await rotatedCorrelations(1, 2, c, identity, identity, algebra)).toEqual(c);
    const half = Math.SQRT1_2;
    // Two equal units: their difference is constant.
    const found = await rotatedCorrelations(
      1,
      2,
      Float64Array.of(0.5, 0.5),
      Float64Array.of(1, 1, 1, 1),
      Float64Array.of(half, half, half, -half),
      algebra,
    );
    expect(found[0]).toBeCloseTo(0.5, 12);
    expect(found[1]).toBe(0);
  });
});
