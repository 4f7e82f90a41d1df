import type { CapturableTensor, ModelInspection } from '#core/domain/network.ts';
import { AppError } from '#core/errors.ts';
import { runtime, runtimeReason } from '../capture/runtime.ts';
import { modelNodes } from './model-nodes.ts';
import { readModel, type ModelFile } from './read-model.ts';
import { nodeOutputs, tapModel } from './tap-model.ts';

const capturableTypes = new Set(['float32', 'float16', 'float64']);

/** Inputs and every capturable tensor of a model, with the shapes the runtime infers for them. */
export async function inspectModel(path: string): Promise<ModelInspection> {
  const file = readModel(path);
  const outputs = nodeOutputs(file.model);
  const session = await openForShapes(
    file,
    outputs.map((output) => output.name),
  );
  try {
    const metadata = new Map(session.outputMetadata.map((meta) => [meta.name, meta]));
    const tensors = outputs.flatMap((output): CapturableTensor[] => {
      const meta = metadata.get(output.name);
      if (!meta?.isTensor || !capturableTypes.has(meta.type)) return [];
      const shape = meta.shape.map(dimension);
      return [{ ...output, shape, units: unitsOf(shape), type: meta.type }];
    });
    const inputs = session.inputMetadata.map((meta) => ({
      name: meta.name,
      type: meta.isTensor ? meta.type : 'not a tensor',
      shape: meta.isTensor ? meta.shape.map(dimension) : [],
    }));
    return {
      file: file.fileName,
      bytes: file.bytes.length,
      sha256: file.sha256,
      producer: [file.model.producerName, file.model.producerVersion].filter(Boolean).join(' '),
      opset: Number(file.model.opsetImport.find((set) => set.domain === '')?.version ?? 0),
      inputs,
      tensors,
      nodes: modelNodes(
        file.model,
        inputs.map((input) => input.name),
      ),
    };
  } finally {
    await session.release();
  }
}

/** Unoptimised and single-threaded: only the declared and inferred shapes are wanted. */
async function openForShapes(file: ModelFile, names: string[]) {
  try {
    return await runtime().InferenceSession.create(tapModel(file, names), {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
    });
  } catch (error) {
    throw new AppError(
      'bad-model',
      `onnxruntime cannot load ${file.fileName}: ${runtimeReason(error)}`,
      {},
      error,
    );
  }
}

function dimension(value: number | string): number | string | null {
  return value === '' ? null : value;
}

/** Units are axis 1 of [N, units] and [N, units, H, W]; other ranks are not read by this version. */
function unitsOf(shape: readonly (number | string | null)[]): number | null {
  const units = shape[1];
  return (shape.length === 2 || shape.length === 4) && typeof units === 'number' ? units : null;
}
