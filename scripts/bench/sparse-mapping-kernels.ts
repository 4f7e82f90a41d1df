import { createRandom } from '#core/random.ts';
import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { openLinearAlgebra } from '../../native-workers/linalg/choose-algebra.ts';
import { sparseMappingRange } from '../../native-workers/align/sparse-mapping-parts.ts';
import { leastSeconds, type KernelCase } from './kernel-case.ts';

const units = 384;
const samples = 10_000;
const alphas = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001];
const gap = 1e-8;
/** Targets the peer really solves; its time is scaled to all. */
const peerTargets = 24;

/** Moments of given activations and all paths, on one thread; sources share few or many factors. */
export function sparseMappingCases(): Promise<KernelCase[]> {
  return Promise.resolve(
    [20, 100, 384].map((factors) => ({
      name: `sparse mapping, ${units} x ${units} x 6, ${factors} factors`,
      goal: 0.1,
      ours: async () => {
        const algebra = await openLinearAlgebra();
        const { x, y } = await networks(factors, algebra);
        return leastSeconds(2, async () => {
          const gram = await algebra.gram(samples, units, x);
          const between = await algebra.multiply(units, samples, units, y, x, { a: true });
          const all = Int32Array.from({ length: units }, (_, unit) => unit);
          const problem = { sources: all, targets: all, gram, between };
          const path = sparseMappingRange(problem, { start: 0, count: units }, alphas, () => {});
          if (path.gap.some((reached) => reached > gap)) throw new Error('A gap is above the tolerance.');
        });
      },
      peer: {
        script: 'lasso.py',
        args: [units, samples, factors, gap, peerTargets].map(String),
      },
    })),
  );
}

/** Two networks that mix the same factors, each unit with as much noise; columns of mean 0 and length 1. */
async function networks(factors: number, algebra: LinearAlgebra) {
  const { nextFloat } = createRandom(factors);
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - nextFloat())) * Math.cos(2 * Math.PI * nextFloat());
  const gaussians = (length: number) => Float64Array.from({ length }, gaussian);
  const shared = gaussians(samples * factors);
  const network = async () => {
    const mixed = await algebra.multiply(samples, factors, units, shared, gaussians(factors * units));
    for (let at = 0; at < mixed.length; at++) mixed[at] = mixed[at] / Math.sqrt(factors) + gaussian();
    for (let unit = 0; unit < units; unit++) standardise(mixed, unit);
    return mixed;
  };
  return { x: await network(), y: await network() };
}

function standardise(data: Float64Array, unit: number): void {
  let [sum, square] = [0, 0];
  for (let at = unit; at < data.length; at += units) sum += data[at];
  for (let at = unit; at < data.length; at += units) square += (data[at] -= sum / samples) ** 2;
  for (let at = unit; at < data.length; at += units) data[at] /= Math.sqrt(square);
}
