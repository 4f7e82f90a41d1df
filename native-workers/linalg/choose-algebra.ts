import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { openLapack } from './lapack.ts';

let opened: LinearAlgebra | null = null;

/** The fastest linear algebra of this machine, opened once a thread. */
export function openLinearAlgebra(): Promise<LinearAlgebra> {
  opened ??= openLapack() ?? pureLinearAlgebra;
  return Promise.resolve(opened);
}
