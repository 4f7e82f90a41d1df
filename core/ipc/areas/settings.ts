import { z } from 'zod';
import { method } from '../define.ts';
import type { ValidationReport } from '../../domain/validation.ts';
import { providerNames, type ProviderStatus } from '../../domain/provider.ts';

export const settingsSchema = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  provider: z.enum(providerNames),
  threads: z.int().positive().max(1024).nullable(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = { theme: 'system', provider: 'auto', threads: null };

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
