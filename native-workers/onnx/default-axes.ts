import type { ModelProto, NodeProto, TensorProto } from 'onnx-buf';
import { usualAxes } from '#core/domain/tensor-axes.ts';
import { integersOf } from './node-attributes.ts';
import { dimsOf, tensorValues } from './tensor-values.ts';

/** Which axis has the units, of how many; `size` 0: not known. */
interface Channels {
  axis: number | 'last';
  size: number;
}

/** Operators that leave the axes of their first input what they are. */
const sameAxes = new Set(
  (
    'Relu LeakyRelu PRelu ThresholdedRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Swish Mish Gelu FastGelu QuickGelu ' +
    'BiasGelu Tanh Softplus Softsign Clip BatchNormalization InstanceNormalization GroupNormalization LpNormalization LRN ' +
    'Dropout Identity Cast Neg Abs Exp Log Sqrt Reciprocal Erf Pow QuantizeLinear DequantizeLinear Add Sub Mul Div Max Min ' +
    'Sum Mean Where Pad MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool Resize Upsample Softmax LogSoftmax'
  ).split(' '),
);
const convolutions = new Set('Conv ConvTranspose ConvInteger QLinearConv FusedConv NhwcConv'.split(' '));
const recurrent = new Set(['LSTM', 'GRU', 'RNN']);

/**
 * How the axes of a tensor are read where nobody says: units are the channels of the convolution, or the features of the
 * dense layer, that made it, followed through what lies between; else as tensors of its rank usually are. Heads x
 * features of attention are units together; attention maps have heads as units. Null for ranks nothing is known of.
 */
export function axesReader(model: ModelProto): (tensor: string, shape: readonly unknown[]) => string | null {
  let graph: Graph | null = null;
  const samples = sampleSymbol(model);
  return (tensor, shape) => {
    const rank = shape.length;
    if (rank < 3) return usualAxes(rank);
    graph ??= new Graph(model);
    // Samples may come second, as in layers that take sequences first.
    const isSecond = samples !== null && shape[1] === samples && shape[0] !== samples;
    return rank === 3 && isSecond ? 'TNC' : defaultAxes(graph, tensor, rank);
  };
}

/** The name that the model gives the number of samples. */
function sampleSymbol({ graph }: ModelProto): string | null {
  const type = graph?.input[0]?.type?.value;
  const first = type?.case === 'tensorType' ? type.value.shape?.dim[0]?.value : undefined;
  return first?.case === 'dimParam' && first.value !== '' ? first.value : null;
}

function defaultAxes(graph: Graph, tensor: string, rank: number): string | null {
  const maker = graph.maker(tensor);
  if (maker && recurrent.has(maker.opType)) {
    if (rank === 4) return 'TCNC';
    if (rank === 3) return 'CNC';
  }
  const channels = graph.channelsOf(tensor);
  const axis = channels?.axis === 'last' ? rank - 1 : channels?.axis;
  if (axis === 1) return ['NCT', 'NCHW', 'NCDHW'][rank - 3] ?? null;
  if (axis === rank - 1) return ['NTC', 'NHWC', 'NDHWC'][rank - 3] ?? null;
  // Of five axes only convolutions tell; most others are heads about to be split.
  if (rank === 5) return null;
  return (rank === 4 ? graph.headsOf(tensor) : null) ?? usualAxes(rank);
}

class Graph {
  readonly #makers = new Map<string, NodeProto>();
  readonly #constants: Map<string, TensorProto>;

  constructor({ graph }: ModelProto) {
    this.#constants = new Map(graph?.initializer.map((tensor) => [tensor.name, tensor]));
    for (const node of graph?.node ?? []) {
      for (const name of node.output) this.#makers.set(name, node);
      const constant = node.opType === 'Constant' && node.attribute.find(({ name }) => name === 'value')?.t;
      if (constant) this.#constants.set(node.output[0], constant);
    }
  }

  maker(tensor: string): NodeProto | undefined {
    return this.#makers.get(tensor);
  }

  /** Walks back along first inputs (of a sum: the first that is no constant) to what made the channels. */
  channelsOf(tensor: string): Channels | null {
    const moves: NodeProto[] = [];
    let name = tensor;
    for (let steps = 0; steps <= this.#makers.size; steps++) {
      const node = this.maker(name);
      const made = node && this.#madeBy(node);
      if (!node || made === null) return null;
      if (made)
        return moves.reduceRight<Channels | null>((channels, move) => this.#after(channels, move), made);
      if (!sameAxes.has(node.opType)) moves.push(node);
      name = node.input.find((input) => !this.#constants.has(input)) ?? node.input[0];
    }
    return null;
  }

  /** Features by head: what attention maps weigh, and tensors whose heads were moved before their tokens or back. */
  headsOf(tensor: string): string | null {
    const node = this.maker(tensor);
    if (node?.opType === 'Transpose' && integersOf(node, 'perm')?.join() === '0,2,1,3')
      return this.#isWeighed(node.input[0]) ? 'NTCC' : 'NCTC';
    return this.#isWeighed(tensor) ? 'NCTC' : null;
  }

  /** The product of attention maps and values. */
  #isWeighed(tensor: string): boolean {
    const node = this.maker(tensor);
    if (node?.opType !== 'MatMul') return false;
    let source = this.maker(node.input[0]);
    for (let steps = 0; source && steps < 4; steps++) {
      if (source.opType === 'Softmax') return true;
      if (!sameAxes.has(source.opType)) return false;
      source = this.maker(source.input[0]);
    }
    return false;
  }

  /** Channels of a tensor that this node makes afresh; undefined where it passes on, null where nothing is known. */
  #madeBy(node: NodeProto): Channels | null | undefined {
    const { opType, input } = node;
    const size = (name: string, axis: number) => {
      const weights = this.#constants.get(name);
      return weights ? (dimsOf(weights).at(axis) ?? 0) : 0;
    };
    if (convolutions.has(opType)) {
      const weights = opType === 'QLinearConv' ? input[3] : input[1];
      return { axis: 1, size: size(weights, opType === 'ConvTranspose' ? 1 : 0) };
    }
    if (opType === 'MatMul' || opType === 'QLinearMatMul' || opType === 'MatMulInteger') {
      const weights = this.#throughQuantisation(opType === 'QLinearMatMul' ? input[3] : input[1]);
      return this.#constants.has(weights) ? { axis: 'last', size: size(weights, -1) } : null;
    }
    if (opType.endsWith('LayerNormalization')) return { axis: 'last', size: size(input[1], -1) };
    if (sameAxes.has(opType) || opType === 'Transpose' || opType === 'Reshape') return undefined;
    return opType === 'Slice' || opType === 'Split' || opType === 'Concat' ? undefined : null;
  }

  /** The weights themselves, where they are quantised constants. */
  #throughQuantisation(name: string): string {
    const node = this.maker(name);
    const isMoved = node && ['DequantizeLinear', 'Transpose', 'Cast', 'QuantizeLinear'].includes(node.opType);
    return isMoved ? this.#throughQuantisation(node.input[0]) : name;
  }

  #after(channels: Channels | null, node: NodeProto): Channels | null {
    if (!channels) return null;
    if (node.opType === 'Concat' || node.opType === 'Slice' || node.opType === 'Split')
      return { ...channels, size: 0 };
    if (node.opType === 'Transpose') return this.#transposed(channels, node);
    if (node.opType === 'Reshape') return this.#reshaped(channels, node);
    return null;
  }

  #transposed(channels: Channels, node: NodeProto): Channels | null {
    const order = integersOf(node, 'perm');
    if (!order) return null;
    const axis = order.indexOf(channels.axis === 'last' ? order.length - 1 : channels.axis);
    return { ...channels, axis: axis === order.length - 1 ? 'last' : axis };
  }

  /** Channels stay where the new shape still has as many of them in the same place. */
  #reshaped(channels: Channels, node: NodeProto): Channels | null {
    const shape = this.#shapeOf(node.input[1]);
    const at = channels.axis === 'last' ? shape.length - 1 : channels.axis;
    return channels.size > 0 && shape[at] === channels.size ? channels : null;
  }

  /** Numbers of a shape as far as they are constants; null elsewhere. */
  #shapeOf(name: string): (number | null)[] {
    const constant = this.#constants.get(name);
    if (constant) {
      const count = dimsOf(constant).reduce((product, size) => product * size, 1);
      return Array.from(tensorValues(constant, 0, count) ?? []);
    }
    const node = this.maker(name);
    if (node?.opType === 'Concat') return node.input.flatMap((part) => this.#shapeOf(part));
    return node?.opType === 'Unsqueeze' ? [null] : [];
  }
}
