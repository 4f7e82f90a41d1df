import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  NodeProtoSchema,
  ValueInfoProtoSchema,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
} from 'onnx-buf';

/** Element types of onnx.proto. */
export const elementType = { float32: 1, int64: 7, float64: 11 } as const;

export type Reduction = 'ReduceSum' | 'ReduceMin' | 'ReduceMax' | 'ReduceMean';

/** From these opsets on a reduction is told its axes by an input, not by an attribute. */
const axesAreInput = { ReduceSum: 13n, others: 18n };

/** Version of the standard operators a model imports; 0: none of them. */
export function standardOpset(model: ModelProto): bigint {
  return model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n;
}

/** Collects nodes and inputs that are appended to a graph; every tensor is named below a prefix. */
export class GraphNodes {
  readonly nodes: NodeProto[] = [];
  readonly inputs: ValueInfoProto[] = [];
  readonly #prefix: string;
  readonly #opset: bigint;

  /** @param opset of the standard operators, at least 11 */
  constructor(prefix: string, opset: bigint) {
    this.#prefix = prefix;
    this.#opset = opset;
  }

  /** Appends a node of one output, and returns the output's name. */
  add(opType: string, input: string[], attributes: Record<string, number | number[]> = {}): string {
    const attribute = Object.entries(attributes).map(([name, value]) =>
      Array.isArray(value)
        ? { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) }
        : { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) },
    );
    return this.#push({ opType, input, attribute });
  }

  /** The same tensor under a name of its own, for an output. */
  named(output: string, input: string): string {
    this.nodes.push(
      create(NodeProtoSchema, { opType: 'Identity', name: output, input: [input], output: [output] }),
    );
    return output;
  }

  /** A graph input; a string is a free dimension. */
  input(name: string, type: keyof typeof elementType, dims: (number | string)[]): string {
    const dim = dims.map((size) =>
      typeof size === 'number'
        ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
        : { value: { case: 'dimParam' as const, value: size } },
    );
    this.inputs.push(
      create(ValueInfoProtoSchema, {
        name,
        type: { value: { case: 'tensorType', value: { elemType: elementType[type], shape: { dim } } } },
      }),
    );
    return name;
  }

  /** Without keeping the axis. */
  reduce(op: Reduction, tensor: string, axis: number): string {
    const isInput = this.#opset >= (op === 'ReduceSum' ? axesAreInput.ReduceSum : axesAreInput.others);
    if (isInput) return this.add(op, [tensor, this.integers([axis])], { keepdims: 0 });
    return this.add(op, [tensor], { axes: [axis], keepdims: 0 });
  }

  /** -1 in `shape`: what is left. */
  reshape(tensor: string, shape: number[]): string {
    return this.add('Reshape', [tensor, this.integers(shape)]);
  }

  integers(values: number[]): string {
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant(elementType.int64, [BigInt(values.length)], data);
  }

  integer(value: number): string {
    return this.#constant(elementType.int64, [], new Uint8Array(BigInt64Array.of(BigInt(value)).buffer));
  }

  zero(): string {
    return this.#constant(elementType.float32, [], new Uint8Array(4));
  }

  #constant(dataType: number, dims: bigint[], rawData: Uint8Array): string {
    const type = AttributeProto_AttributeType.TENSOR;
    return this.#push({
      opType: 'Constant',
      input: [],
      attribute: [{ name: 'value', type, t: { dataType, dims, rawData } }],
    });
  }

  #push(node: { opType: string; input: string[]; attribute: object[] }): string {
    const output = `${this.#prefix}/${this.nodes.length}`;
    this.nodes.push(create(NodeProtoSchema, { ...node, name: output, output: [output] }));
    return output;
  }
}
