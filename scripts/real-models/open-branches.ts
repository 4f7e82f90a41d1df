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

/**
 * A model in which the branches of If that are decided take the place of the If, so that what they compute can be
 * captured. What cannot be decided stays.
 *
 * @param known whole numbers by the name of a value: an input is built in and asked for no more; of a value inside they
 *   are what it has wherever the model is used as its caller does (a comparison of sizes, 0 or 1)
 */
export function openBranches(bytes: Uint8Array, known: Record<string, number>): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes);
  const { graph } = model;
  if (!graph) throw new Error('The model has no graph.');
  const builtIn = graph.input.filter(({ name }) => Object.hasOwn(known, name)).map(({ name }) => name);
  graph.input = graph.input.filter(({ name }) => !builtIn.includes(name));
  const nodes = opened(graph, new Map(Object.entries(known)));
  graph.node = [...builtIn.map((name) => constant(name, known[name])), ...nodes];
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

function constant(name: string, value: number): NodeProto {
  const rawData = new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
  const t = create(TensorProtoSchema, { dataType: 7, rawData });
  return plainNode('Constant', [], name, [{ name: 'value', type: AttributeProto_AttributeType.TENSOR, t }]);
}
