import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelInspection } from '#core/domain/network.ts';
import { expandLayers, hasLayerPatterns } from '#core/layers/expand-layers.ts';
import { layersByRole, type LayerRole } from '#core/layers/layer-roles.ts';
import { inspectModel } from '#workers/onnx/inspect-model.ts';

/** As PyTorch's exporter wrote them: tests/fixtures/exported/export.py. */
const names = [
  'vision-transformer-13',
  'vision-transformer-17',
  'residual-7',
  'residual-17',
  'mobile-11',
  'audio-16',
];
const models = new Map<string, ModelInspection>();
const folder = join(import.meta.dirname, '../../fixtures/exported');

beforeAll(async () => {
  for (const name of names) models.set(name, await inspectModel(join(folder, `${name}.onnx`)));
});
const model = (name: string): ModelInspection => models.get(name)!;
const tensorsOf = (name: string, role: LayerRole) =>
  layersByRole(model(name)).find((found) => found.role === role)?.tensors ?? [];

describe('layers by the part they play', () => {
  it.each(['vision-transformer-13', 'vision-transformer-17'])('of %s', (name) => {
    const block = (at: number, rest: string) => `/blocks/blocks.${at}/${rest}_output_0`;
    expect(tensorsOf(name, 'block')).toEqual([0, 1].flatMap((at) => [block(at, 'Add'), block(at, 'Add_1')]));
    expect(tensorsOf(name, 'attention')).toEqual([0, 1].map((at) => block(at, 'attention/join/Add')));
    expect(tensorsOf(name, 'heads')).toEqual([0, 1].map((at) => block(at, 'attention/MatMul_1')));
    // GELU is five nodes, of which the last counts.
    expect(tensorsOf(name, 'mlp')).toEqual([0, 1].map((at) => block(at, 'mlp/mlp.1/Mul_1')));
    expect(tensorsOf(name, 'activation')).toEqual(tensorsOf(name, 'mlp'));
    expect(tensorsOf(name, 'logits')).toEqual(['logits']);
  });

  it.each(['residual-7', 'residual-17'])('of %s', (name) => {
    const block = (at: number) => `/blocks/blocks.${at}/Relu_1_output_0`;
    expect(tensorsOf(name, 'block')).toEqual([0, 1, 2].map(block));
    expect(tensorsOf(name, 'activation')).toHaveLength(7);
    expect(tensorsOf(name, 'pooling')).toEqual(['/ReduceMean_output_0']);
    expect(tensorsOf(name, 'attention')).toEqual([]);
  });

  it('of networks with SiLU, gates and recurrence', () => {
    expect(tensorsOf('mobile-11', 'activation')).toEqual([
      '/Mul_output_0',
      '/Mul_1_output_0',
      '/Mul_2_output_0',
    ]);
    expect(tensorsOf('mobile-11', 'block')).toEqual([]);
    expect(tensorsOf('audio-16', 'activation')).toEqual([
      '/conv/conv.1/Relu_output_0',
      '/conv/conv.3/Relu_output_0',
    ]);
    expect(tensorsOf('audio-16', 'heads')).toEqual([]);
  });
});

describe('layers of a recipe written as patterns', () => {
  const networks = () => [
    { name: 'A', ...model('residual-7') },
    { name: 'B', ...model('residual-17') },
  ];
  const wrong = (field: string, what: string): never => {
    throw new Error(`${field}: ${what}`);
  };
  const expand = (layers: unknown, of = networks()) => expandLayers(layers, of, wrong);

  it('become a layer for each tensor that fits, paired by position', () => {
    const layers = expand([
      { name: 'relu', tensors: '/blocks/*/Relu_*', sample: 'image-mean' },
      { name: 'stem', tensors: { A: '/stem/*Relu*', B: '/stem/stem.2/Relu_output_0' } },
      { name: 'plain', tensors: 'logits' },
    ]);
    expect(layers.map(({ name }) => name)).toEqual([
      'relu1',
      'relu2',
      'relu3',
      'relu4',
      'relu5',
      'relu6',
      'stem',
      'plain',
    ]);
    expect(layers[1]).toEqual({
      name: 'relu2',
      tensors: { A: '/blocks/blocks.0/Relu_1_output_0', B: '/blocks/blocks.0/Relu_1_output_0' },
      sample: 'image-mean',
    });
    expect(layers[6]).toMatchObject({ sample: 'position' });
    expect(layers[7]).toEqual({ name: 'plain', tensors: 'logits' });
  });

  it('become the layers of a part, as many as all networks have', () => {
    const two = [networks()[0], { name: 'V', ...model('vision-transformer-17') }];
    expect(expand({ suggest: ['block', 'logits'] }, two)).toEqual([
      ...[
        ['block1', '/blocks/blocks.0/Relu_1_output_0', '/blocks/blocks.0/Add_output_0'],
        ['block2', '/blocks/blocks.1/Relu_1_output_0', '/blocks/blocks.0/Add_1_output_0'],
        ['block3', '/blocks/blocks.2/Relu_1_output_0', '/blocks/blocks.1/Add_output_0'],
      ].map(([name, A, V]) => ({ name, tensors: { A, V }, sample: 'image-mean' })),
      { name: 'logits1', tensors: { A: 'logits', V: 'logits' }, sample: 'image' },
    ]);
    expect(expand([{ suggest: 'block', pair: 'name', sample: 'image-max' }])).toHaveLength(3);
  });

  it('are told from layers whose names are written out', () => {
    expect(hasLayerPatterns([{ name: 'x', tensors: 'logits' }])).toBe(false);
    expect(hasLayerPatterns([{ name: 'x', tensors: { A: 'a', B: 'b*' } }])).toBe(true);
    expect(hasLayerPatterns({ suggest: 'block' })).toBe(true);
    expect(hasLayerPatterns(undefined)).toBe(false);
  });

  it('are refused in words where nothing fits', () => {
    expect(() => expand([{ name: 'x', tensors: 'logit*s*x' }])).toThrow(
      /^layers\[0\]\.tensors: no tensor of A fits "logit\*s\*x"; nearest names: logits/,
    );
    expect(() => expand([{ name: 'x', tensors: { A: '/blocks/*/Relu*', B: '/stem/*' } }])).toThrow(
      /^layers\[0\]\.tensors: fits different numbers of tensors \(A 6, B \d\); use pair: name, a narrower pattern, or write the layers out\.$/,
    );
    expect(() => expand({ suggest: 'attention' })).toThrow(
      'layers.suggest: no tensor of A and B is one (attention); choose another part.',
    );
    expect(() => expand({ suggest: 'relu' })).toThrow(
      /^layers\.suggest: is not understood; suggest one of activation, block/,
    );
    expect(() => expand([{ name: 'x', tensors: { A: '*' } }])).toThrow(
      'layers[0].tensors: the tensor of network "B" is missing; add it.',
    );
  });
});
