import { create } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType, NodeProtoSchema, type ModelProto, type NodeProto } from 'onnx-buf';
import type { TensorReading } from '#core/domain/network.ts';
import { readAxes } from '#core/domain/tensor-axes.ts';
import { quantisationOf } from './quantisation.ts';

const floats = new Set(['float32', 'float64', 'float16', 'bfloat16']);
const integers = /^u?int\d+$|^bool$/;

export interface TensorOutput {
  /** Name of the graph output that has the values as float32, samples first, then units, then positions. */
  output: string;
  /** Nodes to append for it; none where the tensor is that already. */
  nodes: NodeProto[];
}

/** How a tensor of a type becomes numbers; null where it does not. */
export function readingOf(model: ModelProto, tensor: string, type: string): TensorReading | null {
  if (floats.has(type) || type.startsWith('float')) return 'values';
  if (!integers.test(type)) return null;
  return type !== 'bool' && quantisationOf(model, tensor) ? 'dequantised' : 'integers';
}

/** What has to be appended to a model so that it gives a tensor as the capture reads it. */
export function tensorOutput(
  model: ModelProto,
  tensor: string,
  reading: TensorReading,
  isFloat32: boolean,
  axes: string | null,
): TensorOutput {
  const nodes: NodeProto[] = [];
  let name = tensor;
  const append = (
    opType: string,
    suffix: string,
    more: Partial<Pick<NodeProto, 'attribute' | 'domain'>>,
    inputs: string[] = [],
  ) => {
    const output = `consilience/${tensor}/${suffix}`;
    nodes.push(
      create(NodeProtoSchema, { opType, name: output, input: [name, ...inputs], output: [output], ...more }),
    );
    name = output;
  };
  const quantisation = reading === 'dequantised' ? quantisationOf(model, tensor) : null;
  if (quantisation) {
    const { scale, zeroPoint, domain, attribute } = quantisation;
    append(
      'DequantizeLinear',
      'dequantised',
      { domain, attribute },
      zeroPoint ? [scale, zeroPoint] : [scale],
    );
  }
  if (!isFloat32) append('Cast', 'float32', { attribute: [integer('to', 1)] });
  const order = axes === null ? [] : readAxes(axes).order;
  if (order.some((axis, at) => axis !== at))
    append('Transpose', axes ?? '', { attribute: [list('perm', order)] });
  return { output: name, nodes };
}

function integer(name: string, value: number): NodeProto['attribute'][number] {
  return attributeOf({ name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
}

function list(name: string, values: number[]): NodeProto['attribute'][number] {
  return attributeOf({ name, type: AttributeProto_AttributeType.INTS, ints: values.map(BigInt) });
}

function attributeOf(of: object): NodeProto['attribute'][number] {
  return create(NodeProtoSchema, { attribute: [of] }).attribute[0];
}
