import { createRandom, shuffle } from '../../random.ts';

/**
 * Deals images into a training and a test fold: the first round(testShare * count) images of a seeded random
 * permutation are the test fold. Every position of an image goes with its image, because neighbouring positions are
 * not independent.
 *
 * The answer depends on (count, testShare, seed) only, never on batches or threads. Halves round up. A share of 0
 * or a very small count can leave a fold empty; whether that is acceptable is the caller's decision.
 *
 * @param testShare share of the images to test on, 0 <= testShare <= 1
 * @param seed see `createRandom`
 * @returns one byte per image: 1 = test, 0 = train
 * @throws RangeError for a share outside [0, 1], a count that is no whole number, or a bad seed. O(count).
 */
export function assignFolds(count: number, testShare: number, seed: number): Uint8Array {
  if (!Number.isInteger(count) || count < 0 || count > 2 ** 32) {
    throw new RangeError(`The number of images, ${count}, is not a whole number from 0 to 2^32.`);
  }
  if (!(testShare >= 0 && testShare <= 1)) {
    throw new RangeError(`The test share ${testShare} is not between 0 and 1.`);
  }
  const order = shuffle(
    Uint32Array.from({ length: count }, (_, image) => image),
    createRandom(seed),
  );
  const folds = new Uint8Array(count);
  const tests = Math.round(testShare * count);
  for (let k = 0; k < tests; k++) folds[order[k]] = 1;
  return folds;
}
