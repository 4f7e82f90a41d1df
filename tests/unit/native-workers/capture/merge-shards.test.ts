import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  secondArrayName,
  type CaptureRequest,
  type CaptureSummary,
  type ImageRange,
} from '#core/ipc/engine.ts';
import type { ShardSummary } from '#core/ipc/shard.ts';
import { createRandom } from '#core/random.ts';
import { captureShard } from '#workers/capture/capture-pass.ts';
import { addShards } from '#workers/capture/add-shards.ts';
import { mergeShards } from '#workers/capture/merge-shards.ts';
import { secondShard } from '#workers/capture/second-pass.ts';
import { runOf, runsWithin, shardRange } from '#workers/data/shard-range.ts';
import { readArray } from '#workers/files/array-file.ts';
import { capture, passAgain } from '../../../fixtures/captures.ts';
import { float32Npy } from '../../../fixtures/npy-files.ts';
import { sampleOptions } from '../../../fixtures/samples.ts';
import { writeModel } from '../../../fixtures/onnx-models.ts';
import { tokenNetwork, writeTokens } from '../../../fixtures/token-networks.ts';

const hooks = { progress: () => undefined, note: () => undefined, checkpoint: () => Promise.resolve() };
const folder = mkdtempSync(join(tmpdir(), 'consilience-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const extras = { seed: 3, blocks: 5, shuffles: 2, sampleRows: 100, bins: 6, averageInputs: true };
const samples = sampleOptions(['Net1', 'Net2'], 200);
const options = {
  ...samples,
  layers: samples.layers.filter(({ name }) => name === 'conv3' || name === 'fc1'),
  ...{
    folds: { test: 0.25, seed: 0 },
    extras,
    orderSeed: extras.seed,
    layerMap: true,
    batch: 16,
    threads: 1,
  },
};
/** Two networks of six units, saved: nothing is decoded and no model run. */
const saved = (() => {
  const random = createRandom(8);
  const networks = ['A', 'B'].map((name) => {
    const path = join(folder, `${name}.npy`);
    const values = Float32Array.from({ length: 200 * 6 }, () => Math.max(0, random.nextFloat() - 0.3));
    writeFileSync(path, float32Npy([200, 6], values));
    return { name, activationsPath: path };
  });
  const layers = [{ name: 'fc', tensors: { A: 'A', B: 'B' }, sample: { kind: 'image' as const } }];
  return { networks, layers, data: null, limit: 80, layerMap: false };
})();

const requestOf = (outFile: string, more: Partial<CaptureRequest> = {}): CaptureRequest => ({
  jobId: 'test',
  provider: 'cpu',
  topK: 3,
  data: null,
  ...options,
  ...more,
  outFile: join(folder, outFile),
});

async function shards(of: number, more: Partial<CaptureRequest> = {}): Promise<ShardSummary[]> {
  const made: ShardSummary[] = [];
  for (let index = 1; index <= of; index++)
    made.push(
      await captureShard({ ...requestOf(`shard-${index}-${of}`, more), shard: { index, of } }, 1, hooks),
    );
  return made;
}

function merge(
  made: ShardSummary[],
  name: string,
  more: Partial<CaptureRequest> = {},
): Promise<CaptureSummary> {
  const { layers, data, outFile } = requestOf(name, more);
  return mergeShards({ jobId: 'test', shards: made, extras, layers: layers.length, data, outFile }, hooks);
}

/** Largest difference of two arrays' values, as a share of the largest value. */
function differenceOf(one: CaptureSummary, other: CaptureSummary, name: string): number {
  const [x, y] = [readArray(one.arrays, name).data, readArray(other.arrays, name).data];
  expect(y.length).toBe(x.length);
  let [difference, size] = [0, 0];
  x.forEach((value, at) => {
    if (Number.isNaN(value) && Number.isNaN(y[at])) return;
    difference = Math.max(difference, Number.isNaN(value - y[at]) ? Infinity : Math.abs(value - y[at]));
    size = Math.max(size, Math.abs(value));
  });
  return size === 0 ? difference : difference / size;
}

/** What no rounding enters: counts, extremes, kept values, bin edges, top inputs and their pictures. */
const exact =
  /(min|max|fraction-zero|dead|sample|edges|top-image|top-position|top-value|top-input|top-input-image)$/;

describe('shards of a first pass', () => {
  it('merge to what one pass finds: exactly where nothing is rounded, else to float32 sums', async () => {
    const { summary: whole } = await capture(folder, '', options);
    const made = await shards(3);
    expect(made.map(({ range }) => range)).toEqual([
      { first: 0, end: 64 },
      { first: 64, end: 128 },
      { first: 128, end: 200 },
    ]);
    const merged = await merge(made, 'merged');
    const { arrays: _arrays, timings: _timings, ...facts } = whole;
    const { arrays: _merged, timings: _spent, shards: count, ...mergedFacts } = merged;
    expect(mergedFacts).toEqual(facts);
    expect(count).toBe(3);
    const names = whole.arrays.arrays.map(({ name }) => name);
    expect(merged.arrays.arrays.map(({ name }) => name)).toEqual(names);
    let worst = 0;
    for (const name of names.filter((candidate) => !candidate.includes('/null-'))) {
      const difference = differenceOf(whole, merged, name);
      if (exact.test(name)) expect(difference, name).toBe(0);
      else expect(difference, name).toBeLessThan(1e-5);
      worst = Math.max(worst, difference);
    }
    console.log(`Largest difference of a moment, as a share of the largest: ${worst.toExponential(1)}`);
    // The nulls are shuffled within shards: other numbers of the same kind.
    expect(names.filter((name) => name.includes('/null-')).length).toBe(4);
    for (const name of names.filter((candidate) => candidate.includes('/null-')))
      expect(differenceOf(whole, merged, name), name).toBeGreaterThan(0);
  });

  it('leave padding out as one pass does', async () => {
    const counts = Array.from({ length: 90 }, (_, sample) => 1 + ((sample * 5) % 9));
    const rows = counts.map((count, sample) =>
      Array.from({ length: 9 }, (_, at) => (at < count ? (7 * sample + 3 * at * at) % 10 : 10)),
    );
    const networks = ['A', 'B'].map((name, seed) => ({
      name,
      modelPath: writeModel(join(folder, `${name}.onnx`), tokenNetwork({ tokens: 11, units: 5, seed })),
    }));
    const layer = { name: 'tokens', tensors: { A: 'tokens', B: 'tokens' }, axes: { A: 'NTC', B: 'NTC' } };
    const more = {
      networks,
      layers: [{ ...layer, sample: { kind: 'position' as const } }],
      data: {
        ...{ path: writeTokens(join(folder, 'tokens.npy'), rows), scale: 1, layout: 'NT' as const },
        mask: { padding: 10 },
      },
    };
    const { summary: whole } = await capture(folder, '', { ...options, ...more });
    const made = await shards(3, more);
    const merged = await merge(made, 'masked', more);
    expect(merged.layers).toEqual(whole.layers);
    expect(whole.layers[0]).toMatchObject({ isMasked: true, positions: 9 });
    for (const { name } of whole.arrays.arrays.filter((entry) => !entry.name.includes('/null-'))) {
      const difference = differenceOf(whole, merged, name);
      if (exact.test(name)) expect(difference, name).toBe(0);
      else expect(difference, name).toBeLessThan(1e-5);
    }
    const wanted = { pairs: [[0, 1]] as [number, number][], bins: 6, halves: false, squaredNorms: false };
    const { arrays: counted } = await passAgain(folder, { ...options, ...more }, whole, wanted);
    const files = [];
    for (const index of [1, 2, 3]) {
      const request = { ...requestOf(`masked-${index}`, more), ...wanted, capture: whole };
      files.push((await secondShard({ ...request, shard: { index, of: 3 } }, 1, hooks)).arrays);
    }
    const outFile = join(folder, 'masked-sum');
    const sum = await addShards({ jobId: 'test', files, sums: wanted, outFile }, 1, hooks);
    const information = secondArrayName(0, 'information-0-1');
    expect(readArray(sum, information).data).toEqual(readArray(counted, information).data);
  });

  it('cut where groups of images end keep each group as its shard found it, bit for bit', async () => {
    // Groups of 16 images; batches of 8 end where they do.
    const more = { ...saved, batch: 8 };
    const [few, many] = [await shards(2, more), await shards(5, more)];
    const [one, other] = [await merge(few, 'two'), await merge(many, 'five')];
    expect(one.layers.map(({ blocks }) => blocks)).toEqual(other.layers.map(({ blocks }) => blocks));
    const group = readArray(other.arrays, '0/block-2/upper').data;
    const own = readArray(many[2].arrays, '0/run-2/fold-0/joint/upper').data;
    expect(Buffer.from(group.buffer)).toEqual(Buffer.from(own.buffer));
    const again = await merge([...many], 'again');
    expect(readFileSync(again.arrays.path)).toEqual(readFileSync(other.arrays.path));
    for (const { name } of one.arrays.arrays.filter((entry) => exact.test(entry.name)))
      expect(differenceOf(one, other, name), name).toBe(0);
  });

  it('are refused where an array is damaged', async () => {
    const made = await shards(1, saved);
    const entry = made[0].arrays.arrays.find(({ name }) => name.endsWith('joint/upper'));
    Object.assign(entry ?? {}, { sha256: '0'.repeat(64) });
    await expect(merge(made, 'damaged')).rejects.toThrow(
      /is damaged: its array .*joint\/upper.*make this file again/,
    );
  });
});

describe('shards of a second pass', () => {
  it.each([
    ['counts', {}],
    ['codes that are counted when all are there', { memoryBytes: 1 }],
  ])('count exactly what one pass counts: %s', async (_, memory) => {
    const all = { ...options, ...saved, limit: 200 };
    const wanted = { pairs: [[0, 1]] as [number, number][], bins: 6, halves: true, squaredNorms: true };
    const { summary } = await capture(folder, '', all);
    const { arrays: whole } = await passAgain(folder, all, summary, wanted);
    const files = [];
    for (const index of [1, 2, 3]) {
      const request = {
        ...requestOf(`second-${index}`, { ...saved, limit: 200 }),
        ...wanted,
        ...memory,
        capture: summary,
      };
      files.push((await secondShard({ ...request, shard: { index, of: 3 } }, 1, hooks)).arrays);
    }
    const hasCodes = files[0].arrays.some(({ name }) => name === '0/codes');
    expect(hasCodes).toBe('memoryBytes' in memory);
    const outFile = join(folder, 'sum');
    const sum = await addShards({ jobId: 'test', files, sums: wanted, outFile }, 2, hooks);
    const names = (file: typeof sum) => file.arrays.map(({ name }) => name).sort();
    expect(names(sum)).toEqual(names(whole));
    for (const layer of [0]) {
      const of = (file: typeof sum, what: string) => readArray(file, secondArrayName(layer, what)).data;
      for (const what of ['information', 'corrected', 'entropy-a', 'entropy-b'])
        expect(of(sum, `${what}-0-1`), what).toEqual(of(whole, `${what}-0-1`));
      const norms = of(whole, 'norms');
      of(sum, 'norms').forEach((value, at) => expect(Math.abs(value / norms[at] - 1)).toBeLessThan(1e-12));
      const mean = (what: string) => {
        const { data } = readArray(sum, secondArrayName(layer, `${what}-0-1`));
        return Array.from(data).reduce((total, value) => total + value, 0) / data.length;
      };
      expect(mean('shuffled')).toBeLessThan(mean('information'));
      // Halves are of each shard's own images, and tell more by chance.
      expect(Math.min(mean('half'), mean('rest'))).toBeGreaterThan(mean('information'));
    }
  });
});

describe('the cut into shards', () => {
  it('gives every input to one shard, in whole batches, whatever the number', () => {
    for (const [images, batch] of [
      [200, 16],
      [1, 64],
      [1_281_167, 64],
    ]) {
      const batches = Math.ceil(images / batch);
      for (const of of [1, 2, 3, 7, batches].filter((count) => count <= batches)) {
        const ranges: ImageRange[] = Array.from({ length: Math.min(of, 50) }, (_, at) =>
          shardRange({ index: at + 1, of }, images, batch),
        );
        ranges.forEach(({ first, end }, at) => {
          expect(first).toBe(at === 0 ? 0 : ranges[at - 1].end);
          expect(first % batch).toBe(0);
          expect(end).toBeGreaterThan(first);
        });
        expect(shardRange({ index: of, of }, images, batch).end).toBe(images);
      }
    }
  });

  it('refuses more shards than batches', () => {
    expect(() => shardRange({ index: 1, of: 14 }, 200, 16)).toThrow(
      '200 inputs are 13 batches of 16: they cannot be cut into 14 shards; ask for at most 13 (--of), or write a smaller batch in the recipe.',
    );
  });

  it('keeps the ends of groups that lie within a shard', () => {
    const ends = [40, 80, 120, 160, 200];
    expect(runsWithin(ends, { first: 64, end: 128 })).toEqual([16, 56, 64]);
    expect(runsWithin(ends, { first: 80, end: 120 })).toEqual([40]);
    expect([0, 39, 40, 199].map((place) => runOf(ends, place))).toEqual([0, 0, 1, 4]);
  });
});
