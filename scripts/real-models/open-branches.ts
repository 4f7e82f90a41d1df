import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from 'onnx-buf';
import { dimsOf, tensorValues } from '../../native-workers/onnx/tensor-values.ts';

/** Inputs that are fixed: a whole number, or zeros of a shape in which the number of inputs stands as null. */
export type FixedInputs = Record<string, number | (number | null)[]>;

/**
 * A model with one input left: the others are built in, and the branches of If that these decide take the place of the
 * If, so that what they compute can be captured. What cannot be decided stays.
 */
export function openBranches(bytes: Uint8Array, input: string, fixed: FixedInputs): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  const { graph } = model;
  if (!graph) throw new Error('The model has no graph.');
  const numbers = new Map<string, number>();
  const before: NodeProto[] = [];
  for (const [name, value] of Object.entries(fixed)) {
    if (typeof value === 'number') numbers.set(name, value);
    before.push(...(typeof value === 'number' ? [constant(name, [value], [])] : zeros(name, input, value)));
  }
  graph.input = graph.input.filter(({ name }) => name === input);
  graph.node = [...before, ...opened(graph, numbers)];
  return toBinary(ModelProtoSchema, model);
}

function opened(graph: GraphProto, numbers: Map<string, number>): NodeProto[] {
  for (const tensor of graph.initializer) remember(tensor.name, tensor, numbers);
  return graph.node.flatMap((node) => {
    const value = node.opType === 'Constant' && node.attribute.find(({ name }) => name === 'value')?.t;
    if (value) remember(node.output[0], value, numbers);
    if (node.opType === 'Equal') {
      const [one, other] = node.input.map((name) => numbers.get(name));
      if (one !== undefined && other !== undefined) numbers.set(node.output[0], Number(one === other));
    }
    if (node.opType === 'Cast' || node.opType === 'Identity') {
      const known = numbers.get(node.input[0]);
      if (known !== undefined) numbers.set(node.output[0], known);
    }
    const isTrue = node.opType === 'If' ? numbers.get(node.input[0]) : undefined;
    if (isTrue === undefined) return [node];
    const branch = node.attribute.find(({ name }) => name === (isTrue ? 'then_branch' : 'else_branch'))?.g;
    if (!branch) return [node];
    graph.initializer.push(...branch.initializer);
    const renamed = node.output.map((output, at) => plainNode('Identity', [branch.output[at].name], output));
    return [...opened(branch, numbers), ...renamed];
  });
}

function remember(name: string, tensor: TensorProto, numbers: Map<string, number>): void {
  if (dimsOf(tensor).reduce((product, size) => product * size, 1) !== 1) return;
  const value = tensorValues(tensor, 0, 1)?.[0];
  if (value !== undefined) numbers.set(name, value);
}

function plainNode(opType: string, input: string[], output: string, attribute: object[] = []): NodeProto {
  return create(NodeProtoSchema, { opType, name: `opened ${output}`, input, output: [output], attribute });
}

function constant(name: string, values: number[], dims: number[]): NodeProto {
  const rawData = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
  const t = create(TensorProtoSchema, { dims: dims.map(BigInt), dataType: 7, rawData });
  return plainNode('Constant', [], name, [{ name: 'value', type: AttributeProto_AttributeType.TENSOR, t }]);
}

/** As many as there are inputs, where the shape says null. */
function zeros(name: string, input: string, shape: readonly (number | null)[]): NodeProto[] {
  const parts = shape.map((size, at) => ({ size, name: `${name} size ${at}` }));
  const own = plainNode('Shape', [input], `${name} shape`);
  return [
    own,
    constant(`${name} first`, [0], [1]),
    plainNode('Gather', [own.output[0], `${name} first`], `${name} count`, [
      { name: 'axis', type: AttributeProto_AttributeType.INT, i: 0n },
    ]),
    ...parts.flatMap((part) => (part.size === null ? [] : [constant(part.name, [part.size], [1])])),
    plainNode(
      'Concat',
      parts.map((part) => (part.size === null ? `${name} count` : part.name)),
      `${name} sizes`,
      [{ name: 'axis', type: AttributeProto_AttributeType.INT, i: 0n }],
    ),
    plainNode('ConstantOfShape', [`${name} sizes`], name),
  ];
}
