import { AppError } from '#core/errors.ts';
import { jointUnits, type LayerPlan } from './tap-plan.ts';
import type { Resampling } from './resampling.ts';

/** Layers one after the other whose moments are taken in one pass over the data. */
export interface LayerGroup {
  first: number;
  count: number;
}

/** What the moments of one layer take while a pass goes on. */
interface MomentBytes {
  name: string;
  /** All of it. */
  total: number;
  /** The part in kernel memory, which has 4 GiB at most. */
  kernel: number;
}

/** Memory that moments may take. */
interface MomentBounds {
  total: number;
  kernel: number;
  /** Where the bound comes from, for people. */
  because: string;
}

/** Share of the memory that is free which moments may take where nobody says. */
const freeShare = 0.5;
/** Of kernel memory, the rest is for what is packed. */
const kernelShare = 0.9;

/** Float64 moments and float32 products of every fold; moments of the groups of images; both of the shuffles. */
export function momentBytesOf(layer: LayerPlan, folds: number, { blocks, shuffle }: Resampling): MomentBytes {
  const entries = jointUnits(layer) ** 2;
  const shuffles = shuffle?.count ?? 0;
  const groups = blocks > 1 ? blocks * folds : 0;
  const kernel = entries * 4 * (folds + shuffles);
  return { name: layer.name, kernel, total: kernel + entries * 8 * (folds + shuffles + groups) };
}

export function momentBounds(
  asked: number | undefined,
  kernelLeft: number,
  free = process.availableMemory(),
): MomentBounds {
  const kernel = kernelLeft * kernelShare;
  return asked === undefined
    ? { total: free * freeShare, kernel, because: 'half of the memory that is free' }
    : { total: asked, kernel, because: "the recipe's memory" };
}

/**
 * As few passes as keep the moments of each within bounds, layers in the recipe's order.
 *
 * @throws AppError where one layer alone is too much; `details.layer` names it
 */
export function planPasses(layers: readonly MomentBytes[], bounds: MomentBounds): LayerGroup[] {
  const groups: LayerGroup[] = [];
  let [total, kernel] = [0, 0];
  layers.forEach((layer, index) => {
    if (layer.total > bounds.total || layer.kernel > bounds.kernel) throw tooLarge(layer, bounds);
    total += layer.total;
    kernel += layer.kernel;
    const current = groups.at(-1);
    if (current && total <= bounds.total && kernel <= bounds.kernel) return void current.count++;
    groups.push({ first: index, count: 1 });
    ({ total, kernel } = layer);
  });
  return groups;
}

/** Why there is more than one pass. */
export function passesWords(
  groups: readonly LayerGroup[],
  layers: readonly MomentBytes[],
  bounds: MomentBounds,
) {
  const total = layers.reduce((sum, layer) => sum + layer.total, 0);
  const names = groups.map(({ first, count }) =>
    layers
      .slice(first, first + count)
      .map(({ name }) => name)
      .join(', '),
  );
  const reason =
    total > bounds.total
      ? `more than ${bounds.because} (${gib(bounds.total)} GiB)`
      : 'more than one pass can hold';
  return (
    `${groups.length} passes over the data, because the moments of all layers need ${gib(total)} GiB, ${reason}: ` +
    `${names.join('; ')}.`
  );
}

function tooLarge({ name, total, kernel }: MomentBytes, bounds: MomentBounds): AppError {
  const isBound = total > bounds.total;
  const [needed, most] = isBound ? [total, bounds.total] : [kernel, bounds.kernel];
  const what = isBound ? bounds.because : 'one pass can hold';
  return new AppError(
    'not-available',
    `The moments of layer ${name} need ${gib(needed)} GiB, more than ${what} (${gib(most)} GiB); compare fewer ` +
      'networks at once, ask for no resampling, or use a sampling with fewer units than flatten.',
    { layer: name, tooLargeMoments: true },
  );
}

function gib(bytes: number): string {
  return (bytes / 2 ** 30).toPrecision(2);
}
