import { createRandom } from '#core/random.ts';
import { linearAssignment } from '#core/numeric/matching/linear-assignment.ts';
import { leastSeconds, type KernelCase } from './kernel-case.ts';

/** Linear assignment of uniform scores, and of scores with structure as correlations have it. */
export function matchingCases(): Promise<KernelCase[]> {
  const cases: KernelCase[] = [];
  for (const kind of ['random', 'correlation-like'] as const) {
    for (const n of [384, 1024, 4096]) {
      cases.push({
        name: `linear assignment, ${kind}, ${n}`,
        goal: 1,
        ours: async () => {
          const score = kind === 'random' ? randomScores(n) : correlationLike(n);
          return leastSeconds(n > 2000 ? 3 : 7, () => linearAssignment(score, n, n));
        },
        peer: { script: 'assignment.py', args: [kind, String(n)] },
      });
    }
  }
  return Promise.resolve(cases);
}

function randomScores(n: number): Float64Array {
  const { nextFloat } = createRandom(1);
  return Float64Array.from({ length: n * n }, () => nextFloat());
}

/** A shuffled diagonal of matched units (r .3 to .9) over small correlations of the rest. */
function correlationLike(n: number): Float64Array {
  const { nextFloat, nextInt } = createRandom(2);
  const score = Float64Array.from(
    { length: n * n },
    () => (nextFloat() + nextFloat() + nextFloat() - 1.5) / 5,
  );
  const partner = Int32Array.from({ length: n }, (_, unit) => unit);
  for (let last = n - 1; last > 0; last--) {
    const other = nextInt(last + 1);
    [partner[last], partner[other]] = [partner[other], partner[last]];
  }
  partner.forEach((col, row) => (score[row * n + col] = 0.3 + 0.6 * nextFloat()));
  return score;
}
