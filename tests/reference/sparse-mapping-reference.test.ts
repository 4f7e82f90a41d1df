import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import type { SharedMoments } from '#workers/align/task.ts';
import { sparseMappingTask } from '#workers/align/sparse-mapping-task.ts';
import { expectClose, type Tolerance } from '../unit/core/close.ts';
import { sharedMomentsOf } from '../unit/sparse-mapping/moments-of-rows.ts';

/** sklearn's losses; generate_sparse_mapping_reference.py says how they are made. */
const reference = JSON.parse(
  readFileSync(new URL('sparse-mapping-reference.json', import.meta.url), 'utf8'),
) as { alphas: number[]; cases: Case[] };

interface Case {
  name: string;
  n: number;
  sources: number;
  targets: number;
  x: number[];
  y: number[];
  liveTargets: number[];
  loss: number[][];
  leastSquares: number[];
}

const lossTolerance: Tolerance = {
  rtol: 0,
  atol: 1e-6,
  reason: 'both solvers stop at a small duality gap; the loss without its penalty may trade within it',
};
const leastSquaresTolerance: Tolerance = {
  rtol: 0,
  atol: 1e-6,
  reason:
    'directions near the rank tolerance: eigenvalues of the moments here, singular values of the data there',
};

function momentsOfCase({ n, sources, targets, x, y }: Case): SharedMoments {
  const rows = Array.from({ length: n }, (_, k) => [
    ...x.slice(k * sources, (k + 1) * sources),
    ...y.slice(k * targets, (k + 1) * targets),
  ]);
  return sharedMomentsOf(rows);
}

describe('sparse mapping against scikit-learn', () => {
  test.each(reference.cases)('$name', async (wanted) => {
    const { headline, arrays } = await sparseMappingTask(
      {
        analysis: { name: 'sparse-mapping', alphas: reference.alphas, mode: 'exact' },
        a: { start: 0, count: wanted.sources },
        b: { start: wanted.sources, count: wanted.targets },
        networks: [],
        layers: null,
        images: wanted.n,
        train: momentsOfCase(wanted),
        test: null,
        blocks: [],
        nulls: [],
        sample: null,
        second: null,
      },
      { checkpoint: () => {}, progress: () => {}, algebra: pureLinearAlgebra },
    );
    const loss = arrays.find(({ name }) => name === 'loss')!.data;
    const squares = arrays.find(({ name }) => name === 'least-squares-loss')!.data;
    wanted.liveTargets.forEach((unit, at) => {
      const found = reference.alphas.map((_, row) => loss[row * wanted.targets + unit]);
      expectClose(found, wanted.loss[at], lossTolerance);
      expectClose([squares[unit]], [wanted.leastSquares[at]], leastSquaresTolerance);
    });
    for (const { dualityGap } of headline.points as Record<string, number>[]) {
      expect(dualityGap).toBeLessThanOrEqual(1e-6);
    }
  });
});
