import { AppError } from '#core/errors.ts';
import {
  providerTitles,
  type ConcreteProvider,
  type ProviderName,
  type ProviderUse,
} from '#core/domain/provider.ts';
import type { NodeProto } from 'onnx-buf';
import { isFeedType, type FeedType } from '../data/feeds.ts';
import type { TensorReading } from '#core/domain/network.ts';
import { readAxes } from '#core/domain/tensor-axes.ts';
import { axesReader } from '../onnx/default-axes.ts';
import { elementTypeNames, elementTypes, isForeign } from '../onnx/element-types.ts';
import { isForeignType, weightFolder } from '../onnx/inspect-model.ts';
import { neededPart } from '../onnx/needed-part.ts';
import { readModel, type ModelFile } from '../onnx/read-model.ts';
import { tapModel } from '../onnx/tap-model.ts';
import { readingOf, tensorOutput } from '../onnx/tensor-reading.ts';
import { providerObstacle, providersToTry, runtimeProviderName } from './providers.ts';
import { runtime, runtimeReason, type OrtSession } from './runtime.ts';

export interface TappedSession {
  name: string;
  /** The part of the model that its taps need. */
  file: ModelFile;
  session: OrtSession;
  provider: ProviderUse;
  inputs: SessionInput[];
  /** Tapped tensors in the order asked for. */
  taps: SessionTap[];
  /** Appended to the model to make those taps that are no tensors of its own. */
  tapNodes: NodeProto[];
}

/** A tensor and how its axes are read; null: as the model suggests. */
export interface TensorChoice {
  tensor: string;
  axes: string | null;
  /** How many axes there are, where a run told what the file does not. */
  rank?: number;
}

/** One tapped tensor as a graph output of float32, samples first, then units, then positions. */
export interface SessionTap extends TensorChoice {
  output: string;
  /** As declared; a string is dynamic, no dimensions at all an unknown rank. */
  shape: (number | string)[];
  /** How many axes after the first are units. */
  unitAxes: number;
  reading: TensorReading;
  type: string;
}

/** As declared; a string is dynamic. */
export interface SessionInput {
  name: string;
  type: FeedType;
  shape: (number | string)[];
}

export interface SessionOptions {
  name: string;
  modelPath: string;
  tensors: TensorChoice[];
  provider: ProviderName;
  threads: number;
}

/** Opens a model with its tensors tapped, on the first provider that works; a fall-back is recorded with its reason. */
export async function openTappedSession(options: SessionOptions): Promise<TappedSession> {
  const file = readModel(options.modelPath);
  const choices = distinct(options.tensors);
  const { session, ...opened } = await openWithTaps(file, choices, options);
  try {
    return { name: options.name, session, ...opened, inputs: inputsOf(session, file) };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Whether a tap is the one a layer asks for. */
export function isTapOf(tap: TensorChoice, choice: TensorChoice): boolean {
  return tap.tensor === choice.tensor && tap.axes === choice.axes;
}

function distinct(choices: readonly TensorChoice[]): TensorChoice[] {
  return choices.filter((choice, index) => choices.findIndex((other) => isTapOf(other, choice)) === index);
}

interface Opened {
  session: OrtSession;
  provider: ProviderUse;
}

/**
 * As the model has its tensors where the capture can read them so, which is the usual case; else once more with the
 * nodes appended that make float32 values of them and bring their axes into order.
 */
async function openWithTaps(
  file: ModelFile,
  choices: readonly TensorChoice[],
  options: SessionOptions,
): Promise<Opened & Pick<TappedSession, 'file' | 'taps' | 'tapNodes'>> {
  const names = [...new Set(choices.map(({ tensor }) => tensor))];
  const needed = { ...file, ...neededPart(file, names) };
  const plain = await openPlain(needed, names, options);
  const planned = planTaps(file, choices, plain);
  if (plain && planned.every(({ nodes }) => nodes.length === 0))
    return {
      ...plain,
      file: needed,
      tapNodes: [],
      taps: planned.map(({ tap }) => ({ ...tap, shape: shapeOf(plain.session, tap.output) })),
    };
  await plain?.session.release();
  const tapNodes = planned
    .flatMap(({ nodes }) => nodes)
    .filter((node, index, all) => all.findIndex(({ name }) => name === node.name) === index);
  const outputs = planned.map(({ tap }) => tap.output);
  const bytes = tapModel(needed, outputs, tapNodes);
  const opened = await createWithFallback(bytes, file, options);
  return {
    ...opened,
    file: needed,
    tapNodes,
    taps: planned.map(({ tap }) => ({ ...tap, shape: shapeOf(opened.session, tap.output) })),
  };
}

/** Null where a tensor has a type that the runtime's binding cannot declare. */
async function openPlain(file: ModelFile, names: string[], options: SessionOptions): Promise<Opened | null> {
  const types = elementTypes(file.model);
  if (names.some((name) => isForeign(types.get(name) ?? 0))) return null;
  try {
    return await createWithFallback(tapModel(file, names), file, options);
  } catch (error) {
    if (error instanceof AppError && isForeignType(error.cause)) return null;
    throw error;
  }
}

function planTaps(file: ModelFile, choices: readonly TensorChoice[], plain: Opened | null) {
  const axesOf = axesReader(file.model);
  const types = plain ? null : elementTypes(file.model);
  return choices.map(({ tensor, axes: chosen, rank: known }) => {
    const meta = plain?.session.outputMetadata.find(({ name }) => name === tensor);
    const type = meta?.isTensor
      ? meta.type
      : types
        ? (elementTypeNames[types.get(tensor) ?? 0] ?? 'float')
        : 'no tensor';
    const reading = readingOf(file.model, tensor, type);
    if (!reading)
      throw new AppError(
        'bad-model',
        `Tensor "${tensor}" of ${file.fileName} is ${type}; activations must be numbers. Choose another tensor.`,
      );
    const shape =
      meta?.isTensor && meta.shape.length > 0 ? meta.shape : new Array<string>(known ?? 0).fill('');
    const rank = shape.length;
    const axes = chosen ?? (rank > 0 ? axesOf(tensor, shape) : null);
    requireRank(file, tensor, axes, rank);
    const { output, nodes } = tensorOutput(file.model, tensor, reading, type === 'float32', axes);
    const unitAxes = axes === null ? 1 : readAxes(axes).units;
    return { nodes, tap: { tensor, axes: chosen, output, unitAxes, reading, type } };
  });
}

function requireRank(file: ModelFile, tensor: string, axes: string | null, rank: number): void {
  if (axes === null || rank === 0 || axes.length === rank) return;
  throw new AppError(
    'bad-recipe',
    `axes ${axes} name ${axes.length} axes, but tensor "${tensor}" of ${file.fileName} has ${rank}; one letter an axis.`,
  );
}

function shapeOf(session: OrtSession, output: string): (number | string)[] {
  const meta = session.outputMetadata.find(({ name }) => name === output);
  return meta?.isTensor ? [...meta.shape] : [];
}

async function createWithFallback(
  bytes: Uint8Array,
  file: ModelFile,
  options: SessionOptions,
): Promise<{ session: OrtSession; provider: ProviderUse }> {
  const reasons: string[] = [];
  for (const name of providersToTry(options.provider)) {
    const obstacle = providerObstacle(name);
    if (obstacle) {
      reasons.push(`${providerTitles[name]} was asked for. ${obstacle}`);
      continue;
    }
    try {
      const session = await createSession(bytes, file, name, options.threads);
      const fallbackReason =
        reasons.length > 0 ? `${reasons.join(' ')} ${providerTitles[name]} was used.` : undefined;
      return {
        session,
        provider: { asked: options.provider, used: name, ...(fallbackReason && { fallbackReason }) },
      };
    } catch (error) {
      if (name === 'cpu') {
        throw new AppError(
          'bad-model',
          `onnxruntime cannot load ${file.fileName}: ${runtimeReason(error)}`,
          {},
          error,
        );
      }
      reasons.push(`${providerTitles[name]} was asked for but did not start: ${runtimeReason(error)}`);
    }
  }
  throw new AppError('internal', 'No provider was tried.');
}

export function createSession(
  bytes: Uint8Array,
  file: Pick<ModelFile, 'path' | 'weightFiles'>,
  name: ConcreteProvider,
  threads: number,
): Promise<OrtSession> {
  return runtime().InferenceSession.create(bytes, {
    executionProviders: [runtimeProviderName[name]],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    // A pool that spins while idle takes the cores from the other networks' pools and from the products.
    // Weights in the arena of intermediate values would be rounded up to its next power of two.
    extra: {
      session: {
        'intra_op.allow_spinning': '0',
        'inter_op.allow_spinning': '0',
        use_device_allocator_for_initializers: '1',
        ...weightFolder(file),
      },
    },
  });
}

function inputsOf(session: OrtSession, file: ModelFile): SessionInput[] {
  return session.inputMetadata.map((input) => {
    if (input.isTensor && isFeedType(input.type)) {
      return { name: input.name, type: input.type, shape: [...input.shape] };
    }
    throw new AppError(
      'not-available',
      `Input ${input.name} of ${file.fileName} is ${input.isTensor ? input.type : 'no tensor'}; tensors of numbers and of truth values are fed.`,
    );
  });
}
