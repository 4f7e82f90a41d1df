import { describe, expect, it } from 'vitest';
import { fittingBatch } from '#workers/capture/batch-size.ts';

/** Memory of a network that takes so many bytes an input. */
function machine(perInput: number, free: number) {
  const runs: number[] = [];
  let taken = 1000;
  const run = (images: number) => {
    runs.push(images);
    taken = Math.max(taken, 1000 + images * perInput);
    return Promise.resolve();
  };
  return { runs, run, memory: { taken: () => taken, free: () => free } };
}

describe('fittingBatch', () => {
  const picture = 3 * 224 * 224;

  it('leaves a batch that fits as it is', async () => {
    const { run, memory } = machine(100, 2 * 64 * 100);
    expect(await fittingBatch(64, picture, run, memory)).toEqual({ batch: 64, perInput: 100 });
  });

  it('halves it until it takes at most half of what is free', async () => {
    const { run, memory } = machine(100, 2 * 64 * 100 - 1);
    expect((await fittingBatch(64, picture, run, memory)).batch).toBe(32);
    const small = machine(1000, 2500);
    expect((await fittingBatch(64, picture, small.run, small.memory)).batch).toBe(1);
  });

  it('measures nothing for small inputs and small batches', async () => {
    const { run, runs, memory } = machine(100, 1);
    expect((await fittingBatch(64, 28 * 28, run, memory)).batch).toBe(64);
    expect((await fittingBatch(2, picture, run, memory)).batch).toBe(2);
    expect(runs).toEqual([]);
  });
});
