import { create } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType, ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { windowAt, type ReceptiveField } from '#core/domain/receptive-field.ts';
import { receptiveFieldOf } from '#workers/onnx/receptive-field.ts';
import { integers, node, value, whole } from '../../../fixtures/onnx-models.ts';

type Node = ReturnType<typeof node>;

const list = (name: string, values: number[]) => ({
  name,
  type: AttributeProto_AttributeType.INTS,
  ints: values.map(BigInt),
});
const text = (name: string, value: string) => ({
  name,
  type: AttributeProto_AttributeType.STRING,
  s: new TextEncoder().encode(value),
});

interface Window {
  k: number;
  s?: number;
  p?: number;
  d?: number;
}
const windowOf = ({ k, s = 1, p = 0, d = 1 }: Window) => [
  list('kernel_shape', [k, k]),
  list('strides', [s, s]),
  list('pads', [p, p, p, p]),
  list('dilations', [d, d]),
];

/** Layers one after the other: `x0` is the input, `x1` the output of the first. */
function chain(...layers: [op: string, window?: Window][]): Node[] {
  return layers.map(([op, window], at) =>
    node(op, [`x${at}`], [`x${at + 1}`], window ? windowOf(window) : []),
  );
}

function field(nodes: Node[], tensor: string, sizes: (number | null)[] = [227, 227]): ReceptiveField {
  const model = create(ModelProtoSchema, {
    graph: {
      input: [value('x0', ['N', 3, 'H', 'W'])],
      node: nodes,
      initializer: [integers('pads', [0, 0, 2, 1, 0, 0, 2, 1])],
    },
  });
  return receptiveFieldOf(model, tensor, sizes);
}

/** A square field. */
const square = (size: number, jump: number, start: number): ReceptiveField => ({
  kind: 'window',
  axes: [
    { size, jump, start },
    { size, jump, start },
  ],
});

describe('closed forms', () => {
  it('LeNet-5: 5, 6, 14, 16', () => {
    const net = chain(
      ['Conv', { k: 5 }],
      ['AveragePool', { k: 2, s: 2 }],
      ['Conv', { k: 5 }],
      ['AveragePool', { k: 2, s: 2 }],
    );
    expect([1, 2, 3, 4].map((at) => field(net, `x${at}`, [32, 32]))).toEqual([
      square(5, 1, 0),
      square(6, 2, 0),
      square(14, 2, 0),
      square(16, 4, 0),
    ]);
  });

  it('AlexNet: conv5 sees 163 pixels at stride 16, pool5 195 at 32', () => {
    const net = chain(
      ['Conv', { k: 11, s: 4 }],
      ['Relu'],
      ['LRN'],
      ['MaxPool', { k: 3, s: 2 }],
      ['Conv', { k: 5, p: 2 }],
      ['Relu'],
      ['MaxPool', { k: 3, s: 2 }],
      ['Conv', { k: 3, p: 1 }],
      ['Conv', { k: 3, p: 1 }],
      ['Conv', { k: 3, p: 1 }],
      ['MaxPool', { k: 3, s: 2 }],
      ['Flatten'],
      ['Gemm'],
    );
    expect(field(net, 'x2')).toEqual(square(11, 4, 0));
    expect(field(net, 'x6')).toEqual(square(51, 8, -16));
    expect(field(net, 'x10')).toEqual(square(163, 16, -64));
    expect(field(net, 'x11')).toEqual(square(195, 32, -64));
    expect(field(net, 'x13')).toEqual({ kind: 'whole', because: 'the layer Flatten' });
  });

  it('VGG-16: 212 pixels at stride 32 after the last pool', () => {
    const block = (convolutions: number) =>
      [
        ...Array<['Conv', Window]>(convolutions).fill(['Conv', { k: 3, p: 1 }]),
        ['MaxPool', { k: 2, s: 2 }],
      ] as [string, Window][];
    const net = chain(...[2, 2, 3, 3, 3].flatMap(block));
    expect(field(net, `x${net.length}`, [224, 224])).toEqual(square(212, 32, -90));
  });

  it('the stem of ResNet: 11 pixels at stride 4 after the pool, and joins take the union', () => {
    const net = chain(
      ['Conv', { k: 7, s: 2, p: 3 }],
      ['MaxPool', { k: 3, s: 2, p: 1 }],
      ['Conv', { k: 3, p: 1 }],
      ['Conv', { k: 3, p: 1 }],
    );
    net.push(node('Add', ['x2', 'x4'], ['sum']));
    expect(field(net, 'x2')).toEqual(square(11, 4, -5));
    expect(field(net, 'sum')).toEqual(square(27, 4, -13));
  });

  it('dilation widens: three 3 x 3 layers with dilation 1, 2, 4 see 15', () => {
    const net = chain(
      ['Conv', { k: 3, p: 1 }],
      ['Conv', { k: 3, p: 2, d: 2 }],
      ['Conv', { k: 3, p: 4, d: 4 }],
    );
    expect(field(net, 'x3')).toEqual(square(15, 1, -7));
  });
});

describe('padding', () => {
  const same = (auto: string, k: number, s: number) => [
    node(
      'Conv',
      ['x0'],
      ['y'],
      [list('kernel_shape', [k, k]), list('strides', [s, s]), text('auto_pad', auto)],
    ),
  ];

  it('SAME depends on the size: 5 pixels at stride 2 need 3 or 4 of padding', () => {
    expect(field(same('SAME_UPPER', 5, 2), 'y', [224, 223])).toEqual({
      kind: 'window',
      axes: [
        { size: 5, jump: 2, start: -1 },
        { size: 5, jump: 2, start: -2 },
      ],
    });
    expect(field(same('SAME_LOWER', 5, 2), 'y', [224, 224])).toEqual(square(5, 2, -2));
    expect(field(same('VALID', 5, 2), 'y', [null, null])).toEqual(square(5, 2, 0));
    expect(field(same('SAME_UPPER', 5, 2), 'y', [null, null])).toEqual({
      kind: 'whole',
      because: 'the layer Conv, padded by SAME_UPPER for an input of unknown size',
    });
    expect(field(same('SAME_UPPER', 4, 1), 'y', [null, null])).toEqual(square(4, 1, -1));
  });

  it('as a layer of its own moves the field; reflection sees the whole', () => {
    expect(field([node('Pad', ['x0', 'pads'], ['y'])], 'y')).toEqual({
      kind: 'window',
      axes: [
        { size: 1, jump: 1, start: -2 },
        { size: 1, jump: 1, start: -1 },
      ],
    });
    expect(field([node('Pad', ['x0', 'pads'], ['y'], [text('mode', 'reflect')])], 'y')).toEqual({
      kind: 'whole',
      because: 'the layer Pad (reflect)',
    });
  });
});

describe('what sees the whole input', () => {
  it.each(['GlobalAveragePool', 'ConvTranspose', 'Resize', 'MatMul', 'Reshape', 'InstanceNormalization'])(
    '%s, by its name, and all that follows',
    (op) => {
      const net = [...chain([op], ['Relu']), node('Mul', ['x0', 'x2'], ['y'])];
      expect(field(net, 'y')).toEqual({ kind: 'whole', because: `the layer ${op}` });
    },
  );

  it('joins of different strides, concatenation of positions, and an input without positions', () => {
    const strided = [...chain(['Conv', { k: 1, s: 2 }]), node('Add', ['x0', 'x1'], ['y'])];
    expect(field(strided, 'y')).toMatchObject({ kind: 'whole', because: expect.stringContaining('strides') });
    const joined = (axis: number) => [
      ...chain(['Conv', { k: 3, p: 1 }]),
      node('Concat', ['x0', 'x1'], ['y'], [whole('axis', axis)]),
    ];
    expect(field(joined(2), 'y')).toEqual({ kind: 'whole', because: 'the layer Concat' });
    expect(field(joined(1), 'y')).toEqual(square(3, 1, -1));
    expect(field(chain(['Relu']), 'x1', [])).toMatchObject({ kind: 'whole' });
    expect(field([node('Identity', ['pads'], ['y'])], 'y')).toMatchObject({ kind: 'whole' });
  });
});

it('the window of a position is cut at the border of the input', () => {
  const at = (row: number, col: number) => windowAt(square(11, 4, -5), { row, col }, input);
  const input = { height: 28, width: 30 };
  expect(at(0, 0)).toEqual({ top: 0, bottom: 6, left: 0, right: 6 });
  expect(at(3, 4)).toEqual({ top: 7, bottom: 18, left: 11, right: 22 });
  expect(at(6, 7)).toEqual({ top: 19, bottom: 28, left: 23, right: 30 });
  expect(windowAt({ kind: 'whole', because: '' }, { row: 1, col: 1 }, input)).toEqual({
    top: 0,
    bottom: 28,
    left: 0,
    right: 30,
  });
});
