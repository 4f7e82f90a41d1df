import type { CaptureExtras, CaptureRequest } from '#core/ipc/engine.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import type { DataPass } from './data-pass.ts';
import { jointUnits, type LayerPlan } from './tap-plan.ts';

/** What one layer takes for resampling. */
export interface Resampling {
  blocks: number;
  shuffle: { count: number; seed: number } | null;
}

/** Moments of blocks, and of shuffles, may each take this much memory in one layer. */
const momentBytes = 2 ** 30;
/** Fewer blocks make no interval, fewer images in a batch no shuffle. */
const fewestBlocks = 5;
const fewestShuffledImages = 4;
/** Values kept of all layers to find bin edges from. */
const edgeValues = 2 ** 26;

/** As much of the resampling asked for as memory, batches and the order of reading allow; what is left out is said. */
export function resamplingOf(
  layer: LayerPlan,
  extras: CaptureExtras | null,
  pass: Pick<DataPass, 'batch' | 'isRandomOrder' | 'samples'>,
  hooks: CaptureHooks,
): Resampling {
  const none: Resampling = { blocks: 0, shuffle: null };
  if (!extras || (extras.blocks === 0 && extras.shuffles === 0)) return none;
  const without = (reason: string) => {
    hooks.note(`Layer ${layer.name}: no intervals and no null (${reason}).`);
    return none;
  };
  if (!pass.isRandomOrder) return without('the data is too large to be read in a random order');
  const bytes = jointUnits(layer) ** 2 * 8;
  const blocks = Math.min(extras.blocks, Math.floor(momentBytes / bytes), pass.samples);
  const shuffles = Math.min(extras.shuffles, Math.floor(momentBytes / bytes));
  if (extras.blocks > 0 && blocks < fewestBlocks)
    return without(
      `moments of ${fewestBlocks} groups of images would not fit in 1 GiB, or there are too few images`,
    );
  if (shuffles > 0 && pass.batch < fewestShuffledImages) {
    hooks.note(`Layer ${layer.name}: no null (batches of ${pass.batch} images leave nothing to shuffle).`);
    return { blocks, shuffle: null };
  }
  return { blocks, shuffle: shuffles > 0 ? { count: shuffles, seed: extras.seed } : null };
}

/** Samples of a layer whose values fit its share of the memory for bin edges. */
export function edgeRows(layers: readonly LayerPlan[], index: number): number {
  return Math.floor(edgeValues / layers.length / jointUnits(layers[index]));
}

/** Every shard draws rotations of its own; the first draws those of a whole pass. */
export function shardShuffle(
  { shuffle }: Resampling,
  { range }: Pick<DataPass, 'range'>,
): Resampling['shuffle'] {
  return shuffle && { ...shuffle, seed: (shuffle.seed + range.first) % Number.MAX_SAFE_INTEGER };
}

/** Whether moments, statistics, top inputs and average inputs are all that is wanted: they can be taken in the graph. */
export function areMomentsEnough({ extras, layers }: CaptureRequest, layer: number): boolean {
  return (
    layer < layers.length &&
    (!extras || (extras.shuffles === 0 && extras.sampleRows === 0 && extras.bins === 0))
  );
}
