import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createJointMoments } from '#core/numeric/moments/joint-moments.ts';
import { pureLinearAlgebra as algebra } from '#core/numeric/linear-algebra/pure.ts';
import { lassoPath } from '#core/numeric/sparse-mapping/lasso-path.ts';
import { createLassoWorkspace } from '#core/numeric/sparse-mapping/lasso-workspace.ts';
import { standardisedProblem } from '#core/numeric/sparse-mapping/standardised-problem.ts';
import { canonicalCorrelations } from '#core/numeric/subspaces/canonical-correlations.ts';
import { debiasedLinearCka, linearCka } from '#core/numeric/subspaces/linear-cka.ts';
import { pairMoments, swapped, type PairMoments } from '#core/numeric/subspaces/pair-moments.ts';
import { participationRatio, principalComponents } from '#core/numeric/subspaces/principal-components.ts';
import { procrustesLikeness } from '#core/numeric/subspaces/procrustes.ts';
import { explainedVariance, regressionCoefficients } from '#core/numeric/subspaces/regression.ts';
import { softMatching } from '#core/numeric/subspaces/soft-matching.ts';
import { twoSided } from '#core/validation/samples.ts';

interface Case {
  name: string;
  n: number;
  p: number;
  q: number;
  mean: number[];
  m2: number[];
  norms: [number, number, number];
  lassoLoss: number[][];
  rho: number[];
  linearCka: number;
  debiasedCka: number | null;
  procrustes: number;
  leastSquares: number | null;
  ridge: number;
  participation: number;
}

const read = (name: string) => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as unknown;
const reference = read('mapping-and-subspaces-reference.json') as {
  alphas: number[];
  cases: Case[];
  transport: { score: number[]; p: number; q: number; total: number };
};

function momentsOf({ n, p, q, mean, m2 }: Case) {
  const moments = createJointMoments(p + q, undefined, n);
  moments.mean.set(mean);
  moments.m2.set(m2);
  return moments;
}

const range = (start: number, count: number) => Int32Array.from({ length: count }, (_, at) => start + at);
const components = (pair: PairMoments) => principalComponents(pair.p, pair.xx, algebra);

/** From moments, so about half the digits of the data's own decomposition. */
const tolerance = 1e-7;

describe.each(reference.cases)('$name', (entry) => {
  const moments = momentsOf(entry);
  const pair = pairMoments(moments, range(0, entry.p), range(entry.p, entry.q));
  const dead = new Uint8Array(entry.p + entry.q);

  it('sparse mappings have scikit-learn’s losses within 1e-6 and a gap of at most 1e-6', () => {
    const a = { start: 0, count: entry.p };
    const b = { start: entry.p, count: entry.q };
    const problem = standardisedProblem(moments, a, b, dead);
    const workspace = createLassoWorkspace(entry.p);
    workspace.gram.set(problem.gram);
    const path = lassoPath(workspace, problem.between, { start: 0, count: entry.q }, reference.alphas);
    entry.lassoLoss.forEach((losses, target) =>
      losses.forEach((loss, at) => {
        expect(Math.abs(path.loss[at * entry.q + target] - loss)).toBeLessThan(1e-6);
        expect(path.gap[at * entry.q + target]).toBeLessThanOrEqual(1e-6);
      }),
    );
  });

  it('canonical correlations, CKA and Procrustes agree with numpy’s SVD', async () => {
    const [x, y] = [await components(pair), await components(swapped(pair))];
    const { rho } = await canonicalCorrelations(pair, x, y, algebra);
    expect(rho.length).toBe(entry.rho.length);
    // A correlation of 1 - e from moments has the square root of their precision.
    entry.rho.forEach((value, k) => expect(Math.abs(rho[k] - value)).toBeLessThan(tolerance));
    expect(linearCka(pair)).toBeCloseTo(entry.linearCka, 10);
    const [xx, yy, xy] = entry.norms;
    const debiased = debiasedLinearCka(pair, { xx, yy, xy });
    if (entry.debiasedCka === null) expect(debiased).toBeNull();
    else expect(debiased).toBeCloseTo(entry.debiasedCka, 9);
    expect(await procrustesLikeness(pair, algebra)).toBeCloseTo(entry.procrustes, 9);
    expect(participationRatio(x.values)).toBeCloseTo(entry.participation, 7);
  });

  it('regression explains what least squares and ridge explain', async () => {
    const x = await components(pair);
    const explained = async (ridge: number) =>
      explainedVariance(pair, await regressionCoefficients(pair, x, ridge, algebra), algebra);
    if (entry.leastSquares !== null) expect(await explained(0)).toBeCloseTo(entry.leastSquares, 7);
    expect(await explained(0.01)).toBeCloseTo(entry.ridge, 7);
  });
});

it('soft matching of unequal sides is the assignment of their units’ copies', () => {
  const { score, p, q, total } = reference.transport;
  expect(softMatching(p, q, Float64Array.from(score))).toBeCloseTo(total, 12);
  const flipped = Float64Array.from({ length: p * q }, (_, at) => score[(at % p) * q + Math.floor(at / p)]);
  expect(softMatching(q, p, flipped)).toBeCloseTo(total, 12);
  expect(softMatching(0, 3, new Float64Array(0))).toBe(0);
});

describe('the public data of 100 x 10 samples', () => {
  const { X, Y } = read('../../samples/oracles/cka_demo_1337.json') as { X: number[][]; Y: number[][] };
  const { pair } = twoSided(X, Y);
  const { p } = pair;

  it('is invariant where the methods are: rotation for CKA and Procrustes, any invertible map for CCA', async () => {
    const mix = Float64Array.from(
      { length: p * p },
      (_, at) => Math.sin(at * 1.7) + (at % (p + 1) === 0 ? 3 : 0),
    );
    const { q: rotation } = await algebra.qr(p, p, mix);
    const moved = async (map: Float64Array): Promise<PairMoments> => {
      const half = await algebra.multiply(p, p, p, map, pair.yy);
      return {
        ...pair,
        yy: await algebra.multiply(p, p, p, half, map, { b: true }),
        xy: await algebra.multiply(p, p, p, pair.xy, map, { b: true }),
      };
    };
    const rotated = await moved(rotation);
    expect(linearCka(rotated)).toBeCloseTo(linearCka(pair), 10);
    expect(await procrustesLikeness(rotated, algebra)).toBeCloseTo(
      await procrustesLikeness(pair, algebra),
      10,
    );
    const mixed = await moved(mix);
    const mean = async (of: PairMoments) =>
      (await canonicalCorrelations(of, await components(of), await components(swapped(of)), algebra)).mean;
    expect(await mean(mixed)).toBeCloseTo(await mean(pair), 9);
    const same: PairMoments = { ...pair, yy: pair.xx, xy: pair.xx };
    expect(linearCka(same)).toBeCloseTo(1, 12);
    expect(await procrustesLikeness(same, algebra)).toBeCloseTo(1, 10);
    expect(await mean(same)).toBeCloseTo(1, 10);
  });
});
