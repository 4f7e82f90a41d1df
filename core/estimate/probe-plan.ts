import type { CurvePoint } from './cost-curve.ts';
import { lineThrough } from './makespan.ts';

/** Each pass is so many times longer than the one before, more where the images' share of its time was small. */
const [growth, growthOfFlat] = [4, 16];
const flatShare = 0.1;
/** Seconds that the images of a pass must take, beside the noise of the whole, and images that make a pass typical. */
const [enoughSeconds, enoughImages] = [0.8, 200];
/** Seconds that the images of one pass may take. */
const mostSeconds = 12;
/** After a first pass of so many seconds the second is twice as long; after one of so many more there is none. */
const [longFirst, longestFirst] = [8, 30];

/**
 * How many images a short pass takes that is to tell what a long one will, after passes over so many images (size) that
 * took so many seconds (value); null where enough is known, or more would take too long.
 */
export function nextPass(done: readonly CurvePoint[], all: number): number | null {
  const last = done[done.length - 1];
  if (last.size >= all) return null;
  if (done.length === 1) {
    if (last.value > longestFirst) return null;
    return Math.min(all, last.size * (last.value > longFirst ? 2 : growth));
  }
  const { slope } = lineThrough(done[done.length - 2], last);
  const ofImages = slope * last.size;
  if (ofImages > enoughSeconds + flatShare * last.value && last.size >= enoughImages) return null;
  const times =
    ofImages < flatShare * last.value && growthOfFlat * ofImages <= mostSeconds ? growthOfFlat : growth;
  const next = Math.min(all, times * last.size);
  return slope * next > mostSeconds ? null : next;
}
