import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CaptureRequest, CaptureSummary } from '#core/ipc/engine.ts';
import type { ShardSummary } from '#core/ipc/shard.ts';
import { captureShard } from '#workers/capture/capture-pass.ts';
import { addShards, mergeShards } from '#workers/capture/merge-shards.ts';
import { secondShard } from '#workers/capture/second-pass.ts';
import { readArray } from '#workers/files/array-file.ts';
import { capture, passAgain } from '../../../fixtures/captures.ts';
import { sampleOptions } from '../../../fixtures/samples.ts';

const hooks = { progress: () => undefined, note: () => undefined, checkpoint: () => Promise.resolve() };
const extras = { seed: 3, blocks: 20, shuffles: 2, sampleRows: 100, bins: 6, averageInputs: true };
const options = {
  ...sampleOptions(['Net1', 'Net2'], 500),
  folds: { test: 0.25, seed: 0 },
  extras,
  orderSeed: extras.seed,
  layerMap: true,
  batch: 16,
};
const folder = mkdtempSync(join(tmpdir(), 'consilience-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const requestOf = (outFile: string): CaptureRequest => ({
  ...{ jobId: 'test', provider: 'cpu', threads: 2, topK: 3, data: null, ...options },
  outFile: join(folder, outFile),
});

async function shards(of: number): Promise<ShardSummary[]> {
  const made: ShardSummary[] = [];
  for (let index = 1; index <= of; index++) {
    const request = { ...requestOf(`shard-${index}-${of}`), shard: { index, of } };
    made.push(await captureShard(request, 2, hooks));
  }
  return made;
}

function merge(made: ShardSummary[], name: string): Promise<CaptureSummary> {
  const { layers, data, outFile } = requestOf(name);
  return mergeShards({ jobId: 'test', shards: made, extras, layers: layers.length, data, outFile }, hooks);
}

/** Largest difference of any two values of arrays of that kind, as a share of the largest value. */
function differenceOf(one: CaptureSummary, other: CaptureSummary, name: string): number {
  const [x, y] = [readArray(one.arrays, name).data, readArray(other.arrays, name).data];
  expect(y.length).toBe(x.length);
  let [difference, size] = [0, 0];
  x.forEach((value, at) => {
    if (Number.isNaN(value) && Number.isNaN(y[at])) return;
    difference = Math.max(difference, Math.abs(value - y[at]));
    size = Math.max(size, Math.abs(value));
  });
  return size === 0 ? difference : difference / size;
}

describe('shards of a pass', () => {
  it('merge to what one pass finds', async () => {
    const { summary: whole } = await capture(folder, '', options);
    const merged = await merge(await shards(3), 'merged');
    const { arrays: _one, timings: _two, ...facts } = whole;
    const { arrays: _three, timings: _four, shards: count, ...mergedFacts } = merged;
    expect(mergedFacts).toEqual(facts);
    expect(count).toBe(3);
    const names = whole.arrays.arrays.map(({ name }) => name);
    expect(merged.arrays.arrays.map(({ name }) => name)).toEqual(names);
    const worst: Record<string, number> = {};
    for (const name of names) {
      const kind = name.replace(/^\d+\//, '').replace(/-\d+\//, '/');
      worst[kind] = Math.max(worst[kind] ?? 0, differenceOf(whole, merged, name));
    }
    console.log(worst);
  });
});
void passAgain; void addShards; void secondShard;
