import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { openLapack } from './lapack.ts';
import { openRuntimeAlgebra } from './runtime-algebra.ts';

let opened: Promise<LinearAlgebra> | null = null;

/** The fastest linear algebra of this machine, opened once a thread: the system's, else onnxruntime's products and WebAssembly. */
export function openLinearAlgebra(): Promise<LinearAlgebra> {
  opened ??= open();
  return opened;
}

async function open(): Promise<LinearAlgebra> {
  return openLapack() ?? (await openRuntimeAlgebra());
}
