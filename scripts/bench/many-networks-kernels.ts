import { createRandom } from '#core/random.ts';
import { convergence } from '#core/numeric/many-networks/convergence.ts';
import { cycleConsistency } from '#core/numeric/many-networks/cycle-consistency.ts';
import { matchAllPairs } from '#core/numeric/many-networks/pair-matchings.ts';
import { leastSeconds, type KernelCase } from './kernel-case.ts';

const networks = 10;
const units = 512;
const runs = 3;

/** Ten networks matched with each other: which units all of them have, and whether the matchings agree. */
export function manyNetworksCases(): Promise<KernelCase[]> {
  return Promise.resolve([
    {
      name: `convergence and cycles, ${networks} networks of ${units} units`,
      goal: null,
      ours: () => {
        const { nextFloat } = createRandom(1);
        const score = Float64Array.from({ length: units * units }, () => (nextFloat() + nextFloat() - 1) / 5);
        for (let unit = 0; unit < units; unit++)
          score[unit * units + ((unit * 7) % units)] = 0.3 + 0.6 * nextFloat();
        const sizes = Array<number>(networks).fill(units);
        const dead = sizes.map((count) => new Uint8Array(count));
        return leastSeconds(runs, () => {
          const pairs = matchAllPairs(sizes, () => score);
          convergence(pairs, dead, (pair, row) => pairs[pair].forwardValue[row] >= 0.5);
          cycleConsistency(pairs, dead);
        });
      },
      peer: { script: 'many_networks.py', args: [networks, units, runs].map(String) },
    },
  ]);
}
