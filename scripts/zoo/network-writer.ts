import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  TensorProto_DataLocation,
  type AttributeProtoSchema,
  type NodeProtoSchema,
  type TensorProtoSchema,
} from 'onnx-buf';

type Attribute = MessageInitShape<typeof AttributeProtoSchema>;

/**
 * Writes an ONNX network node by node, its seeded random weights to a file beside it: He-scaled, so that activations
 * neither vanish nor explode through the layers.
 */
export class NetworkWriter {
  readonly #nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  readonly #initializers: MessageInitShape<typeof TensorProtoSchema>[] = [];
  readonly #path: string;
  readonly #weights: number;
  #offset = 0;
  #state: number;

  constructor(path: string, seed: number) {
    this.#path = path;
    this.#weights = openSync(`${path}.weights`, 'w');
    this.#state = (seed * 2654435761 + 12345) >>> 0 || 1;
  }

  conv(x: string, inner: number, outer: number, kernel: number, stride = 1, pad = 0, groups = 1): string {
    const perGroup = inner / groups;
    const deviation = Math.sqrt(2 / (perGroup * kernel * kernel));
    const weights = this.weights([outer, perGroup, kernel, kernel], deviation);
    const attributes = [
      int('group', groups),
      ints('kernel_shape', [kernel, kernel]),
      ints('strides', [stride, stride]),
      ints('pads', [pad, pad, pad, pad]),
    ];
    return this.node('Conv', [x, weights, this.weights([outer], 0.01)], attributes);
  }

  relu(x: string): string {
    return this.node('Relu', [x]);
  }

  maxPool(x: string, kernel: number, stride: number, pad = 0): string {
    return this.node(
      'MaxPool',
      [x],
      [
        ints('kernel_shape', [kernel, kernel]),
        ints('strides', [stride, stride]),
        ints('pads', [pad, pad, pad, pad]),
      ],
    );
  }

  gemm(x: string, inner: number, outer: number): string {
    const weights = this.weights([outer, inner], Math.sqrt(2 / inner));
    return this.node('Gemm', [x, weights, this.weights([outer], 0.01)], [int('transB', 1)]);
  }

  /** A dense layer over the last axis. */
  dense(x: string, inner: number, outer: number): string {
    const product = this.node('MatMul', [x, this.weights([inner, outer], Math.sqrt(1 / inner))]);
    return this.node('Add', [product, this.weights([outer], 0.01)]);
  }

  layerNorm(x: string, width: number): string {
    const scale = this.constant(new Float32Array(width).fill(1), [width]);
    const shift = this.constant(new Float32Array(width), [width]);
    return this.node('LayerNormalization', [x, scale, shift], [int('axis', -1)]);
  }

  node(op: string, input: string[], attribute: Attribute[] = []): string {
    return this.nodes(op, input, 1, attribute)[0];
  }

  nodes(opType: string, input: string[], outputs: number, attribute: Attribute[] = []): string[] {
    const name = `/${opType}_${this.#nodes.length}`;
    const output = Array.from({ length: outputs }, (_, at) => `${name}_output_${at}`);
    this.#nodes.push({ opType, name, input, output, attribute });
    return output;
  }

  weights(dims: number[], deviation: number): string {
    const values = new Float32Array(dims.reduce((product, size) => product * size, 1));
    // Uniform with the deviation asked for; xorshift, since networks have a hundred million of them.
    const width = deviation * Math.sqrt(12);
    let state = this.#state;
    for (let at = 0; at < values.length; at++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      values[at] = ((state >>> 0) / 2 ** 32 - 0.5) * width;
    }
    this.#state = state;
    return this.constant(values, dims);
  }

  constant(values: Float32Array, dims: number[]): string {
    const name = `weights.${this.#initializers.length}`;
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    writeSync(this.#weights, bytes);
    const place = {
      location: `${basename(this.#path)}.weights`,
      offset: String(this.#offset),
      length: String(bytes.length),
    };
    this.#offset += bytes.length;
    this.#initializers.push({
      name,
      dims: dims.map(BigInt),
      dataType: 1,
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: Object.entries(place).map(([key, value]) => ({ key, value })),
    });
    return name;
  }

  integers(values: number[]): string {
    const name = `integers.${this.#initializers.length}`;
    const rawData = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
    this.#initializers.push({ name, dims: [BigInt(values.length)], dataType: 7, rawData });
    return name;
  }

  /** Writes the network; gives how many numbers its weights are. */
  finish(logits: string): number {
    closeSync(this.#weights);
    this.#nodes.push({ opType: 'Identity', name: 'logits', input: [logits], output: ['logits'] });
    const tensor = (name: string, sizes: (number | string)[]) => ({
      name,
      type: {
        value: { case: 'tensorType' as const, value: { elemType: 1, shape: { dim: sizes.map(dimension) } } },
      },
    });
    const model = create(ModelProtoSchema, {
      irVersion: 8n,
      producerName: 'consilience zoo',
      opsetImport: [{ domain: '', version: 17n }],
      graph: {
        name: 'zoo',
        node: this.#nodes,
        initializer: this.#initializers,
        input: [tensor('images', ['N', 3, 224, 224])],
        output: [tensor('logits', ['N', 1000])],
      },
    });
    writeFileSync(this.#path, toBinary(ModelProtoSchema, model));
    return this.#offset / 4;
  }
}

function dimension(size: number | string) {
  return typeof size === 'number'
    ? { value: { case: 'dimValue' as const, value: BigInt(size) } }
    : { value: { case: 'dimParam' as const, value: size } };
}

export function int(name: string, value: number): Attribute {
  return { name, type: AttributeType.INT, i: BigInt(value) };
}

export function float(name: string, value: number): Attribute {
  return { name, type: AttributeType.FLOAT, f: value };
}

export function ints(name: string, values: number[]): Attribute {
  return { name, type: AttributeType.INTS, ints: values.map(BigInt) };
}
