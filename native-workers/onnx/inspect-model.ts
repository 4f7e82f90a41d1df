import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { CapturableTensor, ModelInspection, OtherTensor } from '#core/domain/network.ts';
import { AppError } from '#core/errors.ts';
import { readAxes } from '#core/domain/tensor-axes.ts';
import { runtime, runtimeReason, type OrtSession } from '../capture/runtime.ts';
import { axesReader } from './default-axes.ts';
import { elementTypeNames, elementTypes, isForeign } from './element-types.ts';
import { modelNodes } from './model-nodes.ts';
import { nestedTensors } from './nested-tensors.ts';
import { readModel, type ModelFile } from './read-model.ts';
import { nodeOutputs, tapModel, type NodeOutput } from './tap-model.ts';
import { readingOf, tensorOutput } from './tensor-reading.ts';

/** Integers of these are offered: what they make are activations. Other integers are indices, shapes and counts. */
const quantisedOps = /^QLinear|^QGemm$|^QuantizeLinear$|^DynamicQuantizeLinear$|Integer$/;

/** Inputs and every capturable tensor of a model, with the shapes the runtime infers for them. */
export async function inspectModel(path: string): Promise<ModelInspection> {
  const file = readModel(path);
  const outputs = nodeOutputs(file.model);
  const { session, metaOf } = await openForShapes(file, outputs);
  const axesOf = axesReader(file.model);
  try {
    const tensors: CapturableTensor[] = [];
    const notCapturable: OtherTensor[] = [];
    for (const output of outputs) {
      const meta = metaOf(output.name);
      const reading = meta ? readingOf(file.model, output.name, meta.type) : null;
      if (!meta || !reading)
        notCapturable.push({ name: output.name, op: output.op, why: whyNot(meta?.type) });
      else if (reading !== 'integers' || quantisedOps.test(output.op)) {
        const axes = axesOf(output.name, meta.shape);
        const { type, shape } = meta;
        tensors.push({
          ...{ ...output, shape, units: unitsOf(shape, axes), type },
          ...(axes !== null && { axes }),
          ...(reading !== 'values' && { reading }),
        });
      }
    }
    const inputs = session.inputMetadata.map((meta) => ({
      name: meta.name,
      type: meta.isTensor ? meta.type : 'not a tensor',
      shape: meta.isTensor ? meta.shape.map(dimension) : [],
    }));
    return {
      file: file.fileName,
      bytes: file.bytes.length,
      sha256: createHash('sha256').update(file.bytes).digest('hex'),
      producer: [file.model.producerName, file.model.producerVersion].filter(Boolean).join(' '),
      opset: Number(file.model.opsetImport.find((set) => set.domain === '')?.version ?? 0),
      inputs,
      tensors,
      notCapturable: [...notCapturable, ...nestedTensors(file.model)],
      weightFiles: file.weightFiles,
      nodes: modelNodes(
        file.model,
        inputs.map((input) => input.name),
      ),
    };
  } finally {
    await session.release();
  }
}

interface Meta {
  type: string;
  shape: (number | string | null)[];
}

interface ForShapes {
  session: OrtSession;
  /** Null for what is no tensor. */
  metaOf(tensor: string): Meta | null;
}

/** Unoptimised and single-threaded: only the declared and inferred shapes are wanted. */
async function openForShapes(file: ModelFile, outputs: readonly NodeOutput[]): Promise<ForShapes> {
  const names = outputs.map(({ name }) => name);
  try {
    const session = await create(file, tapModel(file, names));
    return { session, metaOf: metaReader(session) };
  } catch (error) {
    if (!isForeignType(error)) throw loadFailure(file, error);
    return openWithCasts(file, names).catch((again: unknown) => {
      throw loadFailure(file, again);
    });
  }
}

/** Tensors of types that the binding refuses are declared through a cast, which keeps their shape. */
async function openWithCasts(file: ModelFile, names: readonly string[]): Promise<ForShapes> {
  const types = elementTypes(file.model);
  const outputs = names.map((tensor) => {
    const type = types.get(tensor) ?? 0;
    const isCast = isForeign(type);
    const { output, nodes } = tensorOutput(file.model, tensor, 'values', !isCast, null);
    return { tensor, output, nodes, type: isCast ? elementTypeNames[type] : null };
  });
  const bytes = tapModel(
    file,
    outputs.map(({ output }) => output),
    outputs.flatMap(({ nodes }) => nodes),
  );
  const session = await create(file, bytes);
  const byTensor = new Map(outputs.map((output) => [output.tensor, output]));
  const read = metaReader(session);
  return {
    session,
    metaOf: (tensor) => {
      const { output, type } = byTensor.get(tensor)!;
      const meta = read(output);
      return meta && type ? { ...meta, type } : meta;
    },
  };
}

/** Whether a model was refused because an output of it has a type the binding knows no array for. */
export function isForeignType(error: unknown): boolean {
  return /Unsupported data type/.test(error instanceof Error ? error.message : String(error));
}

function create(file: ModelFile, bytes: Uint8Array): Promise<OrtSession> {
  return runtime().InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
    extra: { session: weightFolder(file) },
  });
}

/** Weights outside the file are looked for beside it. */
export function weightFolder(file: Pick<ModelFile, 'path' | 'weightFiles'>): Record<string, string> {
  return file.weightFiles.length > 0
    ? { model_external_initializers_file_folder_path: dirname(file.path) }
    : {};
}

function loadFailure(file: ModelFile, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError(
    'bad-model',
    `onnxruntime cannot load ${file.fileName}: ${runtimeReason(error)}`,
    {},
    error,
  );
}

function metaReader(session: OrtSession): (name: string) => Meta | null {
  const all = new Map(session.outputMetadata.map((meta) => [meta.name, meta]));
  return (name) => {
    const meta = all.get(name);
    return meta?.isTensor ? { type: meta.type, shape: meta.shape.map(dimension) } : null;
  };
}

function dimension(value: number | string): number | string | null {
  return value === '' ? null : value;
}

function whyNot(type: string | undefined): string {
  if (type === undefined) return 'it is a sequence or an optional value, not a tensor';
  return `its elements are ${type}, not numbers`;
}

function unitsOf(shape: Meta['shape'], axes: string | null): number | null {
  if (axes === null || axes.length !== shape.length) return null;
  const { order, units } = readAxes(axes);
  const sizes = order.slice(1, 1 + units).map((axis) => shape[axis]);
  return sizes.reduce<number | null>(
    (product, size) => (product !== null && typeof size === 'number' ? product * size : null),
    1,
  );
}
