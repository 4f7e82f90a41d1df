import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCandidates, listCandidates } from '#core/numeric/matching/candidate-columns.ts';

test('lists the columns of least reduced cost, and the bound is below all others', () => {
  const entry = fc.integer({ min: -20, max: 20 });
  fc.assert(
    fc.property(fc.array(fc.tuple(entry, entry), { minLength: 1, maxLength: 90 }), (pairs) => {
      const cols = pairs.length;
      const price = Float64Array.from(pairs, (pair) => pair[0]);
      const score = Float64Array.from([...pairs.map(() => 0), ...pairs.map((pair) => pair[1])]);
      const candidates = createCandidates(2, cols);
      listCandidates(candidates, score, price, 1);
      const { width, columns, bound } = candidates;
      const listed = [...columns.subarray(width, 2 * width)];
      expect(new Set(listed).size).toBe(width);
      const cost = (col: number) => price[col] - score[cols + col];
      const others = [...price.keys()].filter((col) => !listed.includes(col));
      const dearest = Math.max(...listed.map(cost));
      for (const col of others) expect(cost(col)).toBeGreaterThanOrEqual(dearest);
      expect(bound[0]).toBe(-Infinity);
      expect(bound[1]).toBe(others.length === 0 ? Infinity : dearest);
    }),
  );
});
