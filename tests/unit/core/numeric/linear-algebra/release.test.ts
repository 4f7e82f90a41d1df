import { expect, it } from 'vitest';
import { release } from '#core/numeric/linear-algebra/release.ts';

it('empties arrays, once and again, and leaves memory that threads share', () => {
  const [one, other] = [Float64Array.of(1, 2), Float64Array.of(3)];
  const shared = new Float64Array(new SharedArrayBuffer(16)).fill(4);
  release(one, other, shared);
  release(one);
  expect([one.length, other.length]).toEqual([0, 0]);
  expect([...shared]).toEqual([4, 4]);
});
