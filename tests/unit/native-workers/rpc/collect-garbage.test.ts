import { expect, it } from 'vitest';
import { collectGarbage } from '#workers/rpc/collect-garbage.ts';

const bytes = 64 * 2 ** 20;

it('gives back arrays that nothing holds, shared ones too, and leaves the rest', async () => {
  await collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  const held = new Float64Array(bytes / 8);
  const makeAndForget = () => [new ArrayBuffer(bytes), new SharedArrayBuffer(bytes)].length;
  expect(makeAndForget()).toBe(2);
  await collectGarbage();
  const taken = process.memoryUsage().arrayBuffers - before;
  expect(taken).toBeGreaterThan(0.9 * bytes);
  expect(taken).toBeLessThan(1.5 * bytes);
  expect(held.length).toBe(bytes / 8);
});
