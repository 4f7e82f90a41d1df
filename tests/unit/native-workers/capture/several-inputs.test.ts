import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { AttributeProto_AttributeType } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import type { RecipeInput } from '#core/domain/recipe.ts';
import type { EngineData, EngineLayer } from '#core/ipc/engine.ts';
import { unitProbe } from '#workers/capture/unit-probe.ts';
import { capture, capturedArray } from '../../../fixtures/captures.ts';
import { madeUpPng, writeFiles } from '../../../fixtures/image-files.ts';
import { npyBytes, zipBytes } from '../../../fixtures/npy-files.ts';
import { node, value, whole, writeModel, type Graph } from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const layer: EngineLayer = { name: 'out', tensors: { A: 'out', B: 'out' }, sample: { kind: 'image' } };
const samples = 7;
const steps = 4;
const ids = BigInt64Array.from({ length: samples * steps }, (_, at) => BigInt((at * 5) % 11));
const mask = Uint8Array.from({ length: samples * steps }, (_, at) => (at % 3 === 0 ? 0 : 1));
const floats = Float32Array.from({ length: samples * steps }, (_, at) => Math.sin(at));

const cast = (from: string, to: string) => node('Cast', [from], [to], [whole('to', 1)]);
const out = value('out', ['N', steps]);

/** ids x mask + state + rate / 1000, all as numbers. */
const language: Graph = {
  input: [
    value('input_ids', ['batch', 'sequence'], 'int64'),
    value('attention_mask', ['batch', 'sequence'], 'int64'),
    value('state', ['batch', 'sequence']),
    value('sr', [], 'int64'),
  ],
  node: [
    cast('input_ids', 'ids'),
    cast('attention_mask', 'mask'),
    cast('sr', 'rate'),
    node('Mul', ['ids', 'mask'], ['masked']),
    node('Add', ['masked', 'state'], ['with state']),
    node('Add', ['with state', 'rate'], ['out']),
  ],
  output: [out],
};

function scene(graph: Graph) {
  const folder = temporaryFolder();
  const arrays = {
    ids: npyBytes('<i8', [samples, steps], ids),
    mask: npyBytes('|b1', [samples, steps], mask),
  };
  const members = Object.entries(arrays).map(([name, bytes]) => ({ name: `${name}.npy`, bytes }));
  writeFileSync(join(folder, 'tokens.npz'), zipBytes(members));
  for (const [name, bytes] of Object.entries(arrays)) writeFileSync(join(folder, `${name}.npy`), bytes);
  const networks = ['A', 'B'].map((name) => ({
    name,
    modelPath: writeModel(join(folder, `${name}.onnx`), graph),
  }));
  const run = (
    data: Partial<EngineData> & { path: string },
    inputs?: Record<string, RecipeInput>,
    more = {},
  ) =>
    capture(folder, '', {
      data: { scale: 1, ...data },
      networks: networks.map((network) => ({ ...network, ...(inputs && { inputs }) })),
      layers: [layer],
      ...more,
    });
  return { folder, networks, run, npz: join(folder, 'tokens.npz') };
}

const inputs: Record<string, RecipeInput> = {
  input_ids: { array: 'ids' },
  attention_mask: { array: 'mask' },
  state: { zeros: true },
  sr: { constant: 16000 },
};
const expectedMean = (step: number) =>
  Array.from(
    { length: samples },
    (_, at) => Number(ids[at * steps + step]) * mask[at * steps + step] + 16000,
  ).reduce((sum, number) => sum + number) / samples;

describe('a model of several inputs', () => {
  it.each([
    ['keys of one file', (folder: string) => ({ path: join(folder, 'tokens.npz'), key: 'ids' })],
    [
      'files of their own',
      (folder: string) => ({
        path: join(folder, 'ids.npy'),
        arrays: { ids: { path: join(folder, 'ids.npy') }, mask: { path: join(folder, 'mask.npy') } },
      }),
    ],
  ])('reads token ids, a mask, a state of zeros and a constant from %s', async (_, dataOf) => {
    const { folder, run, networks } = scene(language);
    const data = dataOf(folder);
    for (const more of [{ batch: 3 }, { batch: 3, orderSeed: 4 }]) {
      const { summary } = await run(data, inputs, more);
      const mean = capturedArray(summary, 0, 'mean').data as Float64Array;
      for (let step = 0; step < steps; step++) expect(mean[step]).toBeCloseTo(expectedMean(step), 9);
    }
    const looks = [{ channel: 1, images: [6, 0] }];
    const probe = {
      data: { scale: 1, ...data },
      network: { ...networks[0], inputs },
      tensor: 'out',
      provider: 'cpu',
      threads: 1,
    } as const;
    const { values } = await unitProbe.maps({ ...probe, looks });
    const at = (sample: number) => Number(ids[sample * steps + 1]) * mask[sample * steps + 1] + 16000;
    expect([...values[0]]).toEqual([at(6), at(0)]);
  });

  it('is explained, with lines to paste, where nothing is said of them', async () => {
    const { run, npz } = scene(language);
    await expect(run({ path: npz, key: 'ids' })).rejects.toThrow(
      'A (A.onnx) has 4 inputs: input_ids int64 [batch, sequence]; attention_mask int64 [batch, sequence]; state float32 [batch, sequence]; sr int64 [].' +
        ' Say where each comes from, in its entry of networks:\n' +
        '  inputs:\n    input_ids: {array: input_ids}\n    attention_mask: {array: attention_mask}\n    state: {zeros: true}\n    sr: {constant: 1}',
    );
  });

  it.each([
    [
      'an input it has not',
      { ...inputs, inputs_ids: { array: 'ids' } },
      /A\.onnx has no input "inputs_ids"; it has input_ids/,
    ],
    [
      'an input left out',
      { input_ids: { array: 'ids' } },
      /input "attention_mask" of A\.onnx is missing; add it/,
    ],
    ['an array that is not there', { ...inputs, input_ids: { array: 'id' } }, /has no array "id"; it holds/],
    [
      'a shape of other rank',
      { ...inputs, sr: { constant: 1, shape: [1] } },
      /Input sr of A .* has 0 axes, the recipe's shape 1/,
    ],
  ] as [string, Record<string, RecipeInput>, RegExp][])('is refused with %s', async (_, asked, sentence) => {
    const { run, npz } = scene(language);
    await expect(run({ path: npz, key: 'ids' }, asked)).rejects.toThrow(sentence);
  });

  it('needs arrays of one length, and whole numbers for whole numbers', async () => {
    const { folder, run } = scene(language);
    writeFileSync(join(folder, 'short.npy'), npyBytes('|b1', [6, steps], mask.subarray(0, 24)));
    writeFileSync(join(folder, 'floats.npy'), npyBytes('<f4', [samples, steps], floats));
    const data = (file: string) => ({
      path: join(folder, 'ids.npy'),
      arrays: { ids: { path: join(folder, 'ids.npy') }, mask: { path: join(folder, file) } },
    });
    await expect(run(data('short.npy'), inputs)).rejects.toThrow(
      'short.npy has 6 samples, ids.npy 7; every array needs as many.',
    );
    await expect(run(data('floats.npy'), inputs)).rejects.toThrow(
      'floats.npy holds float32, but the input takes int64',
    );
  });

  it('has states whose axes the data does not tell named, and takes them from the recipe', async () => {
    const recurrent: Graph = {
      input: [value('x', ['N', steps]), value('h', [2, 'N', 'hidden'])],
      node: [node('ReduceSum', ['h'], ['sum'], [whole('keepdims', 0)]), node('Add', ['x', 'sum'], ['out'])],
      output: [out],
    };
    const { folder, run } = scene(recurrent);
    const path = join(folder, 'floats.npy');
    writeFileSync(path, npyBytes('<f4', [samples, steps], floats));
    const asked = (h: RecipeInput) => ({ x: { images: true } as const, h });
    await expect(run({ path }, asked({ zeros: true }))).rejects.toThrow(
      'Input h of A (A.onnx) has a dynamic axis "hidden" that no other input tells; give its shape beside it, e.g. shape: [2, N, 1] (N: the number of samples).',
    );
    const { summary } = await run({ path }, asked({ constant: 0.5, shape: [2, 'N', 3] }), { batch: samples });
    const mean = capturedArray(summary, 0, 'mean').data as Float64Array;
    const first =
      Array.from({ length: samples }, (_, at) => floats[at * steps]).reduce((sum, x) => sum + x) / samples;
    expect(mean[0]).toBeCloseTo(first + 0.5 * 2 * samples * 3, 5);
  });

  it('reads pictures beside arrays, sample by sample', async () => {
    const both: Graph = {
      input: [value('pixels', ['N', 3, 4, 4]), value('ids', ['N', steps], 'int64')],
      node: [
        node(
          'ReduceMean',
          ['pixels'],
          ['colour'],
          [
            { name: 'axes', type: AttributeProto_AttributeType.INTS, ints: [1n, 2n, 3n] },
            whole('keepdims', 0),
          ],
        ),
        node('Unsqueeze', ['colour', 'one'], ['column']),
        cast('ids', 'numbers'),
        node('Add', ['numbers', 'column'], ['out']),
      ],
      initializer: [
        { name: 'one', dims: [1n], dataType: 7, rawData: new Uint8Array(BigInt64Array.of(1n).buffer) },
      ],
      output: [out],
    };
    const { folder, run } = scene(both);
    const files: Record<string, Uint8Array> = {};
    for (let at = 0; at < samples; at++) files[`${at}.png`] = await madeUpPng(at);
    const path = writeFiles(join(folder, 'pictures'), files);
    const data = {
      path,
      resize: [4, 4] as [number, number],
      arrays: { ids: { path: join(folder, 'ids.npy') } },
    };
    const asked = { pixels: { images: true } as const, ids: { array: 'ids' } };
    const [one, other] = [
      await run(data, asked, { batch: 2 }),
      await run(data, asked, { batch: 3, orderSeed: 1 }),
    ];
    const mean = ({ summary }: typeof one) => [...(capturedArray(summary, 0, 'mean').data as Float64Array)];
    mean(one).forEach((number, step) => expect(number).toBeCloseTo(mean(other)[step], 4));
    expect(mean(one)[0]).toBeGreaterThan(50);
    await expect(run({ ...data, onError: 'skip' }, asked)).rejects.toThrow(
      'data.onError: skip leaves images out',
    );
  });
});

describe('inputs of other types and ranks', () => {
  const through = (type: Parameters<typeof value>[2], shape: (number | string)[]): Graph => ({
    input: [value('x', ['N', ...shape], type)],
    node: [cast('x', 'numbers'), node('Flatten', ['numbers'], ['out'], [whole('axis', 1)])],
    output: [value('out', ['N', 'units'])],
  });

  it.each([
    ['float64', 'float64', '<f8', Float64Array],
    ['float16', 'float16', '<f4', Float32Array],
    ['int32', 'int32', '<i8', BigInt64Array],
    ['int64', 'int64', '<u2', Uint16Array],
  ] as const)('%s', async (_, type, descr, Numbers) => {
    const { folder, run } = scene(through(type, [2, 3]));
    const numbers = Array.from({ length: samples * 6 }, (_, at) => (at * 7) % 32);
    const isBig = descr === '<i8';
    const data = isBig ? BigInt64Array.from(numbers, BigInt) : (Numbers as typeof Float64Array).from(numbers);
    writeFileSync(join(folder, 'x.npy'), npyBytes(descr, [samples, 2, 3], data));
    const { summary } = await run({ path: join(folder, 'x.npy'), layout: 'NCT' });
    const mean = capturedArray(summary, 0, 'mean').data as Float64Array;
    for (let unit = 0; unit < 6; unit++) {
      const sum = numbers.filter((_, at) => at % 6 === unit).reduce((total, number) => total + number);
      expect(mean[unit]).toBeCloseTo(sum / samples, 5);
    }
  });

  it.each([
    ['NTC fed as stored', [3, 2], 'NTC', [0, 1, 2, 3, 4, 5]],
    ['NTC turned for a network that takes NCT', [2, 3], 'NTC', [0, 2, 4, 1, 3, 5]],
    ['NHWC for a network that takes it', [1, 3, 2], 'NHWC', [0, 1, 2, 3, 4, 5]],
    ['any rank as it is', [1, 1, 3, 2], 'as-is', [0, 1, 2, 3, 4, 5]],
  ] as [string, number[], EngineData['layout'], number[]][])('%s', async (_, taken, layout, order) => {
    const { folder, run } = scene(through('float32', taken));
    const stored = layout === 'NTC' ? [3, 2] : layout === 'NHWC' ? [1, 3, 2] : taken;
    const numbers = Float32Array.from({ length: samples * 6 }, (_, at) => at % 6);
    writeFileSync(join(folder, 'x.npy'), npyBytes('<f4', [samples, ...stored], numbers));
    const { summary } = await run({ path: join(folder, 'x.npy'), layout });
    expect([...(capturedArray(summary, 0, 'mean').data as Float64Array)].slice(0, 6)).toEqual(order);
  });
});
