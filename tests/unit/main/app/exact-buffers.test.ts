import { expect, it } from 'vitest';
import { withExactBuffers } from '#main/app/exact-buffers.ts';

it('arrays that are parts of a message get buffers of their own, the rest stays as it is', () => {
  const message = new ArrayBuffer(800);
  const part = new Float32Array(message, 40, 3).fill(2);
  const whole = new Uint8Array(4);
  const answer = { list: [part, { whole, number: 3 }], nothing: null, text: 'x' };
  const exact = withExactBuffers(answer);
  expect(exact).toEqual(answer);
  expect((exact.list[0] as Float32Array).buffer.byteLength).toBe(12);
  expect((exact.list[1] as { whole: Uint8Array }).whole).toBe(whole);
});
