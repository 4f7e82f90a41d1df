import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createJointMoments,
  jointMomentsByteLength,
  mergeBatchProduct,
  mergeJointMoments,
  type JointMoments,
} from '#core/numeric/moments/joint-moments.ts';
import { mirrorUpper } from '#core/numeric/linear-algebra/mirror-upper.ts';
import { createRandom } from '#core/random.ts';
import { expectClose, type Tolerance } from '../../close.ts';

const tolerance: Tolerance = {
  rtol: 1e-11,
  atol: 1e-10,
  reason: 'some hundred float64 additions of values near 1',
};

type Table = number[][];

function randomTable(n: number, p: number, seed: number, centre = 0): Table {
  const random = createRandom(seed);
  return Array.from({ length: n }, () =>
    Array.from({ length: p }, (_, j) => centre + (j + 1) * (random.nextFloat() - 0.3)),
  );
}

/** Two passes over all rows: the definition. */
function direct(rows: Table, p: number): JointMoments {
  const moments = createJointMoments(p, undefined, rows.length);
  for (const row of rows) row.forEach((x, i) => (moments.mean[i] += x / rows.length));
  for (const row of rows) {
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++)
        moments.m2[i * p + j] += (row[i] - moments.mean[i]) * (row[j] - moments.mean[j]);
    }
  }
  return moments;
}

/** Upper triangle only; the rest is NaN, which must never be read. */
function addBatch(into: JointMoments, rows: Table, shift: number[], float32 = false): void {
  const p = into.units;
  const sums = new Float64Array(p);
  const products = float32 ? new Float32Array(p * p).fill(NaN) : new Float64Array(p * p).fill(NaN);
  for (let i = 0; i < p; i++) {
    for (const row of rows) sums[i] += row[i] - shift[i];
    for (let j = i; j < p; j++) {
      products[i * p + j] = rows.reduce((sum, row) => sum + (row[i] - shift[i]) * (row[j] - shift[j]), 0);
    }
  }
  mergeBatchProduct(into, rows.length, Float64Array.from(shift), sums, products);
}

function expectSame(found: JointMoments, expected: JointMoments, within = tolerance): void {
  expect(found.n).toBe(expected.n);
  mirrorUpper(found.units, found.m2);
  expectClose(found.mean, expected.mean, within);
  expectClose(found.m2, expected.m2, within);
}

describe('joint moments', () => {
  test('starts empty, lives in a given buffer, refuses a small one', () => {
    const buffer = new SharedArrayBuffer(jointMomentsByteLength(3) + 8);
    const moments = createJointMoments(3, buffer);
    addBatch(moments, [[1, 2, 3]], [0, 0, 0]);
    const view = createJointMoments(3, buffer, moments.n);
    expect([...view.mean]).toEqual([1, 2, 3]);
    expect(() => createJointMoments(4, buffer)).toThrow(/need 160 bytes/);
    expect(() => createJointMoments(1.5)).toThrow(/whole number/);
  });

  test('closed form: x = 1..n and y = -2x', () => {
    const n = 9;
    const rows = Array.from({ length: n }, (_, k) => [k + 1, -2 * (k + 1)]);
    const moments = createJointMoments(2);
    addBatch(moments, rows, [4, -4]);
    mirrorUpper(2, moments.m2);
    const square = (n * (n * n - 1)) / 12;
    expect([...moments.mean]).toEqual([5, -10]);
    expect([...moments.m2]).toEqual([square, -2 * square, -2 * square, 4 * square]);
  });

  test('one sample has no second moment; an empty batch or side changes nothing', () => {
    const moments = createJointMoments(2);
    addBatch(moments, [[5, 7]], [1, 1]);
    expect([...moments.m2]).toEqual([0, 0, 0, 0]);
    addBatch(moments, [], [0, 0]);
    mergeJointMoments(moments, createJointMoments(2));
    const copy = createJointMoments(2);
    mergeJointMoments(copy, moments);
    expect(copy).toEqual(moments);
    expect(copy.n).toBe(1);
  });

  test('streamed batches equal the definition for any batch size and shift', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(1000),
        (n, p, seed) => {
          const rows = randomTable(n, p, seed);
          const size = 1 + (seed % 7);
          const moments = createJointMoments(p);
          for (let at = 0; at < n; at += size) {
            addBatch(
              moments,
              rows.slice(at, at + size),
              rows[0].map((x, i) => x + (seed % 3) * i),
            );
          }
          expectSame(moments, direct(rows, p));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('shards merge to the same moments in any order and grouping', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 3 }),
        fc.nat(1000),
        (sizes, seed) => {
          const p = 3;
          const shards = sizes.map((size, k) => direct(randomTable(size, p, seed + k), p));
          const all = direct(
            sizes.flatMap((size, k) => randomTable(size, p, seed + k)),
            p,
          );
          const merged = (order: number[], nestedLast: boolean) => {
            const into = createJointMoments(p);
            mergeJointMoments(into, shards[order[0]]);
            const rest = createJointMoments(p);
            mergeJointMoments(nestedLast ? rest : into, shards[order[1]]);
            mergeJointMoments(nestedLast ? rest : into, shards[order[2]]);
            mergeJointMoments(into, rest);
            return into;
          };
          expectSame(merged([0, 1, 2], false), all);
          expectSame(merged([0, 1, 2], true), all);
          expectSame(merged([2, 0, 1], false), all);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('survives a mean a million deviations away, where a one-pass sum fails', () => {
    const rows = randomTable(200, 2, 3, 1e6);
    const moments = createJointMoments(2);
    for (let at = 0; at < 200; at += 20) addBatch(moments, rows.slice(at, at + 20), [1e6, 1e6]);
    const expected = direct(rows, 2);
    expectSame(moments, expected, {
      rtol: 1e-9,
      atol: 1e-9,
      reason: 'values carry 1e-16 x 1e6 of rounding each',
    });
    const naive =
      rows.reduce((sum, row) => Math.fround(sum + row[0] * row[0]), 0) - 200 * expected.mean[0] ** 2;
    expect(Math.abs(naive - expected.m2[0])).toBeGreaterThan(1);
  });

  test('float32 products of exactly representable data give the float64 answer', () => {
    const rows = Array.from({ length: 30 }, (_, k) => [k % 5, (k * k) % 7, -(k % 3)]);
    const moments = createJointMoments(3);
    addBatch(moments, rows.slice(0, 11), [2, 3, -1], true);
    addBatch(moments, rows.slice(11), [2, 3, -1], true);
    expectSame(moments, direct(rows, 3));
  });

  test('the upper triangle is mirrored across tile borders', () => {
    const p = 70;
    const moments = createJointMoments(p);
    for (let i = 0; i < p; i++) for (let j = i; j < p; j++) moments.m2[i * p + j] = 1000 * i + j;
    mirrorUpper(p, moments.m2);
    for (let i = 0; i < p; i++) for (let j = 0; j < i; j++) expect(moments.m2[i * p + j]).toBe(1000 * j + i);
  });

  test('refuses shapes that do not fit', () => {
    const moments = createJointMoments(2);
    expect(() => mergeJointMoments(moments, createJointMoments(3))).toThrow(/must be 2/);
    const [two, four] = [new Float64Array(2), new Float64Array(4)];
    expect(() => mergeBatchProduct(moments, 1, four, two, four)).toThrow(/the shift is 4/);
    expect(() => mergeBatchProduct(moments, 1, two, four, four)).toThrow(/the sums is 4/);
    expect(() => mergeBatchProduct(moments, 1, two, two, two)).toThrow(/the products is 2/);
    expect(() => mergeBatchProduct(moments, -1, two, two, four)).toThrow(/-1 samples/);
  });
});
