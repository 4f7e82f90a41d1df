import { createRequire } from 'node:module';
import { loadBlas } from '../linalg/blas.ts';
import { openLapack } from '../linalg/lapack.ts';

/** Versions that a result depends on. */
export function engineVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const runtimePackage = require('onnxruntime-node/package.json') as { version: string };
  return { node: process.versions.node, onnxruntime: runtimePackage.version };
}

/** The library of eigenvalues, SVD and QR; null where WebAssembly computes them. */
export function lapackTitle(): string | null {
  return openLapack()?.title ?? null;
}

export function linearAlgebraTitle(): string {
  return loadBlas()?.title ?? 'onnxruntime products';
}
