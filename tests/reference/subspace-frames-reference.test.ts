import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { correlationFromMoments } from '#core/numeric/correlation/correlation-from-moments.ts';
import { pureLinearAlgebra as algebra } from '#core/numeric/linear-algebra/pure.ts';
import { createJointMoments } from '#core/numeric/moments/joint-moments.ts';
import { correlationProfile } from '#core/numeric/subspaces/correlation-profile.ts';
import { ownCoordinates } from '#core/numeric/subspaces/own-coordinates.ts';
import { principalComponents } from '#core/numeric/subspaces/principal-components.ts';
import { pairMoments } from '#core/numeric/subspaces/pair-moments.ts';
import { createRandom } from '#core/random.ts';

interface Case {
  name: string;
  n: number;
  p: number;
  q: number;
  samples: number[];
  own: number[][];
  ownShare: number[];
  scores: number[][];
  share: number[];
  nearest: number[][];
  distance: number[][];
}
const path = new URL('subspace-frames-reference.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Case[] };

function momentsOf(samples: readonly number[], n: number, units: number) {
  const moments = createJointMoments(units, undefined, n);
  for (let unit = 0; unit < units; unit++)
    for (let row = 0; row < n; row++) moments.mean[unit] += samples[row * units + unit] / n;
  for (let row = 0; row < n; row++) {
    const centred = Float64Array.from(
      { length: units },
      (_, unit) => samples[row * units + unit] - moments.mean[unit],
    );
    centred.forEach((x, i) => centred.forEach((y, j) => (moments.m2[i * units + j] += x * y)));
  }
  return moments;
}

const range = (start: number, count: number) => Int32Array.from({ length: count }, (_, at) => start + at);
const correlations = ({ n, p, q, samples }: Case) => {
  const all = { rowStart: 0, rowCount: p + q, colStart: 0, colCount: p + q };
  return correlationFromMoments(momentsOf(samples, n, p + q), all, new Uint8Array(p + q));
};

describe.each(cases)('$name', (entry) => {
  it('a unit lies in its network’s components at its correlation with numpy’s scores', async () => {
    const { n, p, q } = entry;
    const { xx } = pairMoments(momentsOf(entry.samples, n, p + q), range(0, p), range(p, q));
    const variances = Float64Array.from({ length: p }, (_, unit) => xx[unit * p + unit]);
    const d = entry.ownShare.length;
    const own = ownCoordinates(await principalComponents(p, xx, algebra), variances, d);
    expect(own.dimensions).toBe(d);
    entry.own.flat().forEach((value, at) => expect(Math.abs(own.coordinates[at] - value)).toBeLessThan(1e-8));
    entry.ownShare.forEach((value, k) => expect(Math.abs(own.share[k] - value)).toBeLessThan(1e-10));
  });

  it('profiles have numpy’s components, shares and nearest units', async () => {
    const n = entry.p + entry.q;
    const e = entry.share.length;
    const profile = await correlationProfile(n, correlations(entry), e, 5, algebra);
    entry.share.forEach((value, k) => expect(Math.abs(profile.share[k] - value)).toBeLessThan(1e-12));
    entry.scores.flat().forEach((value, at) => {
      if (entry.share[at % e] > 1e-12) expect(Math.abs(profile.scores[at] - value)).toBeLessThan(1e-8);
      else expect(profile.scores[at]).toBeCloseTo(0, 7);
    });
    expect([...profile.nearest]).toEqual(entry.nearest.flat());
    entry.distance
      .flat()
      .forEach((value, at) => expect(Math.abs(profile.distance[at] - value)).toBeLessThan(1e-7));
  });
});

it('the coordinates of a unit in all of its network’s components have length 1', async () => {
  const [{ n, p, q, samples }] = cases;
  const { xx } = pairMoments(momentsOf(samples, n, p + q), range(0, p), range(p, q));
  const variances = Float64Array.from({ length: p }, (_, unit) => xx[unit * p + unit]);
  const { coordinates } = ownCoordinates(await principalComponents(p, xx, algebra), variances, p);
  for (let unit = 0; unit < p; unit++)
    expect(Math.hypot(...coordinates.subarray(unit * p, (unit + 1) * p))).toBeCloseTo(1, 10);
});

it('many units take the Krylov subspace, with the same components as the full decomposition', async () => {
  const [n, rows] = [400, 60];
  const random = createRandom(8);
  const samples = Array.from({ length: n * rows }, (_, at) => (at % n < 150 ? 1 : 0.2) * random.nextFloat());
  for (let row = 0; row < rows; row++)
    for (let group = 0; group < 4; group++) {
      const shared = random.nextFloat() * (1 + group / 2);
      for (let unit = group * 90; unit < group * 90 + 90; unit++) samples[row * n + unit] += shared;
    }
  const c = correlations({ ...cases[0], n: rows, p: n, q: 0, samples });
  const profile = await correlationProfile(n, c, 3, 5, algebra);
  const means = Float64Array.from({ length: n }, (_, col) => {
    let sum = 0;
    for (let row = 0; row < n; row++) sum += c[row * n + col];
    return sum / n;
  });
  const centred = c.map((value, at) => value - means[at % n]);
  const { values } = await algebra.symmetricEigen(n, await algebra.gram(n, n, centred), {
    first: n - 3,
    count: 3,
  });
  for (let k = 0; k < 3; k++) {
    let square = 0;
    for (let unit = 0; unit < n; unit++) square += profile.scores[unit * 3 + k] ** 2;
    expect(square / values[2 - k]).toBeCloseTo(1, 9);
  }
});

describe('edge cases', () => {
  it('no unit, one unit, units that are all alike', async () => {
    const none = await correlationProfile(0, new Float64Array(0), 3, 5, algebra);
    expect([none.dimensions, none.neighbours, none.nearest.length]).toEqual([0, 0, 0]);
    const one = await correlationProfile(1, Float64Array.of(1), 3, 5, algebra);
    expect([...one.scores, ...one.share, one.neighbours]).toEqual([0, 0, 0]);
    const alike = await correlationProfile(4, new Float64Array(16).fill(1), 2, 5, algebra);
    expect([...alike.scores].every((value) => Math.abs(value) < 1e-12)).toBe(true);
    expect([...alike.nearest]).toEqual([1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2]);
  });

  it('a unit without variance lies at 0 and gives no NaN', async () => {
    const components = await principalComponents(3, Float64Array.of(2, 1, 0, 1, 2, 0, 0, 0, 0), algebra);
    const own = ownCoordinates(components, Float64Array.of(2, 2, 0), 8);
    expect(own.dimensions).toBe(2);
    expect([...own.coordinates.subarray(4)]).toEqual([0, 0]);
    expect(own.share[0]).toBeCloseTo(0.75, 12);
  });
});
