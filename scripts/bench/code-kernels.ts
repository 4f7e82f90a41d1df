import { createRandom } from '#core/random.ts';
import { randomRotation, rotatedCorrelations } from '#core/numeric/code/random-rotation.ts';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { openLinearAlgebra } from '../../native-workers/linalg/choose-algebra.ts';
import { leastSeconds, type KernelCase } from './kernel-case.ts';

const units = 512;
const rotations = 10;
const runs = 3;

/** Local or distributed: matchings after random rotations of one side. */
export function codeCases(): Promise<KernelCase[]> {
  return Promise.resolve([
    {
      name: `matching after ${rotations} random rotations, ${units} units`,
      goal: null,
      ours: async () => {
        const algebra = await openLinearAlgebra();
        const { nextFloat } = createRandom(1);
        const small = () => 0.2 * (nextFloat() + nextFloat() - 1);
        const c = Float64Array.from({ length: units * units }, small);
        const within = Float64Array.from({ length: units * units }, small);
        for (let i = 0; i < units; i++) {
          c[i * units + ((i * 7) % units)] = 0.6;
          for (let j = 0; j < i; j++) within[i * units + j] = within[j * units + i];
          within[i * units + i] = units / 8;
        }
        return leastSeconds(runs, async () => {
          for (let k = 0; k < rotations; k++) {
            const rotation = await randomRotation(units, k, algebra);
            linearAssignment(
              await rotatedCorrelations(units, units, c, within, rotation, algebra),
              units,
              units,
            );
          }
        });
      },
      peer: { script: 'code.py', args: [units, rotations, runs].map(String) },
    },
  ]);
}
