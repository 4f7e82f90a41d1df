import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { createLinearAlgebra, pureLinearAlgebra } from '#core/numeric/linear-algebra/pure.ts';
import { simdArithmetic } from './simd-arithmetic.ts';

/** Linear algebra in WebAssembly SIMD, else in plain TypeScript: what needs no library of the system. */
export function portableLinearAlgebra(): LinearAlgebra {
  const simd = simdArithmetic();
  return simd ? createLinearAlgebra('WebAssembly SIMD', simd) : pureLinearAlgebra;
}
