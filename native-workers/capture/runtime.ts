import { createRequire } from 'node:module';
import type * as OnnxRuntime from 'onnxruntime-node';
import { AppError } from '#core/errors.ts';
import { plain, wordsFor } from './runtime-reasons.ts';

export type Ort = typeof OnnxRuntime;
export type OrtSession = OnnxRuntime.InferenceSession;
export type OrtTensor = OnnxRuntime.Tensor;

let loaded: Ort | undefined;

/** The inference runtime, loaded at first use so that commands which need none start faster. */
export function runtime(): Ort {
  if (loaded) return loaded;
  try {
    loaded = createRequire(import.meta.url)('onnxruntime-node') as Ort;
  } catch (error) {
    throw new AppError(
      'engine-failed',
      'onnxruntime-node cannot be loaded; run npm ci again (its prebuilt library for this system is missing).',
      {},
      error,
    );
  }
  return loaded;
}

/** Why onnxruntime refused, in words where they are known, else its own message without source locations. */
export function runtimeReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return wordsFor(text) ?? plain(text);
}
