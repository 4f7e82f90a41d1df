import type { ModelProto, NodeProto, TensorProto } from 'onnx-buf';
import type { UnitFilter } from '#core/ipc/engine.ts';
import { integerOf } from './node-attributes.ts';
import { dimsOf, tensorValues } from './tensor-values.ts';

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

/**
 * The weights of one unit where its tensor is made by the first convolution (or dense layer) of the network: that
 * layer reads the input itself, at most shifted and scaled, and what follows it works channel by channel. Null for a
 * unit of any other tensor, for weights that are not constants, and for filters of more than 65 536 values.
 */
export function unitFilterOf(model: ModelProto, tensor: string, unit: number): UnitFilter | null {
  const graph = graphOf(model);
  const layer = follow(graph, tensor, channelwise);
  if (layer?.opType !== 'Conv' && layer?.opType !== 'Gemm') return null;
  if (follow(graph, layer.input[0], inputwise) !== null || !graph.inputs.has(rootOf(graph, layer.input[0])))
    return null;
  const weights = graph.constants.get(layer.input[1]);
  if (!weights) return null;
  return layer.opType === 'Conv' ? convolutionFilter(weights, unit) : denseFilter(layer, weights, unit);
}

interface GraphParts {
  makers: Map<string, NodeProto>;
  constants: Map<string, TensorProto>;
  inputs: Set<string>;
}

function graphOf({ graph }: ModelProto): GraphParts {
  const constants = new Map(graph?.initializer.map((tensor) => [tensor.name, tensor]));
  return {
    constants,
    makers: new Map(graph?.node.flatMap((node) => node.output.map((name) => [name, node]))),
    inputs: new Set(graph?.input.map(({ name }) => name).filter((name) => !constants.has(name))),
  };
}

/** The layer behind a tensor, past layers of these kinds; null where those lead to an input of the graph. */
function follow(graph: GraphParts, tensor: string, past: ReadonlySet<string>): NodeProto | null {
  let node = graph.makers.get(tensor);
  for (let steps = 0; node && past.has(node.opType) && steps < graph.makers.size; steps++)
    node = graph.makers.get(node.input[0]);
  return node ?? null;
}

function rootOf(graph: GraphParts, tensor: string): string {
  let name = tensor;
  for (let node = graph.makers.get(name); node; node = graph.makers.get(name)) name = node.input[0];
  return name;
}

function convolutionFilter(weights: TensorProto, unit: number): UnitFilter | null {
  const [units, channels, ...kernel] = dimsOf(weights);
  const [height, width] = kernel.length === 2 ? kernel : [1, kernel[0]];
  return filterOf(weights, units, unit, { channels, height, width });
}

function denseFilter(layer: NodeProto, weights: TensorProto, unit: number): UnitFilter | null {
  // Only [units, features] has a unit's weights side by side.
  if (integerOf(layer, 'transB', 0) !== 1 || integerOf(layer, 'transA', 0) !== 0) return null;
  const [units, features] = dimsOf(weights);
  return filterOf(weights, units, unit, { channels: 1, height: 1, width: features });
}

function filterOf(
  weights: TensorProto,
  units: number,
  unit: number,
  shape: { channels: number; height: number; width: number },
): UnitFilter | null {
  const count = shape.channels * shape.height * shape.width;
  if (unit >= units || !(count > 0 && count <= mostValues)) return null;
  const values = tensorValues(weights, unit * count, count);
  return values && { ...shape, values: Float32Array.from(values) };
}
