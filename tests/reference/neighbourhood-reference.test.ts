import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { allUnits, maximumMatch } from '#core/numeric/neighbourhoods/maximum-match.ts';
import { simpleMatch } from '#core/numeric/neighbourhoods/simple-match.ts';
import { smallSpanResiduals } from '../unit/neighbourhoods/small-span-residuals.ts';
import { spanResiduals } from '#core/numeric/neighbourhoods/span-residuals.ts';
import { uncentredCosines } from '#core/numeric/neighbourhoods/uncentred-cosines.ts';
import { expectClose, type Tolerance } from '../unit/core/close.ts';
import { momentsOfRows } from '../unit/certainty/planted.ts';

/** numpy's least squares on the activations; generate_neighbourhood_reference.py says how. */
const reference = JSON.parse(readFileSync(new URL('neighbourhood-reference.json', import.meta.url), 'utf8'));

const squares: Tolerance = {
  rtol: 1e-9,
  atol: 2e-7,
  reason: 'residuals come from 1 - r^2: rounding of 1e-14 in a square is 1e-7 in the root, near 0',
};

interface Case {
  name: string;
  data: number[];
  samples: number;
  unitsA: number;
  unitsB: number;
  residualA: number[];
  residualB: number[];
  points: Point[];
}

interface Point {
  epsilon: number;
  x: number[];
  y: number[];
  minimal?: number[][][];
}

describe.each(reference.cases as Case[])(
  '$name',
  ({ data, samples, unitsA, unitsB, residualA, residualB, points }) => {
    const moments = momentsOfRows(Float64Array.from(data), unitsA + unitsB);
    const cosines = uncentredCosines(moments, { start: 0, count: unitsA }, { start: unitsA, count: unitsB });
    const all = allUnits(cosines);

    test('residuals, by eigenvectors and by pivoted Cholesky', async () => {
      expect(moments.n).toBe(samples);
      const work = { done: 0, limit: Infinity };
      expectClose(await spanResiduals(cosines, all.x, all.y, pureLinearAlgebra), residualA, squares);
      expectClose(await spanResiduals(cosines, all.y, all.x, pureLinearAlgebra), residualB, squares);
      expectClose(smallSpanResiduals(cosines, all.x, all.y, work), residualA, squares);
      expectClose(smallSpanResiduals(cosines, all.y, all.x, work), residualB, squares);
      expect(work.done).toBeGreaterThan(0);
    });

    test.each(points)('maximum match at $epsilon', async ({ epsilon, x, y }) => {
      const found = await maximumMatch(cosines, all, epsilon, pureLinearAlgebra);
      expect([...found.x]).toEqual(x);
      expect([...found.y].map((unit) => unit - unitsA)).toEqual(y);
    });

    test.each(points.filter(({ minimal }) => minimal))('simple matches at $epsilon', async (point) => {
      const maximum = await maximumMatch(cosines, all, point.epsilon, pureLinearAlgebra);
      for (const v of [...maximum.x, ...maximum.y]) {
        const found = simpleMatch(cosines, maximum, v, point.epsilon, { done: 0, limit: 1e9 });
        // Any of the v-minimal matches that trying all subsets finds is right.
        expect(point.minimal?.[v]).toContainEqual([...(found?.x ?? []), ...(found?.y ?? [])]);
      }
    });
  },
);
