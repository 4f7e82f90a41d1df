import type { ModelProto, NodeProto, TensorProto } from 'onnx-buf';
import type { AxisField, ReceptiveField } from '#core/domain/receptive-field.ts';
import { integerOf, integersOf, textOf } from './node-attributes.ts';
import { dimsOf, tensorValues } from './tensor-values.ts';

/** A field with the length of the axis in this tensor, where known. */
interface Axis extends AxisField {
  length: number | null;
}

/** Where the channels of a tensor are: axis 1, or the last. */
type Order = 'first' | 'last';

/** What is known of one tensor; null: it does not depend on the input. */
type Dependence = { axes: Axis[]; order: Order } | { whole: string } | null;

/** Position by position: the output sees what the input sees. */
const pointwise = new Set(
  (
    'Relu LeakyRelu PRelu ThresholdedRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Swish Mish Gelu Tanh Softplus ' +
    'Softsign Clip BatchNormalization Dropout Identity Cast Neg Abs Exp Log Sqrt Reciprocal Erf Floor Ceil Round Sign ' +
    'Pow LRN QuantizeLinear DequantizeLinear Add Sub Mul Div Max Min Sum Mean Where Greater Less Equal Not'
  ).split(' '),
);
const pools = new Set(['MaxPool', 'AveragePool', 'LpPool']);

/**
 * The receptive field of a tensor, by walking the graph from its input (Araujo, Norris, Sim 2019,
 * doi:10.23915/distill.00021, equations 1 to 5): a layer with kernel k, dilation d, stride s and padding p turns
 * (size, jump, start) into
 *
 *   size + d (k - 1) jump,   jump s,   start - p jump
 *
 * The input has (1, 1, 0). Pooling counts as convolution, other layers that work position by position pass the field
 * on, a turn between channels first and channels last changes nothing, and where branches meet the field is their union, which needs equal jumps. Everything else (dense layers,
 * global pooling, attention, resizing, transposed convolution, normalisation over positions) sees the whole input and
 * is named. Padding counts: near a border part of the field lies outside the input.
 *
 * @param input sizes of the input's spatial axes, for `auto_pad`; null where unknown
 */
export function receptiveFieldOf(
  model: ModelProto,
  tensor: string,
  input: readonly (number | null)[],
  order: Order = 'first',
): ReceptiveField {
  const dependence = new Walk(model, input, order).of(tensor);
  if (dependence === null) return { kind: 'whole', because: 'the tensor does not depend on the input' };
  if ('whole' in dependence) return { kind: 'whole', because: dependence.whole };
  return { kind: 'window', axes: dependence.axes.map(({ size, jump, start }) => ({ size, jump, start })) };
}

class Walk {
  readonly #known = new Map<string, Dependence>();
  readonly #makers = new Map<string, NodeProto>();
  readonly #constants: Map<string, TensorProto>;

  constructor(model: ModelProto, input: readonly (number | null)[], order: Order) {
    const graph = model.graph;
    this.#constants = new Map(graph?.initializer.map((tensor) => [tensor.name, tensor]));
    for (const node of graph?.node ?? []) {
      for (const name of node.output) this.#makers.set(name, node);
      const value = node.opType === 'Constant' && node.attribute.find(({ name }) => name === 'value')?.t;
      if (value) this.#constants.set(node.output[0], value);
    }
    for (const { name } of graph?.input ?? []) {
      if (this.#constants.has(name)) continue;
      const axes = input.map((length) => ({ size: 1, jump: 1, start: 0, length }));
      this.#known.set(name, axes.length > 0 ? { axes, order } : { whole: 'an input without positions' });
    }
  }

  /** Iterative: graphs are thousands of nodes deep. */
  of(tensor: string): Dependence {
    const stack = [tensor];
    while (stack.length > 0) {
      const name = stack[stack.length - 1];
      const node = this.#makers.get(name);
      const missing = this.#known.has(name) || !node ? [] : node.input.filter((from) => this.#isOpen(from));
      if (missing.length > 0 && stack.length <= this.#makers.size + 1) {
        stack.push(missing[0]);
        continue;
      }
      if (!this.#known.has(name)) this.#known.set(name, node ? this.#ofNode(node) : null);
      stack.pop();
    }
    return this.#known.get(tensor) ?? null;
  }

  #isOpen(name: string): boolean {
    return name !== '' && !this.#known.has(name) && this.#makers.has(name);
  }

  #ofNode(node: NodeProto): Dependence {
    const inputs = node.input.map((name) => this.#known.get(name) ?? null);
    const variable = inputs.filter((input) => input !== null);
    if (variable.length === 0) return null;
    const whole = variable.find((input) => 'whole' in input);
    if (whole) return whole;
    const known = variable.filter((input) => 'axes' in input);
    const axes = known.map((input) => input.axes);
    const { opType } = node;
    const [{ order }] = known;
    if (known.some((input) => input.order !== order))
      return { whole: `the layer ${opType}, which joins tensors with channels first and last` };
    const rank = axes[0].length + 2;
    if (pointwise.has(opType)) return union(axes, opType, order);
    if (opType === 'Transpose') return turned(node, axes[0], order);
    if (opType === 'Reshape') return this.#reshaped(node, axes[0], order);
    // Channels are axis 1 of [N, C, ...], or the last.
    const channels = order === 'first' ? 1 : rank - 1;
    const isOfChannels = (fallback: number) => {
      const axis = integerOf(node, 'axis', fallback);
      return (axis < 0 ? axis + rank : axis) === channels;
    };
    if (opType === 'Concat' && isOfChannels(1)) return union(axes, opType, order);
    if (opType === 'Softmax' && isOfChannels(-1)) return { axes: axes[0], order };
    if (opType === 'Pad') return this.#pad(node, axes[0], order);
    if (order === 'last') return { whole: `the layer ${opType}` };
    if (opType === 'Conv') return this.#window(node, axes[0], this.#kernelOf(node));
    if (pools.has(opType)) return this.#window(node, axes[0], integersOf(node, 'kernel_shape'));
    return { whole: `the layer ${opType}` };
  }

  #kernelOf(node: NodeProto): number[] | null {
    const declared = integersOf(node, 'kernel_shape');
    if (declared) return declared;
    const weights = this.#constants.get(node.input[1]);
    return weights ? dimsOf(weights).slice(2) : null;
  }

  #window(node: NodeProto, axes: Axis[], kernel: number[] | null): Dependence {
    if (kernel?.length !== axes.length)
      return { whole: `the layer ${node.opType}, whose kernel is not known` };
    const strides = integersOf(node, 'strides') ?? axes.map(() => 1);
    const dilations = integersOf(node, 'dilations') ?? axes.map(() => 1);
    const pads = integersOf(node, 'pads') ?? axes.flatMap(() => [0, 0]);
    const auto = textOf(node, 'auto_pad', 'NOTSET');
    const isCeil = integerOf(node, 'ceil_mode', 0) === 1;
    const result: Axis[] = [];
    for (const [index, axis] of axes.entries()) {
      const [stride, extent] = [strides[index], dilations[index] * (kernel[index] - 1) + 1];
      const pad = padding(auto, [pads[index], pads[index + axes.length]], axis.length, stride, extent);
      if (!pad) return { whole: `the layer ${node.opType}, padded by ${auto} for an input of unknown size` };
      result.push({
        size: axis.size + (extent - 1) * axis.jump,
        jump: axis.jump * stride,
        start: axis.start - pad[0] * axis.jump,
        length: outputLength(axis.length, pad, stride, extent, isCeil),
      });
    }
    return { axes: result, order: 'first' };
  }

  /** One channel needs no turning: [N, H, W, 1] is [N, 1, H, W] in another shape, and written so by tf2onnx. */
  #reshaped(node: NodeProto, axes: Axis[], order: Order): Dependence {
    const shape = this.#constants.get(node.input[1] ?? '');
    const dims = shape && Array.from(tensorValues(shape, 0, axes.length + 2) ?? []);
    const lengths = axes.map(({ length }) => length);
    const isSame = (channel: number, positions: number[]) =>
      channel === 1 && positions.every((size, at) => size === lengths[at]);
    if (dims && Number(shape.dims[0]) === dims.length) {
      if (order === 'last' && isSame(dims[1], dims.slice(2))) return { axes, order: 'first' };
      if (order === 'first' && isSame(dims[dims.length - 1], dims.slice(1, -1)))
        return { axes, order: 'last' };
    }
    return { whole: 'the layer Reshape' };
  }

  /** Constant or edge padding of positions moves the field; reflection would fold it. */
  #pad(node: NodeProto, axes: Axis[], order: Order): Dependence {
    const mode = textOf(node, 'mode', 'constant');
    const rank = axes.length + 2;
    const constant = this.#constants.get(node.input[1] ?? '');
    const pads =
      integersOf(node, 'pads') ?? (constant ? Array.from(tensorValues(constant, 0, 2 * rank) ?? []) : []);
    const [channels, positions] = order === 'first' ? [1, 2] : [rank - 1, 1];
    const isMoved =
      pads.length === 2 * rank && [0, channels, rank, rank + channels].every((at) => pads[at] === 0);
    if (!isMoved || (mode !== 'constant' && mode !== 'edge')) return { whole: `the layer Pad (${mode})` };
    return {
      order,
      axes: axes.map((axis, index) => {
        const [before, after] = [pads[positions + index], pads[rank + positions + index]];
        return {
          ...axis,
          start: axis.start - before * axis.jump,
          length: axis.length === null ? null : axis.length + before + after,
        };
      }),
    };
  }
}

/** Channels are moved from the last axis to the first, or back; another turn would mix positions. */
function turned(node: NodeProto, axes: Axis[], order: Order): Dependence {
  const rank = axes.length + 2;
  const positions = axes.map((_, at) => at);
  const perm = (integersOf(node, 'perm') ?? []).join();
  const toFirst = [0, rank - 1, ...positions.map((at) => at + 1)].join();
  const toLast = [0, ...positions.map((at) => at + 2), 1].join();
  if (order === 'last' && perm === toFirst) return { axes, order: 'first' };
  if (order === 'first' && perm === toLast) return { axes, order: 'last' };
  return { whole: 'the layer Transpose' };
}

/** Padding before and after; null where `auto_pad` needs a length that is not known. */
function padding(
  auto: string,
  pads: [number, number],
  length: number | null,
  stride: number,
  extent: number,
): [number, number] | null {
  if (auto === 'VALID') return [0, 0];
  if (auto !== 'SAME_UPPER' && auto !== 'SAME_LOWER') return pads;
  if (length === null) return stride === 1 ? split(auto, extent - 1) : null;
  return split(auto, Math.max(0, (Math.ceil(length / stride) - 1) * stride + extent - length));
}

function split(auto: string, total: number): [number, number] {
  const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
  return auto === 'SAME_UPPER' ? [less, more] : [more, less];
}

function outputLength(
  length: number | null,
  [before, after]: [number, number],
  stride: number,
  extent: number,
  isCeil: boolean,
): number | null {
  if (length === null) return null;
  const steps = (length + before + after - extent) / stride;
  return (isCeil ? Math.ceil(steps) : Math.floor(steps)) + 1;
}

/** The smallest field that holds all of them, where their positions correspond. */
function union(inputs: Axis[][], opType: string, order: Order): Dependence {
  const [first, ...others] = inputs;
  if (others.length === 0) return { axes: first, order };
  const isSame = others.every(
    (axes) => axes.length === first.length && axes.every(({ jump }, at) => jump === first[at].jump),
  );
  if (!isSame) return { whole: `the layer ${opType}, which joins tensors of different strides` };
  return {
    order,
    axes: first.map((axis, at) => {
      const all = inputs.map((axes) => axes[at]);
      const start = Math.min(...all.map((field) => field.start));
      const end = Math.max(...all.map((field) => field.start + field.size));
      return { ...axis, start, size: end - start };
    }),
  };
}
