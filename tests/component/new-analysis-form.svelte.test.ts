import { describe, expect, it } from 'vitest';
import type { PickedFile } from '#core/ipc/areas/network.ts';
import type { RunInputs } from '#core/ipc/areas/analysis.ts';
import { AnalysisForm } from '#renderer/features/new-analysis/form.svelte.ts';
import { createClient } from '#renderer/backend/client.ts';
import { createFakeBackend, modelInspection } from './fake-backend.ts';

const file = (token: string): PickedFile => ({ token, fileName: `${token}.onnx`, bytes: 1 });
const dataFile: PickedFile = { token: 'data', fileName: 'tokens.npz', bytes: 1 };
const twoInputs = {
  ...modelInspection,
  inputs: [
    { name: 'tokens', type: 'int64', shape: ['N', 9] },
    { name: 'mask', type: 'float32', shape: ['N', 9] },
    { name: 'state', type: 'float32', shape: ['N', 12] },
    { name: 'rate', type: 'int64', shape: [] },
  ],
};
const arrays = [
  { key: 'tokens', dtype: 'int64', shape: [200, 9] },
  { key: 'mask', dtype: 'float32', shape: [200, 9] },
];

function newForm(inspection = modelInspection): AnalysisForm {
  const bridge = createFakeBackend({
    answers: {
      network: { inspect: () => inspection },
      dataset: { inspect: () => ({ file: 'tokens.npz', bytes: 1, arrays }) },
    },
  });
  return new AnalysisForm(createClient(bridge));
}

async function filled(inspection = modelInspection): Promise<AnalysisForm> {
  const form = newForm(inspection);
  await form.takeNetworks([file('a'), file('b')]);
  await form.takeData(dataFile);
  return form;
}

describe('a model with several inputs', () => {
  it('gets each from where the engine would take it', async () => {
    const form = await filled(twoInputs);
    expect(form.problems).toEqual([]);
    expect(form.draft()?.networks[0].inputs).toEqual({
      tokens: { array: 'tokens' },
      mask: { array: 'mask' },
      state: { zeros: true },
      rate: { constant: 1 },
    });
  });

  it('says at the input what cannot be read or is not there', async () => {
    const form = await filled(twoInputs);
    const [row] = form.networks.rows;
    const choice = { kind: 'constant', array: '', constantText: 'x', shapeText: '' } as const;
    row.inputs.choose('rate', choice);
    expect(form.problemAt('network:a.inputs.rate')).toMatch(/must be a number/);
    expect(form.hasProblemIn('network:a.inputs')).toBe(true);
    expect(form.hasProblemIn('network:b')).toBe(false);
    row.inputs.choose('rate', { ...choice, constantText: '2' });
    row.inputs.choose('state', { ...choice, kind: 'zeros', shapeText: 'N' });
    expect(form.problemAt('network:a.inputs.state')).toMatch(/has 2 axes, its shape here 1: N, 12/);
    row.inputs.choose('state', { ...choice, kind: 'array', array: 'gone' });
    expect(form.problemAt('network:a.inputs.state')).toMatch(/no array "gone"/);
    expect(form.draft()).toBeNull();
    await form.data.arrays.add({ token: 'more', fileName: 'gone.npy', bytes: 1 });
    form.data.arrays.rows[0].name = 'gone';
    expect(form.problems).toEqual([]);
    expect(form.draft()?.data?.arrays).toEqual({ gone: { token: 'more', key: 'tokens' } });
  });
});

describe('layers', () => {
  it('of a pattern are added for all networks at once, or the pattern says why not', async () => {
    const form = await filled(twoInputs);
    const before = form.layers.rows.length;
    expect(form.layers.addPattern('/Relu*')).toBeNull();
    const added = form.layers.rows.slice(before);
    expect(added.map((row) => row.tensors)).toEqual(
      modelInspection.tensors
        .filter(({ name }) => name.startsWith('/Relu'))
        .map(({ name }) => ({ a: name, b: name })),
    );
    expect(form.layers.addPattern('/Nothing*')).toMatch(/^No tensor of A fits/);
  });

  it('keep axes that are said, alike for tensors that were read alike', async () => {
    const form = await filled(twoInputs);
    const [row] = form.layers.rows;
    form.layers.setAxes(row, 'a', 'NHWC');
    expect(row.axes).toEqual({ a: 'NHWC', b: 'NHWC' });
    form.layers.setAxes(row, 'b', 'NHWW');
    expect(form.problemAt(`layer:${row.id}.axes`)).toMatch(/one N .* at least one C/);
  });
});

describe('options of analyses', () => {
  it('are in the recipe where they differ, and what is refused stands at the option', async () => {
    const form = await filled(twoInputs);
    form.analyses.tick('mutual-information', true);
    form.analyses.setText('mutual-information', 'bins', '8');
    form.analyses.setText('certainty', 'level', '.9');
    expect(form.draft()?.analyses).toContainEqual({ 'mutual-information': { bins: 8 } });
    expect(form.draft()?.analyses).toContainEqual({ certainty: { level: 0.9 } });
    expect(form.draft()?.analyses).toContain('correlation');
    form.analyses.setText('mutual-information', 'bins', '99');
    expect(form.problemAt('analyses.mutual-information.bins')).toMatch(/^Mutual information, Bins: /);
    form.analyses.setText('mutual-information', 'bins', 'many');
    expect(form.problemAt('analyses.mutual-information.bins')).toMatch(/must be a number/);
  });
});

it('a recipe comes back as it was, but for what is the default', async () => {
  const form = newForm(twoInputs);
  const relu = modelInspection.tensors.find(({ name }) => name === '/Relu_output_0')!.name;
  const recipe: RunInputs = {
    title: 'Tokens',
    networks: [
      { name: 'A', file: file('a'), inputs: inputsOf({ constant: 16000, shape: ['N', 12] }) },
      { name: 'B', file: file('b'), inputs: inputsOf({ zeros: true }) },
      { name: 'C', file: file('c'), inputs: inputsOf({ zeros: true }) },
    ],
    data: {
      ...{ file: dataFile, key: 'tokens', layout: 'NT', scale: 1, limit: 50, ids: 'names' },
      arrays: { mask: { file: { token: 'mask', fileName: 'mask.npy', bytes: 1 }, key: 'mask' } },
      vocabulary: { token: 'words', fileName: 'tokenizer.json', bytes: 1 },
      mask: { padding: 0 },
    },
    more: {
      layers: [
        {
          name: 'conv1',
          tensors: { A: relu, B: relu, C: relu },
          sample: { kind: 'random', count: 9, seed: 4 },
          axes: { A: 'NCHW', B: 'NCHW', C: 'NCHW' },
        },
      ],
      pairs: [
        ['C', 'A'],
        ['A', 'B'],
      ],
      analyses: [
        { name: 'correlation' },
        { name: 'spectral-clusters', affinity: 'squared', k: [3], group: 'all', seed: 1 },
      ],
      ...{ folds: { test: 0.3, seed: 5 }, provider: 'cpu', threads: 2, batch: 16, memory: 1.5 },
    },
  };
  await form.adopt(recipe);
  expect(form.problems).toEqual([]);
  const draft = form.draft()!;
  expect(draft.networks).toEqual(
    recipe.networks.map(({ name, file: { token }, inputs }) => ({ name, token, inputs })),
  );
  expect(draft.data).toEqual({
    ...{ token: 'data', key: 'tokens', layout: 'NT', scale: 1, limit: 50, ids: 'names' },
    arrays: { mask: { token: 'mask', key: 'mask' } },
    vocabulary: 'words',
    mask: { padding: 0 },
  });
  expect(draft.layers).toEqual([{ ...recipe.more!.layers[0], sample: { random: 9, seed: 4 } }]);
  expect(draft.pairs).toEqual(recipe.more!.pairs);
  expect(draft.analyses).toEqual([
    'correlation',
    { 'spectral-clusters': { affinity: 'squared', k: [3], group: 'all', seed: 1 } },
  ]);
  expect(draft).toMatchObject({
    folds: { test: 0.3, seed: 5 },
    provider: 'cpu',
    threads: 2,
    batch: 16,
    memory: 1.5,
  });

  form.data.padding.tokenText = 'none';
  expect(form.problemAt('data.mask.padding')).toMatch(/whole number/);
  form.data.padding.kind = 'array';
  expect(form.problemAt('data.mask.array')).toMatch(/Choose the array/);
  form.data.padding.array = 'mask';
  expect(form.data.choice()?.mask).toEqual({ array: 'mask' });

  function inputsOf(state: { constant: number; shape: (number | 'N')[] } | { zeros: true }) {
    return { tokens: { array: 'tokens' }, mask: { array: 'mask' }, state, rate: { constant: 2 } };
  }
});
