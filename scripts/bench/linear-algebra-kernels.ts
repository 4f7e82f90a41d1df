import { createRandom } from '#core/random.ts';
import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { openLapack } from '../../native-workers/linalg/lapack.ts';
import { portableLinearAlgebra } from '../../native-workers/linalg/portable-algebra.ts';
import { leastSeconds, type KernelCase } from './kernel-case.ts';

/** Symmetric eigenvalues with vectors, and singular values with vectors, of each back end. */
export function linearAlgebraCases(): Promise<KernelCase[]> {
  const lapack = openLapack();
  const backEnds: [LinearAlgebra | null, number][] = [
    [lapack, 1.2],
    [portableLinearAlgebra(), 8],
  ];
  const cases = backEnds.flatMap(([algebra, goal]) =>
    algebra
      ? [512, 1024, 2048].flatMap((n) => [
          kernelCase('eigh', n, algebra, goal, () => algebra.symmetricEigen(n, symmetric(n))),
          kernelCase('svd', n, algebra, goal, () => algebra.svd(n, n, general(n))),
        ])
      : [],
  );
  return Promise.resolve(cases);
}

function kernelCase(
  what: string,
  n: number,
  algebra: LinearAlgebra,
  goal: number,
  work: () => Promise<unknown>,
): KernelCase {
  return {
    name: `${what} ${n}, ${algebra.title}`,
    goal,
    ours: () => leastSeconds(n < 1000 ? 5 : 3, work),
    peer: { script: 'decompositions.py', args: [what, String(n)] },
  };
}

function general(n: number): Float64Array {
  const { nextFloat } = createRandom(n);
  return Float64Array.from({ length: n * n }, () => nextFloat() - 0.5);
}

function symmetric(n: number): Float64Array {
  const a = general(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[i * n + j] = a[j * n + i];
  return a;
}
