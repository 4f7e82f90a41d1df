import {
  captureArrayName,
  secondArrayName,
  sumsAsked,
  type SecondPassRequest,
  type SecondPassSummary,
} from '#core/ipc/engine.ts';
import type { SecondShardSummary } from '#core/ipc/shard.ts';
import { AppError } from '#core/errors.ts';
import type { ArrayFile } from '#core/ipc/engine.ts';
import type { NamedArray } from '#core/domain/result.ts';
import type { StateReader, StateWriter } from '../accumulate/saved-state.ts';
import { SquaredNorms } from '../accumulate/squared-norms.ts';
import { readArray, writeArrayFile } from '../files/array-file.ts';
import { CountThreads } from '../histograms/count-threads.ts';
import { BlockedInformations, type BetweenBlocks } from '../histograms/blocked-informations.ts';
import { informationArrays } from '../histograms/information-arrays.ts';
import { JointCounter } from '../histograms/joint-counter.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import { DataPass, type BatchSink } from './data-pass.ts';
import { goingOn, type NotingHooks } from './going-on.ts';
import { keptLayers, requireDisk } from './kept-layers.ts';
import { shardCounts } from './shard-counts.ts';

/** A second pass over the data, for sums that need what the first found: means, or bin edges. */
export async function secondPass(
  request: SecondPassRequest,
  threads: number,
  hooks: CaptureHooks,
): Promise<SecondPassSummary> {
  const { timings, leftMs, arrays } = await goingOn(request, hooks, (asked, noting) =>
    onePass(asked, threads, noting),
  );
  return { timings, ...(request.trialOf !== undefined && { leftMs }), arrays };
}

/** The part of a second pass that `request.shard` names: sums that are added to those of the other shards. */
export async function secondShard(
  request: SecondPassRequest,
  threads: number,
  hooks: CaptureHooks,
): Promise<SecondShardSummary> {
  const { shard } = request;
  if (!shard) throw new AppError('internal', 'The request names no shard.');
  const { pass, arrays, timings } = await goingOn(request, hooks, (asked, noting) =>
    onePass(asked, threads, noting),
  );
  const { samples: images, range, batch, orderHash } = pass;
  return { shard, range, images, batch, orderHash, timings, arrays };
}

async function onePass(
  request: SecondPassRequest,
  threads: number,
  hooks: NotingHooks,
): Promise<SecondPassSummary & { pass: DataPass }> {
  const pass = await DataPass.open({ ...request, layerMap: false }, threads, hooks);
  let second: SecondSums | null = null;
  try {
    second = new SecondSums(request, pass, threads);
    pass.begin();
    await pass.run(second, 'counting', { sums: sumsAsked(request) });
    const finishing = performance.now();
    const arrays = await second.finish();
    pass.timings.accumulateMs += performance.now() - finishing;
    return { pass, timings: pass.timings, leftMs: second.leftMs, arrays };
  } finally {
    await second?.close();
    await pass.close();
  }
}

class SecondSums implements BatchSink {
  readonly #request: SecondPassRequest;
  readonly #pass: DataPass;
  readonly #norms: SquaredNorms[];
  readonly #counters: JointCounter[];
  readonly #threads: CountThreads;
  /** Of the layers whose codes are kept; null where none are, and for shards, whose codes are counted together. */
  readonly #blocked: BlockedInformations | null;
  #written: ArrayFile | null = null;
  /** Of a trial: see `SecondPassSummary`. */
  leftMs = 0;
  readonly readsInputs = false;

  constructor(request: SecondPassRequest, pass: DataPass, threads: number) {
    this.#request = request;
    this.#pass = pass;
    this.#threads = new CountThreads(threads);
    const mean = (layer: number) => this.#array(layer, 'mean');
    const layers = pass.layers.map((_, layer) => layer);
    this.#norms = request.squaredNorms
      ? layers.map((layer) => new SquaredNorms(this.#layer(layer), mean(layer)))
      : [];
    const sums = { ...request, hasHalves: request.halves };
    const kept = keptLayers(
      request.capture.layers.map(({ units }) => units),
      sums,
      request.memoryBytes,
    );
    if (request.bins > 0) requireDisk(request, pass, kept);
    this.#counters = request.bins > 0 ? layers.map((layer) => this.#counter(layer, kept.has(layer))) : [];
    const coded = this.#counters.flatMap(({ kept: codes }, layer) =>
      codes ? [{ layer, runs: codes.runs }] : [],
    );
    this.#blocked =
      coded.length > 0 && !request.shard ? new BlockedInformations(coded, sums, request.outFile) : null;
  }

  async add(images: Int32Array, folds: Uint8Array): Promise<void> {
    for (const norms of this.#norms) norms.add(images.length, folds);
    for (const counter of this.#counters) await counter.add(images.length, folds);
  }

  /** Nothing is in flight between batches. */
  settle(): Promise<void> {
    return Promise.resolve();
  }

  save(state: StateWriter): void {
    this.#norms.forEach((norms, layer) => norms.save(state.within(`${layer}/norms`)));
    this.#counters.forEach((counter, layer) => counter.save(state.within(`${layer}/counts`)));
    this.#blocked?.save(state.within('blocked'));
  }

  restore(state: StateReader): void {
    this.#norms.forEach((norms, layer) => norms.restore(state.within(`${layer}/norms`)));
    this.#counters.forEach((counter, layer) => counter.restore(state.within(`${layer}/counts`)));
    this.#blocked?.restore(state.within('blocked'));
  }

  /** Counts the codes that were kept. */
  async conclude(between: BetweenBlocks): Promise<void> {
    for (const counter of this.#counters) await counter.end();
    if (!this.#blocked) return;
    const { trialOf } = this.#request;
    const share = (trialOf ?? 0) / this.#pass.samples;
    const samplesOf = (layer: number) => share * this.#pass.trainSamples(layer);
    if (trialOf !== undefined) this.leftMs = await this.#blocked.trial(this.#threads, samplesOf);
    else this.#written = await this.#blocked.count(this.#threads, between);
  }

  /** Ends the threads that count. */
  async close(): Promise<void> {
    await this.#threads.close();
    for (const { kept } of this.#counters) kept?.close();
  }

  /** Writes what was summed and counted behind what `conclude` wrote. */
  async finish(): Promise<ArrayFile> {
    const { outFile, pairs, shard } = this.#request;
    const arrays: NamedArray[] = this.#norms.map(({ sums }, layer) => {
      const networks = Math.sqrt(sums.length);
      return {
        name: secondArrayName(layer, 'norms'),
        dtype: 'float64',
        rows: networks,
        cols: networks,
        data: sums,
      };
    });
    for (const [layer, counter] of this.#counters.entries()) {
      const units = this.#request.capture.layers[layer].units;
      if (shard) arrays.push(...(await shardCounts(layer, counter, { units, pairs })));
      else if (!counter.kept) {
        const found = await counter.informations();
        arrays.push(...pairs.flatMap((pair, index) => informationArrays(layer, pair, found[index])));
      }
    }
    return writeArrayFile(this.#written ?? outFile, arrays, shard !== undefined);
  }

  #layer(layer: number) {
    const { layers, memory } = this.#pass;
    const mask = this.#pass.maskOf(layer);
    return { parts: this.#pass.partsOf(layer), positions: layers[layer].positions, mask, memory };
  }

  #array(layer: number, what: string): Float64Array {
    return readArray(this.#request.capture.arrays, captureArrayName(layer, 'train', what))
      .data as Float64Array;
  }

  #counter(layer: number, isKept: boolean): JointCounter {
    const { pairs, bins, outFile } = this.#request;
    const edges = this.#array(layer, 'edges');
    const hasHalves = this.#request.halves;
    return new JointCounter({
      ...this.#layer(layer),
      // Every shard shuffles by random numbers of its own.
      ...{ batch: this.#pass.batch, pairs, bins, edges, seed: this.#pass.range.first, hasHalves },
      threads: this.#threads,
      ...(isKept && { keepIn: `${outFile}.codes-${layer}` }),
    });
  }
}
