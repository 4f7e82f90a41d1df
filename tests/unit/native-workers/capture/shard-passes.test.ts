import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ShardSummary } from '#core/ipc/shard.ts';
import { fittingBatch } from '#workers/capture/batch-size.ts';
import { mergeShards } from '#workers/capture/merge-shards.ts';
import { captureOfShard, interrupted, type CaptureOptions } from '../../../fixtures/captures.ts';
import { passesScene } from '../../../fixtures/passes-scene.ts';

vi.mock('#workers/capture/batch-size.ts', { spy: true });

const hooks = { progress: () => undefined, note: () => undefined, checkpoint: () => Promise.resolve() };

function bytesOf(folder: string, name: string): Buffer {
  return readFileSync(join(folder, name));
}

/** All that is told of a shard but the time it took and where it lies. */
function factsOf({ timings: _timings, arrays: { arrays }, ...facts }: ShardSummary) {
  return { ...facts, arrays };
}

describe('a shard in several passes', () => {
  it.each([1, 2])('leaves the same file and the same answer as in one: part %i of two', async (index) => {
    const { folder, data, options, memoryBytes } = passesScene();
    const asked = { ...options, batch: 24, shard: { index, of: 2 } };
    const one = await captureOfShard(folder, data, { ...asked, outFile: join(folder, 'one') });
    const outFile = join(folder, 'many');
    const many = await captureOfShard(folder, data, { ...asked, memoryBytes, outFile });
    expect(many.notes.filter((note) => note.startsWith('4 passes over the data'))).toHaveLength(1);
    expect(factsOf(many.summary)).toEqual(factsOf(one.summary));
    expect(many.summary.layers.map(({ name }) => name)).toEqual(['before', 'after', 'mean', 'layer map']);
    expect(bytesOf(folder, 'many').equals(bytesOf(folder, 'one'))).toBe(true);
  });

  it('merges with shards whose layers were planned otherwise', async () => {
    const { folder, data, options, memoryBytes } = passesScene();
    const plans: string[] = [];
    const shard = async (index: number, memory: number | undefined, name: string) => {
      const outFile = join(folder, name);
      const asked = { ...options, batch: 24, shard: { index, of: 3 }, outFile, memoryBytes: memory };
      const { summary, notes } = await captureOfShard(folder, data, asked);
      plans.push(/^\d (?=passes)/m.exec(notes.join('\n'))?.[0].trim() ?? '1');
      return summary;
    };
    const merged = async (shards: ShardSummary[], name: string) => {
      const outFile = join(folder, name);
      const { extras = null, layers } = options;
      const request = { jobId: 'test', shards, extras, layers: layers.length, outFile };
      return mergeShards({ ...request, data: { path: data, scale: 1 } }, hooks);
    };
    const alike: ShardSummary[] = [];
    const planned: ShardSummary[] = [];
    for (const [at, memory] of [memoryBytes, undefined, 2 * memoryBytes].entries()) {
      alike.push(await shard(at + 1, undefined, `one-${at}`));
      planned.push(await shard(at + 1, memory, `planned-${at}`));
    }
    expect(plans).toEqual(['1', '4', '1', '1', '1', '2']);
    const [one, other] = [await merged(alike, 'merged'), await merged(planned, 'merged otherwise')];
    expect(bytesOf(folder, 'merged otherwise').equals(bytesOf(folder, 'merged'))).toBe(true);
    expect(other.layers).toEqual(one.layers);
    expect(other.arrays.arrays).toEqual(one.arrays.arrays);
  });

  it.each([1, 3, 8])(
    'goes on in whichever pass it stopped: after the %ith of four times two batches',
    async (at) => {
      const { folder, data, options, memoryBytes } = passesScene();
      const asked: CaptureOptions = { ...options, memoryBytes, batch: 24, shard: { index: 2, of: 2 } };
      const whole = await captureOfShard(folder, data, { ...asked, outFile: join(folder, 'whole') });
      const cut = { ...asked, outFile: join(folder, 'cut') };
      const checkpoints = await interrupted(folder, data, cut, at, captureOfShard);
      expect(checkpoints.later).toHaveLength(Math.ceil(at / 2) - 1);
      const outFile = join(folder, 'left');
      const left = await captureOfShard(folder, data, { ...asked, checkpoints, outFile });
      expect(bytesOf(folder, 'left').equals(bytesOf(folder, 'whole'))).toBe(true);
      expect(factsOf(left.summary)).toEqual(factsOf(whole.summary));
      // Passes announce where they begin, then every batch.
      const began = left.progress.filter(
        ({ done }, index, all) => index === 0 || done <= all[index - 1].done,
      );
      const doneBefore = [0, 1, 2, 3].map((pass) => Math.min(42, Math.max(0, (at - 2 * pass) * 24)));
      expect(began.map(({ done }) => done)).toEqual(doneBefore);
    },
  );

  it('reads the same inputs in all of them where memory allows smaller batches than were planned', async () => {
    const { folder, data, options, memoryBytes } = passesScene();
    vi.mocked(fittingBatch).mockResolvedValue({ batch: 32, perInput: 1 });
    onTestFinished(() => void vi.mocked(fittingBatch).mockReset());
    // Cut by the planned batches of 64, the first part has 64 inputs; by batches of 32 it would have 32.
    const asked = { ...options, shard: { index: 1, of: 2 } };
    const one = await captureOfShard(folder, data, { ...asked, outFile: join(folder, 'one') });
    const outFile = join(folder, 'many');
    const many = await captureOfShard(folder, data, { ...asked, memoryBytes, outFile });
    expect(many.summary).toMatchObject({ batch: 32, range: { first: 0, end: 64 } });
    expect(factsOf(many.summary)).toEqual(factsOf(one.summary));
    expect(bytesOf(folder, 'many').equals(bytesOf(folder, 'one'))).toBe(true);
  });
});
