import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineLayer } from '#core/ipc/engine.ts';
import { arrayFile } from '../../../fixtures/array-files.ts';
import { capture, capturedArray, type CaptureOptions } from '../../../fixtures/captures.ts';
import { float32Npy, npyBytes, writeFloat32Npy, zipBytes } from '../../../fixtures/npy-files.ts';
import { convolution, writeModel } from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const many = (count: number, seed = 1) => Array.from({ length: count }, (_, at) => Math.sin(at * 7.3 * seed));

function layer(
  tensors: Record<string, string>,
  kind: EngineLayer['sample']['kind'] = 'position',
): EngineLayer {
  return { name: 'layer', tensors, sample: { kind } };
}

/** A .npz of named arrays and, as texts, ids. */
function npz(folder: string, name: string, arrays: Record<string, Buffer>, ids?: string[]): string {
  const members = Object.entries(arrays).map(([key, bytes]) => ({ name: `${key}.npy`, bytes }));
  if (ids) {
    const codes = Uint32Array.from(
      ids.flatMap((id) => [...id.padEnd(6, '\0')].map((char) => char.charCodeAt(0))),
    );
    members.push({ name: 'ids.npy', bytes: npyBytes('<U6', [ids.length], codes) });
  }
  const path = join(folder, name);
  writeFileSync(path, zipBytes(members));
  return path;
}

const saved = (name: string, activationsPath: string) => ({ name, activationsPath });
const withoutData = (options: CaptureOptions): CaptureOptions => ({ ...options, data: null });

/** Two files of [20 x 3 x 2 x 2], and what is asked of them. */
function two(
  options: { ids?: [string[]?, string[]?]; rows?: [number, number]; cells?: [number[], number[]] } = {},
) {
  const folder = temporaryFolder();
  const [rows, cells] = [options.rows ?? [20, 20], options.cells ?? [many(240), many(240, 2)]];
  const networks = [0, 1].map((at) =>
    saved(
      'AB'[at],
      npz(
        folder,
        `${'ab'[at]}.npz`,
        { conv: float32Npy([rows[at], 3, 2, 2], cells[at].slice(0, rows[at] * 12)) },
        options.ids?.[at],
      ),
    ),
  );
  return { folder, options: withoutData({ networks, layers: [layer({ A: 'conv', B: 'conv' })] }) };
}

describe('saved activations in place of models', () => {
  it('may have their axes in any order that the recipe tells, tokens x features where it tells none', async () => {
    const folder = temporaryFolder();
    const [rows, tokens, heads, size] = [6, 5, 2, 3];
    const value = (row: number, token: number, head: number, at: number) =>
      Math.sin(row + 3.1 * token + 0.7 * head + 11 * at);
    const cells = (order: 'tokens' | 'heads' | 'units') => {
      const out: number[] = [];
      const [outer, middle] = order === 'tokens' ? [tokens, heads] : [heads, tokens];
      for (let row = 0; row < rows; row++)
        for (let one = 0; one < outer; one++)
          for (let two = 0; two < middle; two++)
            for (let at = 0; at < size; at++)
              out.push(order === 'tokens' ? value(row, one, two, at) : value(row, two, one, at));
      return out;
    };
    const file = npz(folder, 'a.npz', {
      plain: float32Npy([rows, tokens, heads * size], cells('tokens')),
      heads: float32Npy([rows, heads, tokens, size], cells('heads')),
    });
    const networks = [saved('A', file), saved('B', file)];
    const asked: EngineLayer = {
      ...layer({ A: 'plain', B: 'heads' }),
      axes: { B: 'NCTC' },
    };
    const { summary } = await capture(folder, '', withoutData({ networks, layers: [asked] }));
    expect(summary.layers[0]).toMatchObject({ units: [6, 6], positions: 5 });
    const mean = capturedArray(summary, 0, 'mean').data as Float64Array;
    expect([...mean.slice(0, 6)]).toEqual([...mean.slice(6)]);
    const wrong = { ...asked, axes: { B: 'TNCC' } };
    await expect(capture(folder, '', withoutData({ networks, layers: [wrong] }))).rejects.toThrow(
      /^B: axes TNCC do not fit .*heads.*; one letter an axis, N first\.$/,
    );
  });

  it('give the very moments that the models give, mixed with a model and by themselves', async () => {
    const folder = temporaryFolder();
    const data = writeFloat32Npy(join(folder, 'x.npy'), [30, 1, 6, 5], many(900));
    const models = [1, 2].map((seed) => ({
      name: 'AB'[seed - 1],
      modelPath: writeModel(join(folder, `${seed}.onnx`), convolution({ units: 3, seed })),
    }));
    const options = { networks: models, layers: [layer({ A: 'relu', B: 'relu' })] };
    const ran = await capture(folder, data, options);
    // What B answers, by a capture whose units are single values.
    const values = await activationsOf(models[1].modelPath, data, 30);
    const file = npz(folder, 'b.npz', { relu: float32Npy([30, 3, 6, 5], values) });
    const mixed = await capture(folder, data, { ...options, networks: [models[0], saved('B', file)] });
    expect(capturedArray(mixed.summary, 0, 'm2').data).toEqual(capturedArray(ran.summary, 0, 'm2').data);
    expect(mixed.summary.providers[1]).toEqual({ asked: 'cpu', used: 'saved' });
    expect(mixed.summary.orderHash).toBe(ran.summary.orderHash);
    expect(mixed.summary.layers[0].topInputs).toBeDefined();
    expect(mixed.summary.layers[0].geometry?.[1]).toMatchObject({
      channels: 3,
      height: 6,
      field: { kind: 'whole' },
    });
    const alone = await capture(
      folder,
      '',
      withoutData({ ...options, networks: [saved('A', file), saved('B', file)] }),
    );
    const [all, own] = [capturedArray(ran.summary, 0, 'm2'), capturedArray(alone.summary, 0, 'm2')];
    expect(own.data[0]).toBe(all.data[3 * 6 + 3]);
    expect(alone.summary.layers[0].topInputs).toBeUndefined();
    expect(alone.summary).toMatchObject({
      images: 30,
      layers: [{ units: [3, 3], samples: 900, positions: 30 }],
    });
  });

  it('beside the data have the average inputs that the models have', async () => {
    const folder = temporaryFolder();
    const data = writeFloat32Npy(join(folder, 'x.npy'), [30, 1, 6, 5], many(900));
    const modelPath = writeModel(join(folder, '1.onnx'), convolution({ units: 3, seed: 1 }));
    const extras = { seed: 3, blocks: 0, shuffles: 0, sampleRows: 0, bins: 0, averageInputs: true };
    const layers = [layer({ A: 'relu', B: 'relu' })];
    const models = ['A', 'B'].map((name) => ({ name, modelPath }));
    const ran = await capture(folder, data, { networks: models, layers, extras });
    const file = npz(folder, 'a.npz', {
      relu: float32Npy([30, 3, 6, 5], await activationsOf(modelPath, data, 30)),
    });
    const networks = [saved('A', file), saved('B', file)];
    const read = await capture(folder, data, { networks, layers, extras });
    const averages = [ran, read].map(({ summary }) => capturedArray(summary, 0, 'average-input').data);
    expect(averages[0].some((value) => value !== 0)).toBe(true);
    expect(averages[1]).toEqual(averages[0]);
    const withoutInputs = await capture(folder, '', withoutData({ networks, layers, extras }));
    expect(withoutInputs.summary.layers[0].averageInput).toBeUndefined();
  });

  it('are read in a random order too, packed or not, and shuffled against each other', async () => {
    const extras = { seed: 3, blocks: 5, shuffles: 2, sampleRows: 7, bins: 0 };
    const { folder, options } = two({ ids: [ids(20), ids(20)] });
    const stored = await capture(folder, '', options);
    const random = await capture(folder, '', { ...options, orderSeed: 3, extras, batch: 4 });
    const plain = capturedArray(stored.summary, 0, 'm2').data;
    capturedArray(random.summary, 0, 'm2').data.forEach((value, at) =>
      expect(value).toBeCloseTo(plain[at], 4),
    );
    expect(random.summary.layers[0].blocks).toHaveLength(5);
    const top = capturedArray(random.summary, 0, 'top-image', 'all').data;
    expect(top).toEqual(capturedArray(stored.summary, 0, 'top-image', 'all').data);
  });

  it.each([
    ['probe.npz', 'values'],
    ['probe.h5', 'layers/block1/packed'],
    ['probe.safetensors', 'half'],
    ['bfloat16.safetensors', 'values'],
    ['probe.parquet', 'lists'],
    ['values-idx2-int', 'values-idx2-int'],
    ['fortran.npy', 'fortran'],
    ['big-endian.npy', 'big-endian'],
  ])('may be in any format: %s, array %s', async (file, key) => {
    const networks = [saved('A', arrayFile('values.npy')), saved('B', arrayFile(file))];
    const { summary } = await capture(
      temporaryFolder(),
      '',
      withoutData({ networks, layers: [layer({ A: 'values', B: key }, 'image')] }),
    );
    expect(summary.layers[0]).toMatchObject({ units: [6, 6], samples: 12 });
    const { data } = capturedArray(summary, 0, 'm2');
    for (let row = 0; row < 6; row++)
      for (let col = 0; col < 6; col++) expect(data[row * 12 + col]).toBeCloseTo(data[row * 12 + 6 + col], 8);
  });

  it('are refused where an array is missing, one-dimensional, or goes by another name', async () => {
    const run = (file: string, tensor: string) =>
      capture(
        temporaryFolder(),
        '',
        withoutData({ networks: [saved('A', arrayFile(file))], layers: [layer({ A: tensor })] }),
      );
    await expect(run('probe.npz', 'value')).rejects.toThrow(
      'A (probe.npz) has no array "value"; nearest names: values',
    );
    await expect(run('values.npy', 'fc1')).rejects.toThrow(
      /which goes by its file's: call it values, not "fc1"/,
    );
    await expect(run('probe.safetensors', 'ids')).rejects.toThrow(
      /has shape \[12\]; activations are \[samples, units\]/,
    );
  });
});

describe('the same samples in the same order', () => {
  it('are asked for in number, before anything is run', async () => {
    const { folder, options } = two({ rows: [20, 19] });
    await expect(capture(folder, '', options)).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining(
        'A (a.npz) has 20 samples and B (b.npz) has 19; activations must be of the same',
      ),
    });
    const data = writeFloat32Npy(join(folder, 'x.npy'), [20, 3], many(60));
    await expect(capture(folder, data, { ...options, data: { path: data, scale: 1 } })).rejects.toThrow(
      /x\.npy has 20 samples and B \(b\.npz\) has 19/,
    );
    const limited = await capture(folder, '', { ...options, limit: 19 });
    expect(limited.summary.images).toBe(19);
  });

  it('are asked for by name, and the first that differs is named', async () => {
    const swapped = ids(20);
    [swapped[7], swapped[8]] = [swapped[8], swapped[7]];
    const same = two({ ids: [ids(20), ids(20)] });
    const named = await capture(same.folder, '', same.options);
    expect(named.notes).toEqual([]);
    const differing = two({ ids: [ids(20), swapped] });
    await expect(capture(differing.folder, '', differing.options)).rejects.toThrow(
      'A (a.npz) and B (b.npz) are not of the same samples in the same order: row 7 is "img-7" ("ids") and "img-8" ("ids"). ' +
        'It is row 8 there: sort both the same way.',
    );
    const other = two({ ids: [ids(20), ids(20).with(3, 'dog')] });
    await expect(capture(other.folder, '', other.options)).rejects.toThrow(
      /row 3 is "img-3" \("ids"\) and "dog" \("ids"\)\. It is nowhere there/,
    );
    // The order hash tells runs of other samples apart.
    const unnamed = two();
    const plain = await capture(unnamed.folder, '', unnamed.options);
    expect(plain.summary.orderHash).not.toBe(named.summary.orderHash);
    expect(plain.summary.orderHash).toBe(
      createHash('sha256')
        .update(new Uint8Array(Uint32Array.from({ length: 20 }, (_, at) => at).buffer))
        .update(new Uint8Array(20))
        .digest('hex'),
    );
  });

  it('are taken on trust where one file has no names, which is said', async () => {
    const { folder, options } = two({ ids: [ids(20), undefined] });
    const { notes } = await capture(folder, '', options);
    expect(notes).toEqual([
      'No sample ids in B (b.npz): the samples are taken to be in the order of A (a.npz).',
    ]);
  });

  it('go by the names that the recipe names: of the data and of activations, texts or integers', async () => {
    const folder = temporaryFolder();
    const values = float32Npy([12, 6], many(72));
    const numbers = npyBytes(
      '<i8',
      [12],
      BigInt64Array.from({ length: 12 }, (_, at) => BigInt(100 + at)),
    );
    const file = npz(folder, 'b.npz', { values, names: numbers });
    const run = (of: string, key: string) =>
      capture(
        folder,
        '',
        withoutData({
          networks: [
            { ...saved('A', arrayFile(of)), ids: 'ids' },
            { ...saved('B', file), ids: key },
          ],
          layers: [layer({ A: 'values', B: 'values' }, 'image')],
        }),
      );
    expect((await run('probe.safetensors', 'names')).notes).toEqual([]);
    await expect(run('probe.h5', 'names')).rejects.toThrow(
      /row 0 is "sample-00" \("ids"\) and "100" \("names"\)/,
    );
    await expect(run('probe.h5', 'nmes')).rejects.toThrow(
      /b\.npz has no array "nmes" of sample ids; it holds names/,
    );
    await expect(run('probe.h5', 'values')).rejects.toThrow(/is no list of texts or integers/);
  });
});

describe('values that are not finite', () => {
  it('are counted, with the first sample that has one', async () => {
    const cells = many(240);
    cells[5 * 12 + 3] = Number.NaN;
    cells[9 * 12] = Infinity;
    const { folder, options } = two({ cells: [many(240), cells] });
    await expect(capture(folder, '', options)).rejects.toMatchObject({
      code: 'bad-data',
      message: expect.stringContaining(
        'B (b.npz), array "conv", holds 2 values that are no finite float32 (NaN, infinity or too large), the first in sample 5',
      ),
    });
  });
});

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `img-${at}`);
}

/** What a model answers, [images x units x height x width], by running it alone. */
async function activationsOf(modelPath: string, data: string, images: number): Promise<number[]> {
  const { unitProbe } = await import('#workers/capture/unit-probe.ts');
  const { values } = await unitProbe.maps({
    data: { path: data, scale: 1 },
    network: { name: 'B', modelPath },
    tensor: 'relu',
    provider: 'cpu',
    threads: 1,
    looks: [0, 1, 2].map((channel) => ({ channel, images: [...Array(images).keys()] })),
  });
  const plane = values[0].length / images;
  return Array.from({ length: images }, (_, image) =>
    values.flatMap((maps) => [...maps.subarray(image * plane, (image + 1) * plane)]),
  ).flat();
}
