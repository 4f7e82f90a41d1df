import { describe, expect, it } from 'vitest';
import {
  guessArray,
  guessLayout,
  guessScale,
  parseNumbers,
  sampleShape,
} from '#renderer/features/new-analysis/guess-data.ts';
import { problemsOf, type CheckedForm } from '#renderer/features/new-analysis/problems.ts';
import { modelInspection } from './fake-backend.ts';

const network = (name: string) => ({
  name,
  token: `token-${name}`,
  fileName: `${name}.onnx`,
  inputs: modelInspection.inputs,
  tensors: modelInspection.tensors,
});
const complete: CheckedForm = {
  title: 'Digits',
  networks: [network('A'), network('B')],
  data: { fileName: 'digits.npz', shape: [2000, 28, 28], layout: 'NHW' },
  layers: [
    { id: 1, name: 'conv1', tensors: { A: '/Relu_output_0', B: '/Relu_output_0' }, sample: 'position' },
  ],
  mean: undefined,
  std: undefined,
  limit: undefined,
};

describe('problems', () => {
  it('are none for a complete form', () => {
    expect(problemsOf(complete)).toEqual([]);
  });

  it('are none without data where all networks are saved activations', () => {
    const saved = (name: string) => ({
      ...network(name),
      inputs: [],
      tensors: [{ name: 'fc', op: 'Saved', node: '', shape: ['N', 8], units: 8, type: 'float32' }],
    });
    const layers: CheckedForm['layers'] = [
      { id: 1, name: 'fc', tensors: { A: 'fc', B: 'fc' }, sample: 'image' },
    ];
    expect(problemsOf({ ...complete, networks: [saved('A'), saved('B')], layers, data: null })).toEqual([]);
    const mixed = { ...complete, networks: [network('A'), saved('B')], data: null };
    expect(problemsOf(mixed)).toContainEqual({
      at: 'data',
      says: 'Choose the data that all networks will see.',
      isMissing: true,
    });
  });

  it.each<[string, Partial<CheckedForm>, RegExp]>([
    ['no title', { title: ' ' }, /title/],
    ['no networks', { networks: [] }, /Add the networks/],
    ['one network', { networks: [network('A')] }, /second network/],
    ['two of one name', { networks: [network('A'), network('A')] }, /Two networks are called "A"/],
    ['no data', { data: null }, /Choose the data/],
    [
      'data without axes',
      { data: { fileName: 'x.npy', shape: [], layout: undefined } },
      /need an axis of samples/,
    ],
    [
      'data that does not fit',
      { data: { fileName: 'x.npy', shape: [9, 3, 32, 32], layout: 'NCHW' } },
      /A takes inputs of 1 × 28 × 28, but the data gives 3 × 32 × 32/,
    ],
    ['a mean that is no number', { mean: null }, /mean must be numbers/],
    ['a mean of the wrong length', { mean: [1, 2, 3] }, /mean needs 1 number/],
    ['a deviation of 0', { std: [0] }, /above 0/],
    ['a wrong limit', { limit: null }, /whole number above 0/],
    ['no layer', { layers: [] }, /at least one layer/],
    [
      'a layer without a tensor',
      { layers: [{ ...complete.layers[0], tensors: { A: '/Relu_output_0' } }] },
      /no tensor in B/,
    ],
    [
      'two layers of one name',
      { layers: [complete.layers[0], complete.layers[0]] },
      /Two layers are called "conv1"/,
    ],
    [
      'one value per image of a picture',
      { layers: [{ ...complete.layers[0], sample: 'image' }] },
      /has positions/,
    ],
    [
      'positions that differ',
      {
        layers: [
          { id: 1, name: 'x', tensors: { A: '/Relu_output_0', B: '/Relu_1_output_0' }, sample: 'position' },
        ],
      },
      /different positions \(28 × 28, 14 × 14\)/,
    ],
  ])('name %s', (_what, change, sentence) => {
    const said = problemsOf({ ...complete, ...change }).map(({ at, says }) => `${at}: ${says}`);
    expect(said.join('\n')).toMatch(sentence);
  });
});

describe('guesses about the data', () => {
  it('take the array with the most dimensions', () => {
    const arrays = [
      { key: 'labels', dtype: 'uint8', shape: [90_000] },
      { key: 'images', dtype: 'uint8', shape: [20, 28, 28] },
    ];
    expect(guessArray(arrays)?.key).toBe('images');
    expect(guessArray([])).toBeUndefined();
  });

  it('read channels where they look like channels', () => {
    expect(guessLayout([10, 3, 32, 32])).toBe('NCHW');
    expect(guessLayout([10, 32, 32, 3])).toBe('NHWC');
    expect(guessLayout([10, 28, 28])).toBe('NHW');
    expect(guessLayout([10, 64])).toBe('NC');
    expect(guessLayout([10])).toBe('N');
    expect(guessLayout([])).toBeUndefined();
    expect(sampleShape([10, 32, 24, 3], 'NHWC')).toEqual([3, 32, 24]);
  });

  it('bring bytes to 0..1 and leave numbers alone', () => {
    expect(guessScale('uint8')).toBe(1 / 255);
    expect(guessScale('float32')).toBe(1);
  });

  it('read lists of numbers', () => {
    expect(parseNumbers('0.485, 0.456 0.406')).toEqual([0.485, 0.456, 0.406]);
    expect(parseNumbers(' ')).toBeUndefined();
    expect(parseNumbers('0.5, x')).toBeNull();
  });
});
