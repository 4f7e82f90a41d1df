import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '#core/random.ts';
import { adjustedRand } from '#core/numeric/clustering/adjusted-rand.ts';
import { affinity } from '#core/numeric/clustering/affinity.ts';
import { cutDendrogram, wardDendrogram } from '#core/numeric/clustering/agglomerative.ts';
import {
  bestJaccard,
  correlationWithCentre,
  meanScores,
  networkBalance,
} from '#core/numeric/clustering/cluster-facts.ts';
import { cutGraph } from '#core/numeric/clustering/cut-graph.ts';
import { eigengapCount } from '#core/numeric/clustering/eigengap.ts';
import { kMeans } from '#core/numeric/clustering/k-means.ts';
import { normalisedCut } from '#core/numeric/clustering/normalised-cut.ts';
import { normalisedLaplacian } from '#core/numeric/clustering/normalised-laplacian.ts';
import { refineCut } from '#core/numeric/clustering/refine-cut.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';

/** Blocks of strongly linked units over weak links. */
function blocks(sizes: number[], noise: number, seed: number) {
  const { nextFloat } = createRandom(seed);
  const truth = Int32Array.from(sizes.flatMap((size, block) => Array<number>(size).fill(block)));
  const n = truth.length;
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    c[i * n + i] = 1;
    for (let j = i + 1; j < n; j++)
      c[i * n + j] = c[j * n + i] = (truth[i] === truth[j] ? 0.7 : 0) + noise * (nextFloat() - 0.5);
  }
  return { n, c, truth };
}

async function clusters(n: number, w: Float64Array, k: number) {
  const { values, vectors } = await pureLinearAlgebra.symmetricEigen(n, normalisedLaplacian(n, w).laplacian);
  return { values, labels: cutGraph(n, w, vectors, k, 20, 1) };
}

describe('spectral clusters', () => {
  it('make affinity and Laplacian in the place of what they are made of', () => {
    const { n, c } = blocks([4, 5], 0.6, 3);
    const w = affinity('abs', n, c);
    const { laplacian } = normalisedLaplacian(n, w);
    const place = c.slice();
    expect(affinity('abs', n, place, place)).toEqual(w);
    expect(normalisedLaplacian(n, place, place).laplacian).toEqual(laplacian);
    expect(place).toEqual(laplacian);
  });

  it('find planted blocks, and the eigengap their number', async () => {
    const { n, c, truth } = blocks([9, 12, 15, 7], 0.2, 3);
    const { values, labels } = await clusters(n, affinity('abs', n, c), 4);
    expect(adjustedRand(labels, truth)).toBe(1);
    expect(eigengapCount(values.subarray(0, 10))).toBe(4);
  });

  it('keep the parts of a disconnected graph apart, each with an eigenvalue 0', async () => {
    const { n, c, truth } = blocks([5, 6, 4], 0, 1);
    const { values, labels } = await clusters(n, affinity('positive', n, c), 3);
    expect([...values.subarray(0, 3)].every((value) => Math.abs(value) < 1e-12)).toBe(true);
    expect(values[3]).toBeGreaterThan(0.5);
    expect([...labels]).toEqual([...truth]);
    expect([...normalisedCut(n, affinity('abs', n, c), labels, 3)]).toEqual([0, 0, 0]);
  });

  it('have an answer for units without edges, one unit and none', async () => {
    const { n, c } = blocks([4, 4], 0, 1);
    const w = affinity('abs', n, c);
    for (let j = 0; j < n; j++) w[j] = w[j * n] = 0;
    const { labels } = await clusters(n, w, 2);
    expect(labels.every((label) => label >= 0)).toBe(true);
    expect((await clusters(1, new Float64Array(1), 4)).labels).toEqual(Int32Array.of(0));
    expect((await clusters(0, new Float64Array(0), 4)).labels).toHaveLength(0);
    expect(
      (
        await clusters(
          3,
          affinity(
            'abs',
            3,
            Float64Array.from({ length: 9 }, () => 0.5),
          ),
          5,
        )
      ).labels,
    ).toEqual(Int32Array.of(0, 1, 2));
  });

  it('do not depend on the order of the units', async () => {
    const { n, c } = blocks([8, 10, 6], 0.4, 5);
    const order = [...Array(n).keys()].sort((x, y) => Math.sin(x * 7.1) - Math.sin(y * 7.1));
    const shuffled = Float64Array.from(
      { length: n * n },
      (_, at) => c[order[Math.floor(at / n)] * n + order[at % n]],
    );
    const one = await clusters(n, affinity('abs', n, c), 3);
    const other = await clusters(n, affinity('abs', n, shuffled), 3);
    other.values.forEach((value, k) => expect(value).toBeCloseTo(one.values[k], 12));
    expect(
      adjustedRand(
        Int32Array.from(order, (unit) => one.labels[unit]),
        other.labels,
      ),
    ).toBe(1);
  });
});

it('refining never raises the cut and empties no cluster', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 2, max: 4 }), (seed, k) => {
      const { n, c } = blocks([5, 6, 4], 1, seed);
      const { nextInt } = createRandom(seed + 1);
      const labels = Int32Array.from({ length: n }, (_, unit) => (unit < k ? unit : nextInt(k)));
      const w = affinity('squared', n, c);
      const total = (of: Int32Array) => normalisedCut(n, w, of, k).reduce((sum, part) => sum + part, 0);
      const refined = refineCut(n, w, labels, k).labels;
      expect(total(refined)).toBeLessThanOrEqual(total(labels) + 1e-9);
      expect(new Set(refined).size).toBe(k);
    }),
  );
});

it('k-means is seeded, names clusters by their first members and keeps all of them filled', () => {
  const rows = Float64Array.of(5, 5.1, 0, 0.1, 9, 9.1, 5.2);
  const { labels, inertia } = kMeans(7, 1, rows, 3, 10, 1);
  expect([...labels]).toEqual([0, 0, 1, 1, 2, 2, 0]);
  expect(inertia).toBeCloseTo(0.02 + 0.005 + 0.005, 10);
  expect(kMeans(7, 1, rows, 3, 10, 1)).toEqual({ labels, inertia });
  const same = kMeans(6, 1, new Float64Array(6), 3, 2, 1);
  expect(same.inertia).toBe(0);
  expect(() => kMeans(3, 1, new Float64Array(3), 0, 1, 1)).toThrow(/k = 0/);
});

it('a dendrogram can be cut anywhere', () => {
  const rows = Float64Array.of(0, 0.1, 5, 5.2, 20);
  const { linkage, leaves } = wardDendrogram(5, 1, rows);
  expect([...cutDendrogram(5, linkage, 1)]).toEqual([0, 0, 0, 0, 0]);
  expect([...cutDendrogram(5, linkage, 2)]).toEqual([0, 0, 0, 0, 1]);
  expect([...cutDendrogram(5, linkage, 3)]).toEqual([0, 0, 1, 1, 2]);
  expect([...cutDendrogram(5, linkage, 9)]).toEqual([0, 1, 2, 3, 4]);
  expect([...leaves].sort()).toEqual([0, 1, 2, 3, 4]);
  expect(wardDendrogram(0, 1, new Float64Array(0))).toEqual({
    linkage: new Float64Array(0),
    leaves: new Int32Array(0),
  });
  expect(wardDendrogram(1, 1, Float64Array.of(3)).leaves).toEqual(Int32Array.of(0));
});

describe('facts of clusters', () => {
  it('balance is 1 for equal shares of every network and 0 for one network', () => {
    expect(networkBalance([10, 20], [50, 100])).toBeCloseTo(1, 12);
    expect(networkBalance([5, 0], [50, 100])).toBe(0);
    expect(networkBalance([3], [10])).toBe(0);
    expect(networkBalance([0, 0], [1, 1])).toBe(0);
    expect(networkBalance([2, 1, 0], [4, 4, 4])).toBeGreaterThan(networkBalance([3, 0, 0], [4, 4, 4]));
  });

  it('mean scores leave out the units themselves', () => {
    const c = Float64Array.of(1, 0.5, 0.1, 0.5, 1, 0.3, 0.1, 0.3, 1);
    const { within, between } = meanScores(3, c, Int32Array.of(0, 0, 1), 2);
    expect(within[0]).toBeCloseTo(0.5, 12);
    expect(within[1]).toBe(0);
    expect(between[0]).toBeCloseTo(0.2, 12);
  });

  it('correlation with the cluster’s mean is what the samples say', () => {
    const { nextFloat } = createRandom(4);
    const samples = Array.from({ length: 300 }, () => {
      const z = nextFloat();
      return [z + nextFloat(), z + nextFloat(), 2 * z + nextFloat()];
    });
    const column = (unit: number) => samples.map((row) => row[unit]);
    const standard = (values: number[]) => {
      const mean = values.reduce((x, y) => x + y, 0) / values.length;
      const deviation = Math.sqrt(values.reduce((x, y) => x + (y - mean) ** 2, 0) / values.length);
      return values.map((value) => (value - mean) / deviation);
    };
    const units = [0, 1, 2].map((unit) => standard(column(unit)));
    const r = (x: number[], y: number[]) =>
      standard(x).reduce((sum, value, k) => sum + value * standard(y)[k], 0) / x.length;
    const c = Float64Array.from({ length: 9 }, (_, at) => r(units[Math.floor(at / 3)], units[at % 3]));
    const centre = samples.map((_, k) => units[0][k] + units[1][k] + units[2][k]);
    correlationWithCentre(3, c, Int32Array.of(0, 0, 0), 1).forEach((value, unit) =>
      expect(value).toBeCloseTo(r(units[unit], centre), 10),
    );
  });

  it('Jaccard likeness takes the best cluster of the other labelling', () => {
    expect([...bestJaccard(Int32Array.of(0, 0, 0, 1), 2, Int32Array.of(1, 1, 0, 0))]).toEqual([2 / 3, 1 / 2]);
    expect(adjustedRand(Int32Array.of(0, 0, 1, -1), Int32Array.of(3, 3, 2, 0))).toBe(1);
    expect(adjustedRand(Int32Array.of(0), Int32Array.of(0))).toBe(1);
  });
});
