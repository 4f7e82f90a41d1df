import { preprocessOf, type Preprocess } from '#core/domain/preprocess.ts';
import type { PassRequest, SkippedSample } from '#core/ipc/engine.ts';
import { leaveOutBad, type Dataset } from '../data/dataset.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import { isModel, type ActivationSource } from './activation-source.ts';

/** Parts of a picture that differ by less, in each direction, are the same: 224 of 256 and 299 of 342. */
const sameShare = 0.02;
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

/** Says which networks read another part of each picture than is shown and averaged. */
export function noteOtherCrops({ data, networks }: PassRequest, hooks: CaptureHooks): void {
  if (!data) return;
  const [first, ...others] = networks.filter((network) => 'modelPath' in network);
  for (const network of others) {
    const [one, other] = [first, network].map(({ preprocess }) => partOf(preprocess ?? preprocessOf(data)));
    if (
      one.of === other.of &&
      one.shares.every((share, at) => Math.abs(share - other.shares[at]) <= sameShare)
    )
      continue;
    hooks.note(
      `${network.name} reads ${wordsOf(other)} of each picture and ${first.name} ${wordsOf(one)}: average inputs show what ` +
        `${first.name} reads, and maps of ${network.name} do not line up with them.`,
    );
  }
}

interface Part {
  /** Shares of height and width, of a square where only the shorter side is told; or pixels where it is not resized. */
  shares: number[];
  of: 'picture' | 'pixels';
}

function partOf({ resize, crop }: Preprocess): Part {
  if (crop === undefined) return { shares: [1, 1], of: 'picture' };
  const kept = typeof crop === 'number' ? [crop, crop] : crop;
  if (resize === undefined) return { shares: kept, of: 'pixels' };
  const whole = typeof resize === 'number' ? [resize, resize] : resize;
  return { shares: kept.map((size, at) => size / whole[at]), of: 'picture' };
}

function wordsOf({ shares, of }: Part): string {
  return shares
    .map((share) => (of === 'pixels' ? `${share} px` : `${Math.round(100 * share)} %`))
    .join(' x ');
}

/** Says once why a network runs on another provider than the one asked for. */
export function noteFallbacks(networks: readonly ActivationSource[], hooks: CaptureHooks): void {
  for (const reason of new Set(networks.map((network) => network.provider.fallbackReason))) {
    if (reason) hooks.note(reason);
  }
}
