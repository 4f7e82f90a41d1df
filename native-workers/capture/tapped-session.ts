import { AppError } from '#core/errors.ts';
import {
  providerTitles,
  type ConcreteProvider,
  type ProviderName,
  type ProviderUse,
} from '#core/domain/provider.ts';
import { isFeedType, type FeedType } from '../data/feeds.ts';
import { readModel, type ModelFile } from '../onnx/read-model.ts';
import { tapModel } from '../onnx/tap-model.ts';
import { providerObstacle, providersToTry, runtimeProviderName } from './providers.ts';
import { runtime, runtimeReason, type OrtSession } from './runtime.ts';

export interface TappedSession {
  name: string;
  file: ModelFile;
  session: OrtSession;
  provider: ProviderUse;
  inputs: SessionInput[];
  /** Tapped tensors in the order asked for, with declared shapes. */
  taps: { tensor: string; shape: (number | string)[] }[];
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
  tensors: string[];
  provider: ProviderName;
  threads: number;
}

/** Opens a model with its tensors tapped, on the first provider that works; a fall-back is recorded with its reason. */
export async function openTappedSession(options: SessionOptions): Promise<TappedSession> {
  const file = readModel(options.modelPath);
  const tensors = [...new Set(options.tensors)];
  const bytes = tapModel(file, tensors);
  const { session, provider } = await createWithFallback(bytes, file, options);
  const inputs = inputsOf(session, file);
  const taps = tensors.map((tensor) => ({ tensor, shape: tapShape(session, file, tensor) }));
  return { name: options.name, file, session, provider, inputs, taps };
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
      const session = await createSession(bytes, name, options.threads);
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

function createSession(bytes: Uint8Array, name: ConcreteProvider, threads: number): Promise<OrtSession> {
  return runtime().InferenceSession.create(bytes, {
    executionProviders: [runtimeProviderName[name]],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    // A pool that spins while idle takes the cores from the other networks' pools and from the products.
    extra: { session: { 'intra_op.allow_spinning': '0', 'inter_op.allow_spinning': '0' } },
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

function tapShape(session: OrtSession, file: ModelFile, tensor: string): (number | string)[] {
  const meta = session.outputMetadata.find((output) => output.name === tensor);
  if (!meta || !meta.isTensor || meta.type !== 'float32') {
    throw new AppError(
      'bad-model',
      `Tensor "${tensor}" of ${file.fileName} is ${meta?.isTensor ? meta.type : 'no tensor'}; activations must be float32.`,
    );
  }
  return [...meta.shape];
}
