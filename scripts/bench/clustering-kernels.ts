import { createRandom } from '#core/random.ts';
import { affinity } from '#core/numeric/clustering/affinity.ts';
import { cutGraph } from '#core/numeric/clustering/cut-graph.ts';
import { normalisedLaplacian } from '#core/numeric/clustering/normalised-laplacian.ts';
import { smallestEigenpairs } from '#core/numeric/clustering/smallest-eigenpairs.ts';
import { openLinearAlgebra } from '../../native-workers/linalg/choose-algebra.ts';
import { leastSeconds, type KernelCase } from './kernel-case.ts';

const k = 8;
/** As many on both sides: the first ones are slower while code is compiled and threads start. */
const runs = 10;
/** As many as scikit-learn takes by default. */
const starts = 10;

/** From correlations to labels: affinity, Laplacian, eigenvectors, k-means, refinement. */
export function clusteringCases(): Promise<KernelCase[]> {
  return Promise.resolve(
    [768, 2048].map((n) => ({
      name: `spectral clustering, ${n} units, k ${k}`,
      goal: 0.7,
      ours: async () => {
        const algebra = await openLinearAlgebra();
        const c = planted(n);
        return leastSeconds(runs, async () => {
          const w = affinity('abs', n, c);
          const { laplacian } = normalisedLaplacian(n, w);
          const { vectors } = await smallestEigenpairs(n, laplacian, k, algebra);
          return cutGraph(n, w, vectors, k, starts, 0);
        });
      },
      peer: { script: 'spectral.py', args: [String(n), String(k), String(runs)] },
    })),
  );
}

/** Correlations of units that share one of eight sources. */
function planted(n: number): Float64Array {
  const { nextFloat } = createRandom(n);
  const c = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    c[i * n + i] = 1;
    for (let j = i + 1; j < n; j++)
      c[i * n + j] = c[j * n + i] = (i % k === j % k ? 0.3 : 0) + 0.2 * (nextFloat() - 0.5);
  }
  return c;
}
