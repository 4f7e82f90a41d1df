import { createRandom } from '#core/random.ts';
import { createJointMoments } from '#core/numeric/moments/joint-moments.ts';
import { allUnits, maximumMatch } from '#core/numeric/neighbourhoods/maximum-match.ts';
import { uncentredCosines } from '#core/numeric/neighbourhoods/uncentred-cosines.ts';
import { openLinearAlgebra } from '../../native-workers/linalg/choose-algebra.ts';
import { leastSeconds, type KernelCase } from './kernel-case.ts';

const units = 256;
const samples = 2048;
const epsilons = [0.7, 0.6, 0.5, 0.4, 0.3];
const runs = 3;

/** Maximum matches (Wang et al. 2018) of two networks that share a third of their units' directions. */
export function neighbourhoodCases(): Promise<KernelCase[]> {
  return Promise.resolve([
    {
      name: `maximum matches, ${units} units, ${epsilons.length} epsilons`,
      goal: null,
      ours: async () => {
        const algebra = await openLinearAlgebra();
        const z = activations();
        const moments = createJointMoments(2 * units, undefined, samples);
        // About zero means, products are the second moments.
        moments.m2.set(await algebra.gram(samples, 2 * units, z));
        return leastSeconds(runs, async () => {
          const [a, b] = [0, units].map((start) => ({ start, count: units }));
          const cosines = uncentredCosines(moments, a, b);
          let within = allUnits(cosines);
          for (const epsilon of epsilons) within = await maximumMatch(cosines, within, epsilon, algebra);
        });
      },
      peer: { script: 'neighbourhoods.py', args: [units, samples, runs].map(String) },
    },
  ]);
}

/** Unit k of B is unit k of A with noise from little (k = 0) to as much as itself (k = units / 3), then its own. */
function activations(): Float64Array {
  const { nextFloat } = createRandom(1);
  const z = Float64Array.from({ length: samples * 2 * units }, () => nextFloat() - 0.5);
  for (let sample = 0; sample < samples; sample++) {
    const row = sample * 2 * units;
    for (let k = 0; k < units / 3; k++)
      z[row + units + k] = z[row + k] + ((3 * k) / units) * z[row + units + k];
  }
  return z;
}
