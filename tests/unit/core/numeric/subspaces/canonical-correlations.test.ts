import { describe, expect, it } from 'vitest';
import { createRandom } from '#core/random.ts';
import { componentsOf, twoSided } from '#core/validation/samples.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import {
  canonicalCorrelations,
  canonicalSpectrum,
  whitenedCross,
} from '#core/numeric/subspaces/canonical-correlations.ts';
import { openLapack } from '#workers/linalg/lapack.ts';
import { portableLinearAlgebra } from '#workers/linalg/portable-algebra.ts';

const lapack = openLapack({ ...process.env, CONSILIENCE_BLAS: '' });
const backEnds = [pureLinearAlgebra, portableLinearAlgebra(), ...(lapack ? [lapack] : [])];

const { nextFloat } = createRandom(5);
const samples = (n: number, units: number) =>
  Array.from({ length: n }, () => Array.from({ length: units }, () => nextFloat() - 0.5));

/** Units of Y are sums of X's with noise; with fewer samples than units, neither side has full rank. */
function mixed(n: number, p: number, q: number) {
  const x = samples(n, p);
  const noise = samples(n, q);
  const y = x.map((row, k) => noise[k].map((value, j) => value + 2 * row[j % p] - row[(3 * j + 1) % p]));
  return twoSided(x, y);
}

const cases: [string, ReturnType<typeof mixed>, number?, number?][] = [
  ['of 30 and 40 units', mixed(200, 30, 40)],
  ['of more units than samples', mixed(20, 30, 26)],
  ['of leading components', mixed(200, 30, 40), 12, 7],
  ['without variance', twoSided([[1], [1], [1]], [[1], [2], [4]])],
];

describe.each(backEnds)('canonical correlations, $title', (algebra) => {
  it.each(cases)('%s', async (_, data, keepX, keepY) => {
    const { pair, p, q } = data;
    const { x, y } = await componentsOf(data, algebra);
    const all = await canonicalCorrelations(pair, x, y, algebra, keepX, keepY);
    const r = Math.min(keepX ?? x.rank, keepY ?? y.rank);
    expect([all.rho.length, all.x.length, all.y.length]).toEqual([r, r * p, r * q]);
    // Alone they are found another way.
    const alone = await canonicalSpectrum(await whitenedCross(pair, x, y, algebra, keepX, keepY), algebra);
    expect(alone.mean).toBeCloseTo(all.mean, 12);
    all.rho.forEach((value, k) => expect(alone.rho[k]).toBeCloseTo(value, 12));
    // Variates have unit second moments, and go together in pairs.
    const between = async (one: Float64Array, m2: Float64Array, other: Float64Array, k: number, n: number) =>
      algebra.multiply(r, n, r, await algebra.multiply(r, k, n, one, m2), other, { b: true });
    for (const [found, diagonal] of [
      [await between(all.x, pair.xx, all.x, p, p), () => 1],
      [await between(all.y, pair.yy, all.y, q, q), () => 1],
      [await between(all.x, pair.xy, all.y, p, q), (k: number) => all.rho[k]],
    ] as const)
      found.forEach((value, at) => expect(value).toBeCloseTo(at % (r + 1) === 0 ? diagonal(at % r) : 0, 9));
  });
});
