import { createRandom } from '#core/random.ts';
import { prepareBlocks } from '#core/numeric/certainty/block-moments.ts';
import { bootstrapWeights } from '#core/numeric/certainty/block-weights.ts';
import { falseDiscovery } from '#core/numeric/certainty/false-discovery.ts';
import { bootstrapPairs } from '#core/numeric/certainty/pair-bootstrap.ts';
import { nullPValues, shuffleNull } from '#core/numeric/certainty/shuffle-null.ts';
import { createJointMoments, type JointMoments } from '#core/numeric/moments/joint-moments.ts';
import { leastSeconds, type KernelCase } from './kernel-case.ts';

const units = 512;
const blocks = 20;
const resamples = 1000;
const shuffles = 10;
const runs = 5;

/** Bootstrap of matched pairs over groups of images; null of shuffled images with its q-values. */
export function certaintyCases(): Promise<KernelCase[]> {
  const pairs = units * units;
  return Promise.resolve([
    {
      name: `bootstrap of ${units} pairs, ${blocks} groups, ${resamples} resamples`,
      goal: null,
      ours: () => {
        const groups = Array.from({ length: blocks }, (_, block) => momentsOf(2 * units, block));
        const rows = Int32Array.from({ length: units }, (_, unit) => unit);
        const cols = rows.map((unit) => units + ((unit * 7) % units));
        const weights = bootstrapWeights(blocks, resamples, 0);
        const dead = new Uint8Array(2 * units);
        return leastSeconds(runs, () => bootstrapPairs(prepareBlocks(groups), rows, cols, weights, dead));
      },
      peer: {
        script: 'certainty.py',
        args: ['bootstrap', ...[units, blocks, resamples, runs].map(String)],
      },
    },
    {
      name: `shuffled null and q-values, ${units} x ${units} pairs, ${shuffles} shuffles`,
      goal: null,
      ours: () => {
        const { nextFloat } = createRandom(1);
        const near = (width: number) =>
          Float64Array.from({ length: pairs }, () => width * (nextFloat() + nextFloat() - 1));
        const [r, shuffled] = [near(0.5), Array.from({ length: shuffles }, () => near(0.1))];
        const tested = new Uint8Array(pairs).fill(1);
        return leastSeconds(runs, () => {
          const p = nullPValues(r, tested, shuffleNull(shuffled, tested));
          return falseDiscovery(p).rejected(0.05);
        });
      },
      peer: { script: 'certainty.py', args: ['null', ...[units, blocks, shuffles, runs].map(String)] },
    },
  ]);
}

/** Moments that no data have: times do not depend on the values. */
function momentsOf(count: number, seed: number): JointMoments {
  const { nextFloat } = createRandom(seed + 1);
  const moments = createJointMoments(count, undefined, 100);
  for (let i = 0; i < count; i++) {
    moments.mean[i] = nextFloat();
    for (let j = i; j < count; j++) moments.m2[i * count + j] = i === j ? 100 : 10 * nextFloat();
  }
  return moments;
}
