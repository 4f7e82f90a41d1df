import { createRequire } from 'node:module';
import { loadBlas } from '../linalg/blas.ts';

/** Versions that a result depends on. */
export function engineVersions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const runtimePackage = require('onnxruntime-node/package.json') as { version: string };
  return { node: process.versions.node, onnxruntime: runtimePackage.version };
}

export function linearAlgebraTitle(): string {
  return loadBlas()?.title ?? 'onnxruntime products';
}
