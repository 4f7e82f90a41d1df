import type { PassRequest, SkippedSample } from '#core/ipc/engine.ts';
import { leaveOutBad, type Dataset } from '../data/dataset.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import { isModel, type ActivationSource } from './activation-source.ts';

/** Names of files shown in a note; the run's record has them all. */
const shownNames = 3;

/** Leaves out images that cannot be read, where the recipe says so, and says which. */
export async function leaveOut(
  dataset: Dataset,
  { data }: PassRequest,
  hooks: CaptureHooks,
): Promise<SkippedSample[]> {
  if (!data) return [];
  const skipped = await leaveOutBad(dataset, data, {
    progress: (done, total) => hooks.progress({ stage: 'checking', done, total, unit: 'images', rate: 0 }),
    checkpoint: () => hooks.checkpoint(),
  });
  if (skipped.length === 0) return [];
  const some = skipped.slice(0, shownNames).map(({ name }) => name);
  const more = skipped.length > some.length ? ` and ${skipped.length - some.length} more` : '';
  const were = skipped.length === 1 ? 'image was' : 'images were';
  hooks.note(`${skipped.length} unreadable ${were} left out, for all networks: ${some.join(', ')}${more}.`);
  return skipped;
}

/** Says which tensors are compared as integers, since nothing tells what their values are. */
export function noteIntegers(networks: readonly ActivationSource[], hooks: CaptureHooks): void {
  for (const { name, taps } of networks.filter(isModel))
    for (const { tensor, type, reading } of taps)
      if (reading === 'integers')
        hooks.note(
          `Tensor ${tensor} of ${name} is ${type} and no scale of it is known: its integers are compared as they are.`,
        );
}

/** Says once why a network runs on another provider than the one asked for. */
export function noteFallbacks(networks: readonly ActivationSource[], hooks: CaptureHooks): void {
  for (const reason of new Set(networks.map((network) => network.provider.fallbackReason))) {
    if (reason) hooks.note(reason);
  }
}
