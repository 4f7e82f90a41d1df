import { transpose } from '#core/numeric/matching/transpose.ts';
import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { release } from '#core/numeric/linear-algebra/release.ts';
import { requireMatrix } from '#core/numeric/linear-algebra/require-matrix.ts';
import { releaseOutputs } from '../capture/release-copies.ts';
import { runtime } from '../capture/runtime.ts';
import { openProduct } from './product-model.ts';
import { portableLinearAlgebra } from './portable-algebra.ts';

/**
 * Products by onnxruntime's float64 MatMul on one thread (its answers do not depend on how many tasks run beside it),
 * decompositions in WebAssembly SIMD: what a machine without BLAS has.
 */
export async function openRuntimeAlgebra(): Promise<LinearAlgebra> {
  const session = await openProduct('float64', 'A B', 1);
  const { Tensor } = runtime();
  const product = async (m: number, k: number, n: number, a: Float64Array, b: Float64Array) => {
    if (m === 0 || k === 0 || n === 0) return new Float64Array(m * n);
    const { Y } = await session.run({
      A: new Tensor('float64', a, [m, k]),
      B: new Tensor('float64', b, [k, n]),
    });
    const found = (Y.data as Float64Array).slice();
    releaseOutputs({ Y });
    return found;
  };
  return {
    ...portableLinearAlgebra(),
    title: 'onnxruntime products',
    multiply(m, k, n, a, b, op = {}) {
      requireMatrix('a', a, m, k);
      requireMatrix('b', b, k, n);
      const [left, right] = [op.a ? transpose(a, k, m) : a, op.b ? transpose(b, n, k) : b];
      return product(m, k, n, left, right).finally(() => {
        if (left !== a) release(left);
        if (right !== b) release(right);
      });
    },
    gram(m, n, a) {
      requireMatrix('a', a, m, n);
      const left = transpose(a, m, n);
      return product(n, m, n, left, a).finally(() => release(left));
    },
  };
}
