import { describe, expect, it } from 'vitest';
import { affinity } from '#core/numeric/clustering/affinity.ts';
import { normalisedLaplacian } from '#core/numeric/clustering/normalised-laplacian.ts';
import { smallestEigenpairs } from '#core/numeric/clustering/smallest-eigenpairs.ts';
import { pureLinearAlgebra as algebra } from '#core/numeric/linear-algebra/pure.ts';
import { createRandom } from '#core/random.ts';

const n = 400;
const count = 10;

/** Scores of n units; those of one group share more. */
function graph(shared: (i: number, j: number) => number, noise: number): Float64Array {
  const { nextFloat } = createRandom(3);
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const value = shared(i, j);
      c[i * n + j] = c[j * n + i] = value + (value === 0 ? 0 : noise * (nextFloat() - 0.5));
    }
  return normalisedLaplacian(n, affinity('abs', n, c)).laplacian;
}

const graphs: [string, Float64Array][] = [
  ['eight blocks', graph((i, j) => (i % 8 === j % 8 ? 0.5 : 0.1), 0.2)],
  ['no structure', graph(() => 1e-9, 1)],
  [
    'five separate parts, and a unit without edges',
    graph((i, j) => (i !== 7 && j !== 7 && i % 5 === j % 5 ? 0.4 : 0), 0.3),
  ],
];

describe.each(graphs)('%s', (_, laplacian) => {
  it('has the smallest eigenvalues of the full decomposition, and vectors that solve A x = value x', async () => {
    const expected = await algebra.symmetricEigen(n, laplacian, { first: 0, count });
    const { values, vectors } = await smallestEigenpairs(n, laplacian, count, algebra);
    expect(values).toHaveLength(count);
    // The error of a value is about the square of the residual's 1e-7, and rounding.
    values.forEach((value, k) => expect(Math.abs(value - expected.values[k])).toBeLessThan(1e-12));
    for (let one = 0; one < count; one++) {
      const x = vectors.subarray(one * n, (one + 1) * n);
      for (let other = 0; other <= one; other++) {
        const inner = x.reduce((sum, value, at) => sum + value * vectors[other * n + at], 0);
        expect(inner).toBeCloseTo(one === other ? 1 : 0, 10);
      }
      let residual = 0;
      for (let row = 0; row < n; row++) {
        const image = laplacian
          .subarray(row * n, (row + 1) * n)
          .reduce((sum, value, at) => sum + value * x[at], 0);
        residual += (image - values[one] * x[row]) ** 2;
      }
      expect(Math.sqrt(residual)).toBeLessThan(2e-7);
    }
  });
});

it('can be cancelled between products', async () => {
  let left = 3;
  const checkpoint = () => {
    if (left-- === 0) throw new Error('cancelled');
  };
  await expect(smallestEigenpairs(n, graphs[0][1], count, algebra, checkpoint)).rejects.toThrow('cancelled');
});
