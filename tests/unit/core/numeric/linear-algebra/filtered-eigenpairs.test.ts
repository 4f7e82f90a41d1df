import { describe, expect, it } from 'vitest';
import { filteredEigenpairs } from '#core/numeric/linear-algebra/filtered-eigenpairs.ts';
import { pureLinearAlgebra as algebra } from '#core/numeric/linear-algebra/pure.ts';
import { createRandom } from '#core/random.ts';

const n = 160;
const tolerance = 1e-9;

/** Q diag(values) Q^T of a random rotation. */
async function withSpectrum(values: Float64Array, seed: number): Promise<Float64Array> {
  const { q } = await algebra.qr(n, n, random(n * n, seed));
  const scaled = q.map((value, at) => value * values[at % n]);
  return algebra.multiply(n, n, n, scaled, q, { b: true });
}

function random(count: number, seed: number): Float64Array {
  const { nextFloat } = createRandom(seed);
  return Float64Array.from({ length: count }, () => nextFloat() - 0.5);
}

async function start(rows: number, largest: number) {
  const { q } = await algebra.qr(n, rows, random(n * rows, 9));
  const turned = new Float64Array(rows * n);
  for (let row = 0; row < rows; row++)
    for (let at = 0; at < n; at++) turned[row * n + at] = q[at * rows + row];
  return { rows: turned, largest };
}

async function expectSmallest(values: Float64Array, count: number): Promise<void> {
  const a = await withSpectrum(values, 4);
  const found = await filteredEigenpairs(
    n,
    a,
    count,
    await start(count + 20, values[n - 1]),
    tolerance,
    algebra,
  );
  if (!found) throw new Error('It did not converge.');
  for (let pair = 0; pair < count; pair++) {
    expect(Math.abs(found.values[pair] - values[pair]), `value ${pair}`).toBeLessThan(1e-12);
    const vector = found.vectors.subarray(pair * n, (pair + 1) * n);
    const image = await algebra.multiply(1, n, n, vector, a);
    const residual = Math.hypot(...image.map((value, at) => value - values[pair] * vector[at]));
    expect(residual, `residual ${pair}`).toBeLessThan(2 * tolerance);
  }
  const products = await algebra.multiply(count, n, count, found.vectors, found.vectors, { b: true });
  products.forEach((value, at) =>
    expect(Math.abs(value - (at % (count + 1) === 0 ? 1 : 0))).toBeLessThan(1e-10),
  );
}

describe('the smallest eigenpairs by a filtered subspace', () => {
  it('are found at the edge of a dense bulk, with one far below it', async () => {
    await expectSmallest(
      Float64Array.from({ length: n }, (_, at) => (at === 0 ? 0 : 0.95 + 0.1 * Math.sqrt(at / n) ** 3)),
      8,
    );
  });

  it('are found as often as they repeat, also where they are zero', async () => {
    await expectSmallest(
      Float64Array.from({ length: n }, (_, at) => (at < 3 ? 0 : at < 7 ? 0.2 : 0.5 + at / n)),
      7,
    );
  });

  it('are not given where the block cannot tell them from the rest', async () => {
    const values = Float64Array.from({ length: n }, (_, at) => at / n);
    const a = await withSpectrum(values, 2);
    expect(await filteredEigenpairs(n, a, 6, await start(3, 1), tolerance, algebra)).toBeNull();
    // Nothing can be damped where the spectrum is said to end below the block.
    expect(await filteredEigenpairs(n, a, 6, await start(20, -1), 1e-14, algebra)).toBeNull();
  });

  it('stop where the job is cancelled', async () => {
    const a = await withSpectrum(
      Float64Array.from({ length: n }, (_, at) => at / n),
      3,
    );
    let left = 5;
    const checkpoint = () => {
      if (--left < 0) throw new Error('cancelled');
    };
    await expect(filteredEigenpairs(n, a, 6, await start(20, 1), 1e-14, algebra, checkpoint)).rejects.toThrow(
      'cancelled',
    );
  });
});
