import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { ArrayFile, PassState, SecondSums } from '#core/ipc/engine.ts';
import type { CaptureHooks } from '#workers/capture/capture-hooks.ts';
import { readArray } from '#workers/files/array-file.ts';
import { capture, passAgain } from '../fixtures/captures.ts';
import { sampleOptions } from '../fixtures/samples.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const wanted: SecondSums = {
  pairs: [
    [0, 1],
    [1, 1],
  ],
  bins: 10,
  halves: true,
  squaredNorms: true,
};

const valuesOf = (file: ArrayFile) =>
  new Map(file.arrays.map(({ name }) => [name, [...readArray(file, name).data]]));

it('joint counts that do not fit in memory are made block by block: equal, and after an interruption at any step', async () => {
  const folder = temporaryFolder();
  const images = 96;
  const all = sampleOptions(['Net1', 'Net2'], images);
  const options = {
    ...all,
    layers: all.layers.filter(({ name }) => name === 'conv3' || name === 'fc1'),
    ...{ orderSeed: 1, batch: 32, folds: { test: 0.25, seed: 0 } },
    extras: { seed: 1, blocks: 0, shuffles: 0, sampleRows: 0, bins: 10 },
  };
  const { summary } = await capture(folder, '', options);
  const counted = valuesOf((await passAgain(folder, options, summary, wanted)).arrays);
  const narrow = { ...options, memoryBytes: 1 };
  const progress: { done: number; total: number; unit: string }[] = [];
  const hooks: CaptureHooks = {
    progress: (now) => progress.push(now),
    note: () => undefined,
    checkpoint: () => Promise.resolve(),
  };
  expect(valuesOf((await passAgain(folder, narrow, summary, wanted, hooks)).arrays)).toEqual(counted);
  expect(readdirSync(folder).filter((name) => name.includes('codes'))).toEqual([]);
  const units = 2 * (summary.layers[0].units[0] + summary.layers[1].units[0]);
  expect(progress.at(-1)).toMatchObject({ stage: 'counting', done: units, total: units, unit: 'units' });

  // Three batches, then the blocks of two pairs of two layers.
  for (const at of [2, 4, 7]) {
    const state = await stoppedAt(at);
    const notes: string[] = [];
    const checkpoints = { file: join(folder, 'again.state'), everyMs: 1e9, share: 1, from: state, later: [] };
    const again = await passAgain(folder, { ...narrow, checkpoints }, summary, wanted, {
      ...hooks,
      note: (sentence) => notes.push(sentence),
    });
    expect(notes.join(' '), `stopped at step ${at}`).toMatch(
      at < 3
        ? /Goes on from image 64 of 96/
        : /An earlier run read everything up to image 96; that is not read again/,
    );
    expect(valuesOf(again.arrays)).toEqual(counted);
  }

  async function stoppedAt(at: number): Promise<PassState> {
    const file = join(folder, 'pass.state');
    let kept: PassState | null = null;
    let steps = 0;
    const stop = new Error('interrupted');
    const run = passAgain(
      folder,
      { ...narrow, checkpoints: { file, everyMs: 0, share: 1, from: null, later: [] } },
      summary,
      wanted,
      {
        ...hooks,
        async checkpoint(leaving) {
          await setImmediate();
          if (leaving && ++steps === at) throw stop;
        },
        keep(state) {
          const path = `${file}-${at}`;
          copyFileSync(state!.arrays.path, path);
          kept = { ...state!, arrays: { ...state!.arrays, path } };
          return Promise.resolve(0);
        },
      },
    );
    await expect(run).rejects.toBe(stop);
    return kept!;
  }
});
