import type { ModelProto, NodeProto, TensorProto } from 'onnx-buf';
import type { UnitFilter } from '#core/ipc/engine.ts';
import { integerOf, integersOf } from './node-attributes.ts';
import type { ModelFile } from './read-model.ts';
import { dimsOf } from './tensor-values.ts';
import { weightValues } from './weight-values.ts';

/** Values of one filter that are given; larger filters are no pictures. */
const mostValues = 1 << 16;

/** Layers between a convolution and the tensor that keep every channel a channel of its own. */
const channelwise = new Set(
  (
    'Relu LeakyRelu PRelu ThresholdedRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Swish Mish Gelu Tanh Softplus ' +
    'Softsign Clip BatchNormalization Dropout Identity Cast Neg Abs MaxPool AveragePool LpPool'
  ).split(' '),
);
/** Layers before it that leave the input what it is, value by value. */
const inputwise = new Set('Identity Cast Sub Div Mul Add BatchNormalization Clip Pad'.split(' '));

/** With one channel, [N, H, W, 1] is turned to [N, 1, H, W] by its shape alone. */
const inputwiseOfOne = new Set([...inputwise, 'Reshape', 'Unsqueeze']);

/** Axes moved so that channels come last become first, or the other way round; positions keep their order. */
const turns = new Set(['0,3,1,2', '0,2,3,1', '0,2,1', '0,4,1,2,3', '0,2,3,4,1']);

/**
 * The weights of one unit where its tensor is made by the first convolution (or dense layer) of the network: that
 * layer reads the input itself, at most shifted, scaled and turned between channels first and channels last, and what
 * follows it works channel by channel. Weights may lie in a file beside the model. Null for a unit of any other tensor,
 * for weights that are not constants, and for filters of more than 65 536 values.
 */
export function unitFilterOf(
  file: Pick<ModelFile, 'model' | 'path'>,
  tensor: string,
  unit: number,
): UnitFilter | null {
  const graph = graphOf(file.model);
  const layer = layerBehind(graph, tensor);
  if (!layer) return null;
  const weights = graph.constants.get(layer.input[1]);
  if (!weights) return null;
  const isOfOneChannel = layer.opType === 'Conv' && dimsOf(weights)[1] === 1;
  const before = isOfOneChannel ? inputwiseOfOne : inputwise;
  if (follow(graph, layer.input[0], before) !== null || !graph.inputs.has(rootOf(graph, layer.input[0])))
    return null;
  return layer.opType === 'Conv'
    ? convolutionFilter(file, weights, unit)
    : denseFilter(file, layer, weights, unit);
}

/** A convolution or dense layer, past its bias and what works channel by channel. */
function layerBehind(graph: GraphParts, tensor: string): NodeProto | null {
  let layer = follow(graph, tensor, channelwise);
  // x W + b of exporters that write no Gemm, and a bias beside a convolution.
  if (layer?.opType === 'Add') {
    const [bias, others] = [0, 1].map((at) => layer?.input[at] ?? '');
    const rest = graph.constants.has(bias) ? others : graph.constants.has(others) ? bias : null;
    layer = rest === null ? null : follow(graph, rest, channelwise);
  }
  return layer && ['Conv', 'Gemm', 'MatMul'].includes(layer.opType) ? layer : null;
}

interface GraphParts {
  makers: Map<string, NodeProto>;
  constants: Map<string, TensorProto>;
  inputs: Set<string>;
}

function graphOf({ graph }: ModelProto): GraphParts {
  const constants = new Map(graph?.initializer.map((tensor) => [tensor.name, tensor]));
  for (const node of graph?.node ?? []) {
    const value = node.opType === 'Constant' && node.attribute.find(({ name }) => name === 'value')?.t;
    if (value) constants.set(node.output[0], value);
  }
  return {
    constants,
    makers: new Map(graph?.node.flatMap((node) => node.output.map((name) => [name, node]))),
    inputs: new Set(graph?.input.map(({ name }) => name).filter((name) => !constants.has(name))),
  };
}

/** The layer behind a tensor, past layers of these kinds; null where those lead to an input of the graph. */
function follow(graph: GraphParts, tensor: string, past: ReadonlySet<string>): NodeProto | null {
  let node = graph.makers.get(tensor);
  for (let steps = 0; node && isPassed(node, past) && steps < graph.makers.size; steps++)
    node = graph.makers.get(node.input[0]);
  return node ?? null;
}

function isPassed(node: NodeProto, past: ReadonlySet<string>): boolean {
  if (past.has(node.opType)) return true;
  return node.opType === 'Transpose' && turns.has((integersOf(node, 'perm') ?? []).join());
}

function rootOf(graph: GraphParts, tensor: string): string {
  let name = tensor;
  for (let node = graph.makers.get(name); node; node = graph.makers.get(name)) name = node.input[0];
  return name;
}

type Weights = Pick<ModelFile, 'path'>;

function convolutionFilter(file: Weights, weights: TensorProto, unit: number): UnitFilter | null {
  const [units, channels, ...kernel] = dimsOf(weights);
  const [height, width] = kernel.length === 2 ? kernel : [1, kernel[0]];
  if (kernel.length > 2) return null;
  const count = channels * height * width;
  return filterOf(file, weights, { channels, height, width }, unit < units, { first: unit * count, count });
}

/** [units, features] has a unit's weights side by side, [features, units] below each other. */
function denseFilter(file: Weights, layer: NodeProto, weights: TensorProto, unit: number): UnitFilter | null {
  if (integerOf(layer, 'transA', 0) !== 0) return null;
  const dims = dimsOf(weights);
  if (dims.length !== 2) return null;
  const isTurned = layer.opType === 'Gemm' && integerOf(layer, 'transB', 0) === 1;
  const [units, count] = isTurned ? dims : [dims[1], dims[0]];
  const where = isTurned ? { first: unit * count, count } : { first: unit, count, step: units };
  return filterOf(file, weights, { channels: 1, height: 1, width: count }, unit < units, where);
}

function filterOf(
  file: Weights,
  weights: TensorProto,
  shape: { channels: number; height: number; width: number },
  isThere: boolean,
  where: { first: number; count: number; step?: number },
): UnitFilter | null {
  if (!isThere || !(where.count > 0 && where.count <= mostValues)) return null;
  const values = weightValues(file, weights, where);
  return values && { ...shape, values: Float32Array.from(values) };
}
