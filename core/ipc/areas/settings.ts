import { z } from 'zod';
import { method } from '../define.ts';
import type { ValidationReport } from '../../domain/validation.ts';
import { providerNames, type ProviderStatus } from '../../domain/provider.ts';

export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  provider: z.enum(providerNames),
  threads: z.int().positive().max(1024).nullable(),
  /** `portable`: products of onnxruntime and our own decompositions, though the system has a library. */
  linearAlgebra: z.enum(['auto', 'portable']),
  /** Unit in which mutual information is shown; stored results are in nats. */
  information: z.enum(['nats', 'bits']),
  /** Size of the interface, 1 = as designed. */
  scale: z.union([
    z.literal(0.9),
    z.literal(1),
    z.literal(1.1),
    z.literal(1.25),
    z.literal(1.5),
    z.literal(2),
  ]),
  motion: z.enum(['system', 'reduced']),
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  theme: 'system',
  provider: 'auto',
  threads: null,
  linearAlgebra: 'auto',
  information: 'nats',
  scale: 1,
  motion: 'system',
};

/** What the engine process says of itself. */
export interface EngineStatus {
  state: 'off' | 'starting' | 'ready' | 'failed';
  generation: number;
  /** In words, for the status bar: "CPU · OpenBLAS · 2 threads", or what failed and what to do. */
  summary: string;
  providers: ProviderStatus[];
  linearAlgebra: string;
  /** Library of eigenvalues, SVD and QR; null: WebAssembly. */
  lapack: string | null;
  threads: number;
  versions: Record<string, string>;
}

export const settingsArea = {
  get: method<Settings>()(z.strictObject({})),
  set: method<Settings>()(settingsSchema),
  engine: method<EngineStatus>()(z.strictObject({})),
  /** Published numbers, recomputed by the engine. */
  validate: method<ValidationReport>()(z.strictObject({})),
  restartEngine: method<EngineStatus>()(z.strictObject({})),
};
