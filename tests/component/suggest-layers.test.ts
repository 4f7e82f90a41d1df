import { describe, expect, it } from 'vitest';
import type { CapturableTensor } from '#core/domain/network.ts';
import { rolesInAll, sampleFor, suggestLayers } from '#core/layers/suggest-layers.ts';
import { filterTensors, layerOfTensor, shortName } from '#renderer/features/new-analysis/suggest-layers.ts';
import { modelInspection } from './fake-backend.ts';

const tensor = (name: string, op: string, shape: (number | string)[]): CapturableTensor => ({
  name,
  op,
  node: '',
  shape,
  units: Number(shape[1]),
  type: 'float32',
});
const digits = { name: 'A', tensors: modelInspection.tensors };

describe('suggested layers', () => {
  it('are the ReLUs by position, named after what they follow', () => {
    const layers = suggestLayers([digits, { ...digits, name: 'B' }]);
    expect(layers.map((layer) => layer.name)).toEqual(['conv1', 'conv2', 'conv3', 'fc1']);
    expect(layers[1].tensors).toEqual({ A: '/Relu_1_output_0', B: '/Relu_1_output_0' });
    expect(layers.map((layer) => layer.sample)).toEqual(['position', 'position', 'position', 'image']);
  });

  it('are arrays of one name of saved activations, or those at the same place', () => {
    const saved = (name: string, ...names: string[]) => ({
      name,
      tensors: names.map((array, at) => tensor(array, 'Saved', at === 0 ? ['N', 8, 4, 4] : ['N', 10])),
    });
    expect(suggestLayers([saved('A', 'conv', 'fc', 'x'), saved('B', 'conv', 'fc')])).toEqual([
      { name: 'conv', tensors: { A: 'conv', B: 'conv' }, sample: 'position' },
      { name: 'fc', tensors: { A: 'fc', B: 'fc' }, sample: 'image' },
    ]);
    expect(suggestLayers([saved('A', 'a', 'b'), saved('B', 'c')])).toEqual([
      { name: 'conv1', tensors: { A: 'a', B: 'c' }, sample: 'position' },
    ]);
    const [mixed] = suggestLayers([digits, saved('B', 'conv')]);
    expect(mixed.tensors).toEqual({ A: '/Relu_output_0', B: 'conv' });
  });

  it('go as far as the shallowest network', () => {
    const shallow = { name: 'B', tensors: [tensor('only', 'Relu', ['n', 8, 28, 28])] };
    const layers = suggestLayers([digits, shallow]);
    expect(layers).toHaveLength(1);
    expect(layers[0].tensors).toEqual({ A: '/Relu_output_0', B: 'only' });
  });

  it('take other activations, then linear operators, where a network has no ReLU', () => {
    const gelu = { name: 'B', tensors: [tensor('g', 'Gelu', ['n', 4]), tensor('m', 'MatMul', ['n', 4])] };
    expect(suggestLayers([gelu, { ...gelu, name: 'C' }])[0].tensors).toEqual({ B: 'g', C: 'g' });
    expect(suggestLayers([digits, gelu])[0].tensors).toEqual({ A: '/conv1/Conv_output_0', B: 'm' });
    expect(suggestLayers([digits, { name: 'B', tensors: [tensor('x', 'Add', ['n', 4])] }])).toEqual([]);
    expect(suggestLayers([])).toEqual([]);
  });

  it('are those of a part that is asked for', () => {
    const networks = ['A', 'B'].map((name) => ({ ...digits, name, nodes: modelInspection.nodes }));
    expect(rolesInAll(networks)).toEqual(
      expect.arrayContaining([
        { role: 'pooling', layers: 2 },
        { role: 'logits', layers: 1 },
      ]),
    );
    expect(suggestLayers(networks, 'logits')).toEqual([
      { name: 'fc1', tensors: { A: 'logits', B: 'logits' }, sample: 'image' },
    ]);
    expect(suggestLayers(networks, 'attention')).toEqual([]);
  });

  it('compare tokens by position, whichever axis they are', () => {
    const tokens = { ...tensor('t', 'Gelu', ['n', 197, 768]), axes: 'NTC' };
    const time = { ...tensor('t', 'Relu', ['n', 64, 197]), axes: 'NCT' };
    expect(sampleFor([tokens, time])).toBe('position');
    expect(sampleFor([tokens, { ...time, axes: 'NTC' }])).toBe('image-mean');
  });

  it('fall back to image means where positions differ', () => {
    const other = [tensor('r', 'Relu', ['n', 24, 14, 14])];
    expect(sampleFor([digits.tensors[1], other[0]])).toBe('image-mean');
  });
});

describe('a layer added by hand', () => {
  it('finds the tensor of the same name, else the one at the same place', () => {
    const renamed = {
      name: 'B',
      tensors: digits.tensors.map((entry) => ({ ...entry, name: 'b' + entry.name })),
    };
    const layer = layerOfTensor([digits, renamed], digits, digits.tensors[4]);
    expect(layer.tensors).toEqual({ A: '/Relu_1_output_0', B: 'b/Relu_1_output_0' });
  });

  it('leaves out a network that has no such operator', () => {
    const bare = { name: 'B', tensors: [] };
    expect(layerOfTensor([digits, bare], digits, digits.tensors[2]).tensors).toEqual({
      A: '/pool/MaxPool_output_0',
    });
  });
});

describe('the list of tensors', () => {
  it('is filtered by every word, in name or operator', () => {
    expect(filterTensors(digits.tensors, 'relu 1').map((entry) => entry.name)).toEqual(['/Relu_1_output_0']);
    expect(filterTensors(digits.tensors, '')).toHaveLength(digits.tensors.length);
    expect(filterTensors(digits.tensors, 'nothing')).toEqual([]);
  });

  it('shortens names for new layers', () => {
    expect(shortName('/features/conv1/Relu_output_0')).toBe('conv1/Relu');
    expect(shortName('logits')).toBe('logits');
  });
});
