import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adjustedRand } from '#core/numeric/clustering/adjusted-rand.ts';
import { affinity } from '#core/numeric/clustering/affinity.ts';
import { wardDendrogram } from '#core/numeric/clustering/agglomerative.ts';
import { cutGraph } from '#core/numeric/clustering/cut-graph.ts';
import { normalisedCut } from '#core/numeric/clustering/normalised-cut.ts';
import { normalisedLaplacian } from '#core/numeric/clustering/normalised-laplacian.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';

interface Reference {
  cases: {
    name: string;
    kind: 'abs' | 'positive' | 'squared';
    units: number;
    correlation: number[] | null;
    eigenvalues: number[];
    ncut: Record<string, number>;
  }[];
  ward: { rows: number[]; linkage: number[] };
  rand: { one: number[]; other: number[]; score: number };
}

const reference = JSON.parse(
  readFileSync(new URL('clustering-reference.json', import.meta.url), 'utf8'),
) as Reference;

/** Stated once a data set, for the first affinity. */
function correlationOf(name: string): Float64Array {
  return Float64Array.from(
    reference.cases.find((entry) => entry.name === name && entry.correlation)?.correlation ?? [],
  );
}

describe.each(reference.cases)('$name, $kind', ({ name, kind, units, eigenvalues, ncut }) => {
  const w = affinity(kind, units, correlationOf(name));
  const eigen = () => pureLinearAlgebra.symmetricEigen(units, normalisedLaplacian(units, w).laplacian);

  it('has the eigenvalues of scipy within 1e-10: both are backward stable on a matrix of norm 2', async () => {
    const { values } = await eigen();
    eigenvalues.forEach((value, k) => expect(Math.abs(values[k] - value)).toBeLessThan(1e-10));
  });

  it('cuts at most 1 % worse than the best of 100 starts of scikit-learn', async () => {
    const { vectors } = await eigen();
    for (const [k, best] of Object.entries(ncut)) {
      const labels = cutGraph(units, w, vectors, Number(k), 100, 0);
      const found = normalisedCut(units, w, labels, Number(k)).reduce((sum, part) => sum + part, 0);
      expect(found).toBeLessThanOrEqual(best * 1.01);
    }
  });
});

it('merges as scipy’s Ward linkage does', () => {
  const { rows, linkage } = reference.ward;
  const found = wardDendrogram(40, 5, Float64Array.from(rows));
  linkage.forEach((value, at) => expect(found.linkage[at]).toBeCloseTo(value, 12));
  expect([...found.leaves].sort((x, y) => x - y)).toEqual([...Array(40).keys()]);
});

it('has the adjusted Rand index of scikit-learn', () => {
  const { one, other, score } = reference.rand;
  expect(adjustedRand(Int32Array.from(one), Int32Array.from(other))).toBeCloseTo(score, 14);
});
