import type { PassRequest } from '#core/ipc/engine.ts';
import { UnfitState } from '../accumulate/saved-state.ts';
import { feedBytes } from '../data/feeds.ts';
import { chooseBatch, fittingBatch, type RunsOn } from './batch-size.ts';
import type { BoundNetwork } from './bind-inputs.ts';
import { feedListOf } from './bound-feeds.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import { runOnZeros, type Tap } from './tap-plan.ts';

/**
 * What the networks insist on, or the recipe says; else as many as the activations' budget and the memory that is free
 * allow. `planned` is the same on every machine.
 */
export async function batchOf(
  request: PassRequest,
  {
    fixed,
    bound: networks,
    taps,
    samples,
  }: {
    fixed: number | null;
    bound: readonly (BoundNetwork | null)[];
    taps: readonly Tap[][];
    samples: number;
  },
  hooks: CaptureHooks,
): Promise<{ batch: number; planned: number }> {
  if (fixed !== null) return { batch: fixed, planned: fixed };
  const run = networks.filter((network) => network !== null);
  const inputBytes = feedListOf(networks).feeds.reduce((sum, feed) => sum + feedBytes(feed), 0);
  const planned = Math.min(samples, chooseBatch(taps, request.batch, inputBytes, runsOn(run)));
  if (request.batch !== null || run.length === 0) return { batch: planned, planned };
  const { batch, perInput } = await fittingBatch(planned, inputBytes / 4, async (images) => {
    for (const network of run) await runOnZeros(network, images);
  });
  if (batch < planned)
    hooks.note(
      `The networks run on ${batch} input${batch === 1 ? '' : 's'} at a time: ${planned} would take about ` +
        `${((planned * perInput) / 2 ** 30).toFixed(1)} GiB of memory, more than half of what is free.`,
    );
  return { batch, planned };
}

/**
 * Refuses to go on with batches of another size than asked for, or than memory allows: what is planned takes at most
 * half of what is free, so twice as many still fit.
 *
 * @throws UnfitState
 */
export function requireBatchFits(
  stored: number,
  { planned, fixed }: { planned: number; fixed: number | null },
): void {
  if (fixed !== null && stored !== fixed)
    throw new UnfitState(`its batches had ${stored} images and now have ${fixed}`);
  if (stored > 2 * planned)
    throw new UnfitState(`its batches had ${stored} images and memory now allows ${planned}`);
}

function runsOn(networks: readonly BoundNetwork[]): RunsOn {
  if (networks.length === 0) return 'none';
  return networks.some(({ session }) => session.provider.used !== 'cpu') ? 'card' : 'processor';
}
