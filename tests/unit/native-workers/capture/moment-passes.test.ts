import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { momentBounds, momentBytesOf, passesWords, planPasses } from '#workers/capture/moment-passes.ts';
import type { LayerPlan } from '#workers/capture/tap-plan.ts';
import { capture, interrupted } from '../../../fixtures/captures.ts';
import { passesScene } from '../../../fixtures/passes-scene.ts';

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
  it('leave the same file and the same answer as one', async () => {
    const { folder, data, options, memoryBytes } = passesScene();
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
      const { folder, data, options, memoryBytes } = passesScene();
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
    const { folder, data, options, memoryBytes } = passesScene();
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

  it('tell where sums were taken in all of them, whichever came last', async () => {
    vi.stubEnv('CONSILIENCE_MOMENTS', 'fused');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { folder, data, options, memoryBytes } = passesScene();
    // The last layer's moments are taken in the graph, the first one's are not.
    const layers = options.layers.toReversed();
    const asked = { ...options, layers, extras: null, layerMap: false };
    const one = await capture(folder, data, asked);
    const many = await capture(folder, data, { ...asked, memoryBytes: memoryBytes / 9 });
    expect(many.notes.join(' ')).toContain('passes over the data');
    expect(one.summary.linearAlgebra).toContain('other layers');
    expect(many.summary.linearAlgebra).toBe(one.summary.linearAlgebra);
  });
});
