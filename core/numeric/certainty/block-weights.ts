import { createRandom, shuffle } from '../../random.ts';

/**
 * Bootstrap weights of blocks: how often each block is drawn when as many blocks as there are are drawn with
 * replacement, [resamples x blocks] row-major; every row adds up to `blocks`. Resampling whole groups of images keeps
 * everything that depends on each other together (Künsch 1989, doi:10.1214/aos/1176347265; the groups here are
 * random, so this is the bootstrap over images with a coarser grain).
 *
 * @throws RangeError for counts below 1 or a bad seed. O(resamples x blocks).
 */
export function bootstrapWeights(blocks: number, resamples: number, seed: number): Float64Array {
  requireCount('blocks', blocks, 1);
  requireCount('resamples', resamples, 1);
  const random = createRandom(seed);
  const weights = new Float64Array(resamples * blocks);
  for (let resample = 0; resample < resamples; resample++) {
    for (let draw = 0; draw < blocks; draw++) weights[resample * blocks + random.nextInt(blocks)]++;
  }
  return weights;
}

/**
 * Random halves of the blocks: 1 for the first half, 0 for the second, [splits x blocks]. With an odd number the
 * second half is one block larger.
 *
 * @throws RangeError for fewer than 2 blocks, fewer than 1 split or a bad seed. O(splits x blocks).
 */
export function randomHalves(blocks: number, splits: number, seed: number): Float64Array {
  requireCount('blocks', blocks, 2);
  requireCount('splits', splits, 1);
  const random = createRandom(seed);
  const halves = new Float64Array(splits * blocks);
  for (let split = 0; split < splits; split++) {
    const order = shuffle(
      Uint32Array.from({ length: blocks }, (_, block) => block),
      random,
    );
    for (let k = 0; k < blocks >> 1; k++) halves[split * blocks + order[k]] = 1;
  }
  return halves;
}

function requireCount(what: string, count: number, least: number): void {
  if (!Number.isInteger(count) || count < least) {
    throw new RangeError(`The number of ${what}, ${count}, is not a whole number of at least ${least}.`);
  }
}
