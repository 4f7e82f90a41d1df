import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { SecondPassRequest } from '#core/ipc/engine.ts';
import { groupsOf } from '../histograms/count-threads.ts';
import { countBytes, type CounterOptions } from '../histograms/joint-counter.ts';
import type { DataPass } from './data-pass.ts';

/** Share of the memory that is free which the joint counts of all layers may take, ... */
const freeShare = 0.5;
/** ... and what they take at most. */
const mostBytes = 2 ** 31;

/**
 * Layers whose codes are kept, because the joint counts of all layers would take too much memory: the fewest, largest
 * first.
 *
 * @param units of every network, by layer
 * @param asked what the recipe allows sums, bytes
 */
export function keptLayers(
  units: readonly (readonly number[])[],
  sums: Pick<CounterOptions, 'pairs' | 'bins' | 'hasHalves'>,
  asked = Infinity,
  free = process.availableMemory(),
): Set<number> {
  const most = Math.min(mostBytes, asked, free * freeShare);
  const bytes = units.map((counts) => countBytes(counts, sums));
  let total = bytes.reduce((sum, each) => sum + each, 0);
  const kept = new Set<number>();
  for (const layer of [...bytes.keys()].sort((one, other) => bytes[other] - bytes[one])) {
    if (total <= most) break;
    kept.add(layer);
    total -= bytes[layer];
  }
  return kept;
}

/** @throws AppError where the disk has no room for the codes of these layers */
export function requireDisk(
  { outFile, capture }: SecondPassRequest,
  pass: DataPass,
  kept: ReadonlySet<number>,
): void {
  if (kept.size === 0) return;
  const folder = dirname(outFile);
  const needed = [...kept].reduce((sum, layer) => {
    const groups = capture.layers[layer].units.reduce((total, count) => total + groupsOf(count), 0);
    return sum + groups * pass.trainSamples(layer);
  }, 0);
  const { bavail, bsize } = statfsSync(folder);
  if (needed <= bavail * bsize) return;
  const gib = (size: number) => (size / 2 ** 30).toFixed(1).replace(/\.0$/, '');
  throw new AppError(
    'not-available',
    `Mutual information of layers this wide keeps ${gib(needed)} GiB of bins in ${folder}, which has ` +
      `${gib(bavail * bsize)} GiB left; free some of it, or use fewer positions (sample: random), networks or layers at once.`,
    { path: folder },
  );
}
