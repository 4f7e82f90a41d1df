import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineLayer } from '#core/ipc/engine.ts';
import { momentBounds, momentBytesOf, passesWords, planPasses } from '#workers/capture/moment-passes.ts';
import type { LayerPlan } from '#workers/capture/tap-plan.ts';
import { capture, interrupted, type CaptureOptions } from '../../../fixtures/captures.ts';
import { writeFloat32Npy } from '../../../fixtures/npy-files.ts';
import { convolution, writeModel } from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const gib = 2 ** 30;
const bytes = (total: number, kernel = 0, name = 'layer') => ({ name, total, kernel });
const bounds = { total: 10, kernel: 4, because: 'half of the memory that is free' };

describe('planPasses', () => {
  it('takes all layers in one pass where they fit', () => {
    expect(planPasses([bytes(3), bytes(3), bytes(4)], bounds)).toEqual([{ first: 0, count: 3 }]);
  });

  it('begins another pass where memory or kernel memory ends', () => {
    expect(planPasses([bytes(6), bytes(4), bytes(1)], bounds)).toEqual([
      { first: 0, count: 2 },
      { first: 2, count: 1 },
    ]);
    expect(planPasses([bytes(1, 3), bytes(1, 2), bytes(1, 2)], bounds)).toEqual([
      { first: 0, count: 1 },
      { first: 1, count: 2 },
    ]);
  });

  it('refuses a layer that does not fit alone', () => {
    expect(() => planPasses([bytes(1), bytes(11 * gib, 0, 'fc6')], { ...bounds, total: 10 * gib })).toThrow(
      'The moments of layer fc6 need 11 GiB, more than half of the memory that is free (10 GiB)',
    );
    expect(() => planPasses([bytes(9, 5)], bounds)).toThrow('more than one pass can hold');
  });

  it('says why there are several', () => {
    const layers = [bytes(2 * gib, 0, 'conv1'), bytes(3 * gib, 0, 'conv2')];
    const some = { total: 4 * gib, kernel: gib, because: "the recipe's memory" };
    expect(passesWords(planPasses(layers, some), layers, some)).toBe(
      "2 passes over the data, because the moments of all layers need 5.0 GiB, more than the recipe's memory " +
        '(4.0 GiB): conv1; conv2.',
    );
  });

  it('counts products, folds, groups of images and shuffles', () => {
    const parts = [3, 4].map((units) => ({ plan: { units } })) as LayerPlan['parts'];
    const layer = { name: 'fc', positions: 1, parts, mask: null, isMasked: false };
    const shuffle = { count: 3, seed: 1 };
    expect(momentBytesOf(layer, 1, { blocks: 0, shuffle: null })).toEqual(bytes(49 * 12, 49 * 4, 'fc'));
    expect(momentBytesOf(layer, 2, { blocks: 6, shuffle })).toEqual(
      bytes(49 * (5 * 12 + 12 * 8), 49 * 5 * 4, 'fc'),
    );
    expect(momentBounds(undefined, 100, 1000)).toMatchObject({ total: 500, kernel: 90 });
    expect(momentBounds(7, 100, 1000)).toMatchObject({ total: 7, kernel: 90 });
  });
});

describe('several passes', () => {
  function scene() {
    const folder = temporaryFolder();
    const networks = [1, 2].map((seed) => ({
      name: 'AB'[seed - 1],
      modelPath: writeModel(
        join(folder, `${seed}.onnx`),
        convolution({ units: 2 + seed, seed, size: [6, 5] }),
      ),
    }));
    const data = writeFloat32Npy(
      join(folder, 'x.npy'),
      [90, 6, 5],
      Array.from({ length: 90 * 30 }, (_, at) => Math.sin(at * 7.3)),
    );
    const layer = (name: string, tensor: string, kind: EngineLayer['sample']['kind']): EngineLayer => ({
      ...{ name, tensors: { A: tensor, B: tensor } },
      sample: { kind },
    });
    const options: CaptureOptions = {
      networks,
      layers: [
        layer('before', 'conv', 'position'),
        layer('after', 'relu', 'position'),
        layer('mean', 'relu', 'image-mean'),
      ],
      layerMap: true,
      orderSeed: 3,
      folds: { test: 0.2, seed: 1 },
      extras: { seed: 3, blocks: 6, shuffles: 2, sampleRows: 20, bins: 4 },
    };
    return { folder, data, options };
  }
  // What the layer map takes: 21 joint units, two folds. Any two layers of 7 units take more.
  const memoryBytes = 21 ** 2 * 2 * 12;

  it('leave the same file and the same answer as one', async () => {
    const { folder, data, options } = scene();
    const one = await capture(folder, data, { ...options, outFile: join(folder, 'one') });
    const many = await capture(folder, data, { ...options, memoryBytes, outFile: join(folder, 'many') });
    expect(many.notes.filter((note) => note.startsWith('4 passes over the data'))).toHaveLength(1);
    expect(many.notes).toHaveLength(one.notes.length + 1);
    expect(readFileSync(join(folder, 'many')).equals(readFileSync(join(folder, 'one')))).toBe(true);
    const { timings: _mine, arrays: mine, ...rest } = many.summary;
    const { timings: _its, arrays: its, ...whole } = one.summary;
    expect(rest).toEqual(whole);
    expect(mine.arrays).toEqual(its.arrays);
  });

  it.each([3, 7, 11, 14])(
    'go on in whichever of them they stopped: after the %ith of four times four batches',
    async (at) => {
      const { folder, data, options } = scene();
      const asked = { ...options, memoryBytes, batch: 24 };
      const whole = await capture(folder, data, { ...asked, outFile: join(folder, 'whole') });
      const checkpoints = await interrupted(folder, data, { ...asked, outFile: join(folder, 'cut') }, at);
      const left = await capture(folder, data, { ...asked, checkpoints, outFile: join(folder, 'left') });
      expect(readFileSync(join(folder, 'left')).equals(readFileSync(join(folder, 'whole')))).toBe(true);
      expect(left.summary.layers).toEqual(whole.summary.layers);
      // Passes announce where they begin, then every batch.
      const began = left.progress.filter(
        ({ done }, index, all) => index === 0 || done <= all[index - 1].done,
      );
      const passes = Math.ceil(at / 4);
      expect(checkpoints.later).toHaveLength(passes - 1);
      const doneBefore = [90, 90, 90, 90].map((all, pass) =>
        Math.min(all, Math.max(0, (at - 4 * pass) * 24)),
      );
      expect(began.map(({ done }) => done)).toEqual(doneBefore);
    },
  );

  it('begin again where the layers of each differ from those that were kept', async () => {
    const { folder, data, options } = scene();
    const asked = { ...options, memoryBytes, batch: 24, outFile: join(folder, 'cut') };
    const checkpoints = await interrupted(folder, data, asked, 7);
    const single = await capture(folder, data, {
      ...options,
      batch: 24,
      checkpoints,
      outFile: join(folder, 'left'),
    });
    await capture(folder, data, { ...options, batch: 24, outFile: join(folder, 'whole') });
    expect(single.notes[0]).toMatch(
      /this one begins again, because its choice of layers was before and is all of them now\./,
    );
    expect(readFileSync(join(folder, 'left')).equals(readFileSync(join(folder, 'whole')))).toBe(true);
  });
});
