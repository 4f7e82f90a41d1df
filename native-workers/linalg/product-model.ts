import { create, toBinary } from '@bufbuild/protobuf';
import { AttributeProto_AttributeType, ModelProtoSchema } from 'onnx-buf';
import { runtime, type OrtSession } from '../capture/runtime.ts';

/** Element types of onnx.proto. */
const elementTypes = { float32: 1, float64: 11 } as const;

/** A graph of one product: Y = A B, or Y = A B^T as a Gemm node. */
export function openProduct(
  type: keyof typeof elementTypes,
  kind: 'A B' | 'A B^T',
  threads: number,
  provider: 'cpu' | 'cuda' = 'cpu',
): Promise<OrtSession> {
  const matrix = (name: string, dimensions: string[]) => ({
    name,
    type: {
      value: {
        case: 'tensorType' as const,
        value: {
          elemType: elementTypes[type],
          shape: { dim: dimensions.map((dim) => ({ value: { case: 'dimParam' as const, value: dim } })) },
        },
      },
    },
  });
  const isTransposed = kind === 'A B^T';
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [{ domain: '', version: 17n }],
    graph: {
      name: 'product',
      input: [
        matrix('A', ['rows', 'inner']),
        matrix('B', isTransposed ? ['others', 'inner'] : ['inner', 'others']),
      ],
      output: [matrix('Y', ['rows', 'others'])],
      node: [
        {
          opType: isTransposed ? 'Gemm' : 'MatMul',
          input: ['A', 'B'],
          output: ['Y'],
          attribute: isTransposed ? [{ name: 'transB', type: AttributeProto_AttributeType.INT, i: 1n }] : [],
        },
      ],
    },
  });
  return runtime().InferenceSession.create(toBinary(ModelProtoSchema, model), {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
  });
}
