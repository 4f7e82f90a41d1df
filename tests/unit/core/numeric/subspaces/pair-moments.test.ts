import { expect, it } from 'vitest';
import { createRandom } from '#core/random.ts';
import { momentsOf } from '#core/validation/samples.ts';
import { pairMoments, swapped } from '#core/numeric/subspaces/pair-moments.ts';

const [units, n] = [150, 12];
const { nextFloat } = createRandom(3);
const rows = Array.from({ length: n }, () => Array.from({ length: units }, () => nextFloat() - 0.3));
const moments = momentsOf(rows);
const even = Int32Array.from({ length: units / 2 }, (_, at) => 2 * at);
const some = Int32Array.of(149, 3, 80, 4);

it('picks the entries of any units from the upper triangle alone', () => {
  const upper = { ...moments, m2: moments.m2.slice() };
  for (let i = 0; i < units; i++) upper.m2.fill(Number.NaN, i * units, i * units + i);
  const pair = pairMoments(upper, even, some);
  expect([pair.n, pair.p, pair.q]).toEqual([n, even.length, some.length]);
  const blocks: [Float64Array, Int32Array, Int32Array][] = [
    [pair.xx, even, even],
    [pair.yy, some, some],
    [pair.xy, even, some],
  ];
  for (const [block, left, right] of blocks) {
    expect(block).toHaveLength(left.length * right.length);
    left.forEach((i, row) =>
      right.forEach((j, col) =>
        expect(block[row * right.length + col]).toBe(moments.m2[Math.min(i, j) * units + Math.max(i, j)]),
      ),
    );
  }
});

it('makes a block once, and again after its memory was given back', () => {
  const pair = pairMoments(moments, even, some);
  const { xy } = pair;
  expect(pair.xy).toBe(xy);
  const kept = xy.slice();
  pair.release();
  expect(xy).toHaveLength(0);
  expect(pair.xy).toEqual(kept);
});

it('from the other side holds the same numbers, to the last bit', () => {
  const there = swapped(pairMoments(moments, even, some));
  const back = pairMoments(moments, some, even);
  expect([there.xx, there.yy, there.xy]).toEqual([back.xx, back.yy, back.xy]);
});

it('takes moments about other means than their own', () => {
  const centre = Float64Array.from({ length: units }, (_, unit) => Math.sin(unit));
  const { xx, yy, xy } = pairMoments(moments, even, some, centre);
  const about = (i: number, j: number) =>
    rows.reduce((sum, row) => sum + (row[i] - centre[i]) * (row[j] - centre[j]), 0);
  even.forEach((i, row) =>
    some.forEach((j, col) => expect(xy[row * some.length + col]).toBeCloseTo(about(i, j), 11)),
  );
  expect(xx[2 * even.length + 1]).toBeCloseTo(about(4, 2), 11);
  expect(yy[0]).toBeCloseTo(about(149, 149), 11);
});
