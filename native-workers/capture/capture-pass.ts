import type { ArrayFile, CaptureRequest, CaptureSummary, ImageRange, PassRequest } from '#core/ipc/engine.ts';
import type { ShardSummary } from '#core/ipc/shard.ts';
import { chooseSymmetricProduct } from '../linalg/symmetric-product.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import { DataPass } from './data-pass.ts';
import { explained } from './explain-failure.ts';
import { goingOn, layersFact, type NotingHooks } from './going-on.ts';
import { joinedPasses } from './joined-passes.ts';
import { momentBounds, momentBytesOf, passesWords, planPasses, type LayerGroup } from './moment-passes.ts';
import { noteFallbacks, noteIntegers, noteOtherCrops } from './pass-notes.ts';
import { areMomentsEnough, resamplingOf } from './resampling.ts';
import { jointUnits } from './tap-plan.ts';
import { Capture, extrasOf } from './capture-sink.ts';

/**
 * One pass over the data: every layer's joint moments, unit statistics and top inputs are accumulated per fold, with
 * what `request.extras` asks for besides, and the arrays are written to `request.outFile`. Where the moments of all
 * layers would not fit in memory it is several passes, each for some of the layers; the answer is the same to the bit.
 */
export function capturePass(
  request: CaptureRequest,
  threads: number,
  hooks: CaptureHooks,
): Promise<CaptureSummary> {
  return goingOn(request, hooks, (asked, noting) =>
    inPasses(asked, threads, noting, (capture) => capture.finish()),
  );
}

/**
 * The part of a pass that `request.shard` names: its sums are written, to be merged with those of the other shards. In
 * how many passes a machine takes them changes none of their bits.
 */
export function captureShard(
  request: CaptureRequest,
  threads: number,
  hooks: CaptureHooks,
): Promise<ShardSummary> {
  return goingOn(request, hooks, (asked, noting) =>
    inPasses(asked, threads, noting, (capture) => capture.finishShard()),
  );
}

/**
 * Opens a pass as a machine without a card would, whose batches are not larger than a card's.
 *
 * @throws AppError where there are fewer batches than `request.shard` says shards, or networks and data do not fit
 */
export async function requireShards(request: PassRequest, hooks: CaptureHooks): Promise<void> {
  const pass = await DataPass.open({ ...request, provider: 'cpu' }, 1, { ...hooks, said: new Set() });
  await pass.close();
}

async function inPasses<Summary extends CaptureSummary>(
  request: CaptureRequest,
  threads: number,
  hooks: NotingHooks,
  finish: (capture: Capture) => Promise<Summary>,
): Promise<Summary> {
  const { summary, groups, range, alike } = await onePass(request, threads, hooks, null, finish);
  const summaries = [summary];
  const { checkpoints } = request;
  for (let pass = 1; pass < groups.length; pass++) {
    const from = checkpoints?.later.find(({ position }) => position.pass === pass) ?? null;
    const asked = { ...request, ...alike, checkpoints: checkpoints && { ...checkpoints, from } };
    const continued = { groups, pass, range, arrays: summaries.at(-1)!.arrays };
    summaries.push((await onePass(asked, threads, hooks, continued, finish)).summary);
  }
  return joinedPasses(summaries);
}

/** What a pass after the first takes over: the plan, its place in it, what is read, and the file it adds to. */
interface Continued {
  groups: LayerGroup[];
  pass: number;
  range: ImageRange;
  arrays: ArrayFile;
}

interface Passed<Summary> {
  summary: Summary;
  /** The plan of all passes. */
  groups: LayerGroup[];
  /** The part of the reading order that was read: batches of the size that `alike` has might cut it elsewhere. */
  range: ImageRange;
  /** What further passes must be asked for to be alike. */
  alike: Pick<CaptureRequest, 'batch' | 'data'>;
}

async function onePass<Summary>(
  request: CaptureRequest,
  threads: number,
  hooks: NotingHooks,
  continued: Continued | null,
  finish: (capture: Capture) => Promise<Summary>,
): Promise<Passed<Summary>> {
  const wantsMoments = (layer: number) => areMomentsEnough(request, layer);
  const asked = { ...request, range: continued?.range };
  const pass = await DataPass.open(asked, threads, hooks, request.extras?.averageInputs, wantsMoments);
  let capture: Capture | null = null;
  try {
    noteFallbacks(pass.networks, hooks);
    noteIntegers(pass.networks, hooks);
    noteOtherCrops(request, hooks);
    const groups = continued?.groups ?? planned(request, pass, hooks);
    const number = continued?.pass ?? 0;
    const group = groups[number];
    const product = await chooseSymmetricProduct(threads, Math.max(...pass.layers.map(jointUnits)));
    capture = new Capture(request, pass, { group, after: continued?.arrays }, product, hooks);
    pass.begin();
    const algebra = [product.title, pass.fusion?.title].filter(Boolean).join(', ');
    const layers = pass.layers.slice(group.first, group.first + group.count).map(({ name }) => name);
    const made = {
      'linear algebra': algebra,
      ...(groups.length > 1 && { [layersFact]: layers.join(', ') }),
    };
    await pass.run(capture, 'capturing', made, { number, of: groups.length });
    const { range, batch, data } = pass;
    return { summary: await finish(capture), groups, range, alike: { batch, data } };
  } catch (error) {
    throw await explained(error, request, pass.networks, pass.samples);
  } finally {
    await capture?.drain();
    await pass.close();
  }
}

function planned(request: CaptureRequest, pass: DataPass, hooks: NotingHooks): LayerGroup[] {
  const folds = request.folds ? 2 : 1;
  const layers = pass.layers.map((layer, index) =>
    momentBytesOf(layer, folds, resamplingOf(layer, extrasOf(request, index), pass, hooks)),
  );
  const bounds = momentBounds(request.memoryBytes, pass.memory.left);
  const groups = planPasses(layers, bounds);
  if (groups.length > 1) hooks.note(passesWords(groups, layers, bounds));
  return groups;
}
