import type { ModelProto, NodeProto } from 'onnx-buf';

/** What turns the integers of a quantised tensor into values: (integer - zero point) x scale. */
export interface Quantisation {
  scale: string;
  /** Empty: 0. */
  zeroPoint: string;
  domain: string;
  attribute: NodeProto['attribute'];
}

/** Where quantised operators have the scale and zero point of their output among their inputs. */
const outputScaleAt: Record<string, number> = {
  QLinearConv: 6,
  QLinearMatMul: 6,
  QLinearAdd: 6,
  QLinearMul: 6,
  QLinearSigmoid: 3,
  QLinearLeakyRelu: 3,
  QLinearSoftmax: 3,
  QLinearAveragePool: 3,
  QLinearGlobalAveragePool: 3,
  QLinearReduceMean: 3,
  QLinearWhere: 7,
  QLinearConcat: 0,
  QGemm: 7,
};
/** Operators that move integers about without changing them: what held before them holds after them. */
const moving = new Set(
  'MaxPool Reshape Transpose Flatten Squeeze Unsqueeze Identity Slice Gather Split Expand DepthToSpace SpaceToDepth'.split(
    ' ',
  ),
);

/**
 * The scale and zero point of an integer tensor: of the operator that dequantises it, of the one that made it, or, past
 * operators that only move values, of its source where one scale holds for all of it. Null where none is known.
 */
export function quantisationOf({ graph }: ModelProto, tensor: string): Quantisation | null {
  const makers = new Map(graph?.node.flatMap((node) => node.output.map((name) => [name, node] as const)));
  const reader = graph?.node.find(
    ({ opType, input }) => opType === 'DequantizeLinear' && input[0] === tensor,
  );
  if (reader) return ofLinear(reader);
  let name = tensor;
  let isMoved = false;
  for (let steps = 0; steps <= makers.size; steps++) {
    const maker = makers.get(name);
    if (!maker) return null;
    if (moving.has(maker.opType)) {
      name = maker.input[0];
      isMoved = true;
      continue;
    }
    const found = ofMaker(maker, name);
    const isPerAxis = found?.attribute.some((attribute) => attribute.name === 'axis') ?? false;
    return isMoved && isPerAxis ? null : found;
  }
  return null;
}

function ofMaker(maker: NodeProto, output: string): Quantisation | null {
  const { opType, input } = maker;
  if (opType === 'QuantizeLinear') return ofLinear(maker);
  if (opType === 'DynamicQuantizeLinear' && maker.output[0] === output) {
    return { scale: maker.output[1], zeroPoint: maker.output[2], domain: '', attribute: [] };
  }
  const at = outputScaleAt[opType];
  if (at === undefined || !input[at]) return null;
  return { scale: input[at], zeroPoint: input[at + 1] ?? '', domain: '', attribute: [] };
}

function ofLinear({ input, domain, attribute }: NodeProto): Quantisation {
  const kept = attribute.filter(({ name }) => name === 'axis' || name === 'block_size');
  return { scale: input[1], zeroPoint: input[2] ?? '', domain, attribute: kept };
}
