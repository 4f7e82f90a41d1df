import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runtime } from '#workers/capture/runtime.ts';
import { openTappedSession, type TensorChoice } from '#workers/capture/tapped-session.ts';
import { inspectModel } from '#workers/onnx/inspect-model.ts';
import {
  bytes,
  elementTypes,
  floats,
  integers,
  node,
  passThrough,
  value,
  whole,
  wholes,
  writeModel,
  type Graph,
  type ModelParts,
} from '../../../fixtures/onnx-models.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const write = (graph: Graph, more?: ModelParts) => writeModel(join(temporaryFolder(), 'a.onnx'), graph, more);

/** What the capture reads of tensors when the model is fed these features. */
async function read(modelPath: string, tensors: TensorChoice[], features: number[], shape: number[]) {
  const session = await openTappedSession({ name: 'A', modelPath, tensors, provider: 'cpu', threads: 1 });
  try {
    const feeds = {
      [session.inputs[0].name]: new (runtime().Tensor)('float32', Float32Array.from(features), shape),
    };
    const outputs = await session.session.run(
      feeds,
      session.taps.map(({ output }) => output),
    );
    return session.taps.map(({ output, ...tap }) => ({
      ...tap,
      dims: [...outputs[output].dims],
      values: [...(outputs[output].data as Float32Array)],
      isFloat32: outputs[output].data instanceof Float32Array,
    }));
  } finally {
    await session.session.release();
  }
}

const plain = (tensor: string, axes: string | null = null): TensorChoice => ({ tensor, axes });

describe('activations of any element type', () => {
  const types = ['float16', 'bfloat16', 'float64', 'uint8', 'int8', 'int32', 'int64'] as const;

  it.each(types)('%s reaches the capture as float32', async (type) => {
    const graph = passThrough(4);
    graph.node.push(node('Cast', ['same'], ['typed'], [whole('to', elementTypes[type])]));
    const [typed] = await read(write(graph), [plain('typed')], [1, 0, 3, 2], [1, 4]);
    expect(typed).toMatchObject({ type, isFloat32: true, values: [1, 0, 3, 2], dims: [1, 4] });
    expect(typed.reading).toBe(type.includes('float') ? 'values' : 'integers');
  });

  it('a model may give its own outputs in a type that JavaScript has no array for', async () => {
    const graph = passThrough(4);
    graph.node.push(node('Cast', ['same'], ['typed'], [whole('to', elementTypes.bfloat16)]));
    graph.output = [value('typed', ['N', 4], 'bfloat16')];
    const path = write(graph);
    const [typed] = await read(path, [plain('typed')], [1, 0, 3, 2.5], [1, 4]);
    expect(typed).toMatchObject({ type: 'bfloat16', values: [1, 0, 3, 2.5] });
    expect((await inspectModel(path)).tensors).toMatchObject([
      { name: 'same', type: 'float32', units: 4 },
      { name: 'typed', type: 'bfloat16', units: 4 },
    ]);
  });

  it.each([7, 9, 11, 13, 15, 18, 19, 21, 23])('works at opset %i', async (version) => {
    const graph = passThrough(4);
    graph.node.push(node('Cast', ['same'], ['typed'], [whole('to', elementTypes.float16)]));
    const path = write(graph, { opsetImport: [{ domain: '', version: BigInt(version) }] });
    const [typed] = await read(path, [plain('typed')], [1, 0, 3, 2.5], [1, 4]);
    expect(typed.values).toEqual([1, 0, 3, 2.5]);
    expect((await inspectModel(path)).opset).toBe(version);
  });
});

describe('quantised activations', () => {
  const quantised = (): Graph => ({
    ...passThrough(4),
    initializer: [
      floats('scale', [], [0.5]),
      bytes('zero', [], [10], 'uint8'),
      integers('shape', [0, 2, 2]),
      floats('scales', [4], [1, 2, 4, 8]),
      bytes('zeros', [4], [0, 0, 0, 0], 'int8'),
    ],
  });

  it('are dequantised by the scale and zero point of the operator that made them', async () => {
    const graph = quantised();
    graph.node = [
      node('QuantizeLinear', ['features', 'scale', 'zero'], ['q']),
      node('Reshape', ['q', 'shape'], ['moved']),
      node('QuantizeLinear', ['features', 'scales', 'zeros'], ['by channel'], [whole('axis', 1)]),
      node('DequantizeLinear', ['q', 'scale', 'zero'], ['same']),
    ];
    const path = write(graph);
    const answers = await read(
      path,
      [plain('q'), plain('moved', 'NCT'), plain('by channel')],
      [1, -2, 3, 2.5],
      [1, 4],
    );
    expect(answers.map(({ reading, type }) => [reading, type])).toEqual([
      ['dequantised', 'uint8'],
      ['dequantised', 'uint8'],
      ['dequantised', 'int8'],
    ]);
    expect(answers[0].values).toEqual([1, -2, 3, 2.5]);
    expect(answers[1]).toMatchObject({ values: [1, -2, 3, 2.5], dims: [1, 2, 2] });
    // 2.5 / 8 rounds to 0.
    expect(answers[2].values).toEqual([1, -2, 4, 0]);
    expect((await inspectModel(path)).tensors.map(({ name, reading }) => [name, reading])).toEqual([
      ['q', 'dequantised'],
      ['moved', 'dequantised'],
      ['by channel', 'dequantised'],
      ['same', undefined],
    ]);
  });

  it('are read through quantised and integer operators, as integers where no scale is known', async () => {
    const graph = quantised();
    graph.initializer?.push(
      bytes('weights', [4, 2], [1, 0, 0, 1, 1, 1, 0, 0], 'uint8'),
      bytes('none', [], [0], 'uint8'),
      floats('one', [], [1]),
    );
    graph.node = [
      node('DynamicQuantizeLinear', ['features'], ['q', 'q scale', 'q zero']),
      node(
        'QLinearMatMul',
        ['q', 'q scale', 'q zero', 'weights', 'one', 'none', 'scale', 'zero'],
        ['product'],
      ),
      node('MatMulInteger', ['q', 'weights', 'q zero', 'none'], ['sums']),
      node('Cast', ['sums'], ['same'], [whole('to', 1)]),
    ];
    const path = write(graph);
    const [q, product, sums] = await read(
      path,
      [plain('q'), plain('product'), plain('sums')],
      [0, 1, 2, 255],
      [1, 4],
    );
    expect(q.reading).toBe('dequantised');
    expect(q.values).toEqual([0, 1, 2, 255]);
    expect(product.reading).toBe('dequantised');
    expect(product.values).toEqual([2, 3]);
    expect(sums).toMatchObject({ reading: 'integers', type: 'int32', values: [2, 3] });
  });
});

describe('axes', () => {
  /** [N, 24] reshaped. */
  const shaped = (shape: number[], more: Graph['node'] = []): Graph => ({
    ...passThrough(24),
    initializer: [integers('shape', [0, ...shape])],
    node: [node('Identity', ['features'], ['same']), node('Reshape', ['same', 'shape'], ['t']), ...more],
  });
  const features = Array.from({ length: 24 }, (_, at) => at);

  it('bring units before positions', async () => {
    const answers = await read(
      write(shaped([3, 8])),
      [plain('t'), plain('t', 'NCT'), plain('t', 'NTC')],
      features,
      [1, 24],
    );
    const byChannel = Array.from({ length: 24 }, (_, at) => (at % 3) * 8 + Math.floor(at / 3));
    // Tokens x features, where nothing is known.
    expect(answers[0]).toMatchObject({ dims: [1, 8, 3], values: byChannel });
    expect(answers[1]).toMatchObject({ dims: [1, 3, 8], values: features });
    expect(answers[2]).toMatchObject({ dims: [1, 8, 3], values: byChannel });
  });

  it('read channels last, heads, and heads x features', async () => {
    const path = write(shaped([2, 3, 4]));
    const [last, heads, features4, five] = await read(
      path,
      [plain('t', 'NHWC'), plain('t', 'NCTT'), plain('t', 'NCTC'), plain('t')],
      features,
      [1, 24],
    );
    expect(last).toMatchObject({ dims: [1, 4, 2, 3], unitAxes: 1 });
    expect(last.values.slice(0, 6)).toEqual([0, 4, 8, 12, 16, 20]);
    expect(heads).toMatchObject({ dims: [1, 2, 3, 4], unitAxes: 1, values: features });
    expect(features4).toMatchObject({ dims: [1, 2, 4, 3], unitAxes: 2 });
    expect(features4.values.slice(0, 3)).toEqual([0, 4, 8]);
    expect(five.values).toEqual(features);
  });

  it('are told by the convolution or dense layer that made the tensor', async () => {
    const graph: Graph = {
      input: [value('x', ['N', 2, 4, 4])],
      initializer: [
        floats('kernel', [3, 2, 1, 1], [1, 0, 0, 1, 1, 1]),
        integers('flat', [0, 3, 16]),
        floats('dense', [3, 5], Array(15).fill(0.1)),
      ],
      node: [
        node('Conv', ['x', 'kernel'], ['conv']),
        node('Transpose', ['conv'], ['last'], [wholes('perm', [0, 2, 3, 1])]),
        node('Relu', ['last'], ['last relu']),
        node('Reshape', ['conv', 'flat'], ['patches']),
        node('Transpose', ['patches'], ['tokens'], [wholes('perm', [0, 2, 1])]),
        node('MatMul', ['tokens', 'dense'], ['hidden']),
        node('Softmax', ['hidden'], ['same']),
      ],
      output: [value('same', ['N', 16, 5])],
    };
    const { tensors } = await inspectModel(write(graph));
    expect(tensors.map(({ name, axes, units }) => [name, axes, units])).toEqual([
      ['conv', 'NCHW', 3],
      ['last', 'NHWC', 3],
      ['last relu', 'NHWC', 3],
      ['patches', 'NCT', 3],
      ['tokens', 'NTC', 3],
      ['hidden', 'NTC', 5],
      ['same', 'NTC', 5],
    ]);
  });
});
