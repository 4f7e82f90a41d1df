import { createRequire } from 'node:module';
import type * as OnnxRuntime from 'onnxruntime-node';
import { AppError } from '#core/errors.ts';

export type Ort = typeof OnnxRuntime;
export type OrtSession = OnnxRuntime.InferenceSession;

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

/** What onnxruntime says in words of its own, in words for a person. */
const knownReasons: [pattern: RegExp, words: string][] = [
  [
    /Failed to get a WebGPU adapter/,
    'no graphics adapter was found. It needs a GPU with a Vulkan (Linux), Metal or Direct3D 12 driver; on Linux, libvulkan1 and the vendor’s driver.',
  ],
];

/** onnxruntime's own message, without its source locations and status prefixes. */
export function runtimeReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const known = knownReasons.find(([pattern]) => pattern.test(text));
  if (known) return known[1];
  return text
    .replace(/\S*\/onnxruntime\/\S+:\d+[^\n]*?\)\s/g, '')
    .replace(/\[ONNXRuntimeError\] : \d+ : \w+ : /g, '')
    .replace(/Non-zero status code returned while running /, 'running ')
    .split('\n')[0]
    .trim()
    .slice(0, 400);
}
