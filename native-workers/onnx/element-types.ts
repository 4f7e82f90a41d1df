import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from 'onnx-buf';
import { integerOf } from './node-attributes.ts';

/** ONNX element types by number. */
export const elementTypeNames: Record<number, string> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
};
const firstForeign = 14;

/** Types that onnxruntime's JavaScript binding has no arrays for: a graph output of one keeps the model from loading. */
export function isForeign(elementType: number): boolean {
  return elementType >= firstForeign;
}

export function declaredType({ type }: ValueInfoProto): number {
  return type?.value.case === 'tensorType' ? type.value.value.elemType : 0;
}

const integerMakers: Record<string, number> = {
  Shape: 7,
  Size: 7,
  ArgMax: 7,
  ArgMin: 7,
  NonZero: 7,
  ConvInteger: 6,
  MatMulInteger: 6,
};
const booleanMakers = new Set(
  'Equal Less LessOrEqual Greater GreaterOrEqual And Or Not Xor IsNaN IsInf'.split(' '),
);

/**
 * Element types of a graph's tensors as far as the file declares them or the operators imply them. Needed where the
 * runtime cannot be asked: for models with types that its binding refuses.
 */
export function elementTypes({ graph }: ModelProto): Map<string, number> {
  const types = new Map<string, number>();
  if (!graph) return types;
  takeDeclared(graph, types);
  for (const node of graph.node) {
    const type = typeOf(node, types);
    for (const name of node.output) if (name !== '' && type && !types.has(name)) types.set(name, type);
  }
  return types;
}

function takeDeclared(graph: GraphProto, types: Map<string, number>): void {
  for (const { name, dataType } of graph.initializer) types.set(name, dataType);
  for (const info of [...graph.input, ...graph.valueInfo, ...graph.output]) {
    const type = declaredType(info);
    if (type) types.set(info.name, type);
  }
}

function typeOf(node: NodeProto, types: ReadonlyMap<string, number>): number | undefined {
  const { opType, input } = node;
  if (opType in integerMakers) return integerMakers[opType];
  if (booleanMakers.has(opType)) return 9;
  switch (opType) {
    case 'Cast':
      return integerOf(node, 'to', 0);
    case 'Constant':
      return node.attribute.find(({ name }) => name === 'value')?.t?.dataType;
    case 'DequantizeLinear':
      return types.get(input[1]);
    case 'QuantizeLinear':
      return types.get(input[2]) ?? 2;
    case 'Where':
      return types.get(input[1]);
    default:
      return types.get(input[0]);
  }
}
