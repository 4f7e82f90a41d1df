import type { JobProgress } from '#core/domain/job.ts';
import type {
  CheckpointPosition,
  EngineData,
  ImageRange,
  PassRequest,
  PassState,
  PassTimings,
  SkippedSample,
} from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import type { AccumulatorPart } from '../accumulate/layer-accumulator.ts';
import type { KernelMemory } from '../accumulate/pack-units.ts';
import { stateLayout } from '../accumulate/saved-state.ts';
import { Fusion } from '../fused/fusion.ts';
import { openDataset, requireNoneLeftOut, shownFormat, type Dataset } from '../data/dataset.ts';
import { DecodeAhead, decodingThreads, type DecodedBatch } from '../data/decode-ahead.ts';
import type { Feed } from '../data/feeds.ts';
import { inOrder, randomOrder } from '../data/read-order.ts';
import type { SampleIds } from '../data/sample-ids.ts';
import type { SampleFormat } from '../data/sample-format.ts';
import { shardRange } from '../data/shard-range.ts';
import { TokenMask } from '../data/token-mask.ts';
import { engineVersions } from '../rpc/engine-facts.ts';
import type { BoundNetwork } from './bind-inputs.ts';
import { averagedPictures, feedListOf, storedInputs, type FedPictures } from './bound-feeds.ts';
import { conclude } from './conclude-pass.ts';
import type { FeedList } from './feed-tensors.ts';
import { isModel, releaseAll, type ActivationSource } from './activation-source.ts';
import { takeUp, withKnownSkips, type NotingHooks } from './going-on.ts';
import { openNetworks } from './open-networks.ts';
import { orderHash } from './order-hash.ts';
import { batchOf, requireBatchFits } from './pass-batch.ts';
import { PassBuffers } from './pass-buffers.ts';
import { foldsOf } from './pass-folds.ts';
import { PassKeeper, type KeptSums } from './pass-keeper.ts';
import { leaveOut } from './pass-notes.ts';
import { commonSamples } from './same-lengths.ts';
import { runNetwork } from './run-network.ts';
import type { SavedActivations } from './saved-activations.ts';
import { openSaved, sameIds } from './saved-networks.ts';
import {
  fixedBatch,
  layerMapRule,
  planLayer,
  planLayerMap,
  runFailure,
  tapDimensions,
  type LayerPlan,
  type Tap,
} from './tap-plan.ts';

/** What a pass does with every batch of activations. */
export interface BatchSink extends KeptSums {
  /**
   * Adds the batch that lies in kernel memory; the buffers may be overwritten once it resolves. `inputs`: what the
   * networks read, [images x values].
   */
  add(images: Int32Array, folds: Uint8Array, inputs: Float32Array): Promise<void>;
  /** Whether `add` reads `inputs`: the decoder's buffer is then kept until it resolves. */
  readonly readsInputs: boolean;
  /** What is left to do once the data are read; `between` is called after every step of it. */
  conclude?(between: (done: number, total: number) => Promise<void>): Promise<void>;
}

/** What a pass reads: one of several is told which part of the reading order the first of them found to be its own. */
type RangedRequest = PassRequest & { range?: ImageRange | undefined };

const progressIntervalMs = 100;
const noInputs = new Float32Array(0);
const noBatch: DecodedBatch = { feeds: [], count: 0 };

/**
 * Reads the data once: every network runs on the same batch and leaves its activations in kernel memory, where a sink
 * takes them. Open, let sinks reserve memory, `begin`, `run`, `close`.
 */
export class DataPass {
  readonly memory: KernelMemory;
  readonly networks: ActivationSource[];
  /** The inputs of those that are run, in the same order. */
  readonly bound: (BoundNetwork | null)[];
  /** How inputs are shown; null where there are none. */
  readonly format: SampleFormat | null;
  readonly samples: number;
  /** The data as it is read: with the samples left out that cannot be. */
  readonly data: EngineData | null;
  readonly skipped: SkippedSample[];
  /** What average inputs are taken of; null where inputs are no pictures. */
  readonly averaged: FedPictures | null;
  readonly layers: LayerPlan[];
  readonly batch: number;
  /** The part of the reading order that is the pass's own: all of it, or a shard's. */
  readonly range: ImageRange;
  /** Where reading starts: where the range does, or where an earlier pass stopped. */
  readonly first: number;
  /** Fold of every image, by its index: 1 = test. */
  readonly folds: Uint8Array;
  /** Image indices in the order they are read, and whether that order is random. */
  readonly order: Int32Array;
  readonly isRandomOrder: boolean;
  readonly orderHash: string;
  /** What is taken inside the networks' graphs; null where every activation leaves them. */
  readonly fusion: Fusion | null;
  readonly timings: PassTimings;
  readonly #request: PassRequest;
  readonly #hooks: NotingHooks;
  readonly #isBatchFixed: boolean;
  readonly #isImages: boolean;
  readonly #feeds: FeedList;
  readonly #buffers: PassBuffers;
  readonly #from: PassState | null;
  readonly #decoder: DecodeAhead | null;
  readonly #started: number;

  /**
   * @param averages whether a sink takes average inputs
   * @param wantsMoments whether a sink is content with a layer's moments where they are taken in the graph
   */
  static async open(
    request: RangedRequest,
    threads: number,
    hooks: NotingHooks,
    averages = false,
    wantsMoments: (layer: number) => boolean = () => false,
  ): Promise<DataPass> {
    const started = performance.now();
    const from = request.checkpoints?.from ?? null;
    const dataset = request.data && (await openDataset(withKnownSkips(request.data, from)));
    const networks: ActivationSource[] = [];
    const decoder = dataset && new DecodeAhead(dataset.images ? decodingThreads(threads) : 1);
    try {
      const saved = await openSaved(request);
      if (dataset && request.data && saved.size > 0) requireNoneLeftOut(dataset, request.data);
      const skipped = from?.position.skipped ?? (dataset ? await leaveOut(dataset, request, hooks) : []);
      const names = skipped.map(({ name }) => name);
      const data = request.data && skipped.length > 0 ? { ...request.data, skipped: names } : request.data;
      const samples = commonSamples(
        dataset && { label: dataset.label, rows: dataset.rows },
        [...saved.values()],
        data?.limit ?? request.limit,
      );
      const ids = await sameIds(request, dataset?.file ?? null, [...saved.values()], samples, (sentence) =>
        hooks.note(sentence),
      );
      const inputs = dataset && data ? { dataset, data } : null;
      const bound = await openNetworks(request, { threads, hooks, saved, inputs }, networks);
      const fixed = fixedBatch(bound.filter((network) => network !== null));
      const taps: Tap[][] = [];
      for (const [index, network] of networks.entries()) {
        const run = bound[index];
        taps.push(run ? await tapDimensions(run, fixed ?? 1) : (network as SavedActivations).taps);
      }
      const mask = data && (await TokenMask.open(dataset, data, samples));
      const layers = request.layers.map((layer) => planLayer(layer, networks, taps, mask));
      if (request.layerMap) layers.push(planLayerMap(request.layers, networks, taps, mask));
      const shown = dataset && data ? await shownFormat(dataset, data) : null;
      const { planned, ...sized } = await batchOf(request, { fixed, bound, taps, samples }, hooks);
      let { batch } = sized;
      if (from) {
        requireBatchFits(from.position.batch, { planned: batch, fixed: fixed ?? request.batch });
        ({ batch } = from.position);
      }
      const fusion = await Fusion.open(
        {
          ...{ networks, bound, taps, layers, batch, samples, threads },
          rules: layers.map((_, layer) => request.layers[layer]?.sample ?? layerMapRule),
          wantsMoments: layers.map((_, layer) => wantsMoments(layer)),
        },
        hooks,
      );
      return new DataPass({
        ...{ request, from, fusion, hooks, networks, bound, shown, data, dataset, skipped, samples, ids },
        ...{ averaged: averages ? averagedPictures(bound, shown) : null },
        ...{ taps, layers, decoder, batch, planned, isBatchFixed: fixed !== null, started },
      });
    } catch (error) {
      await decoder?.close();
      await releaseAll(networks);
      throw error;
    } finally {
      dataset?.close();
    }
  }

  private constructor(parts: {
    request: RangedRequest;
    from: PassState | null;
    hooks: NotingHooks;
    networks: ActivationSource[];
    bound: (BoundNetwork | null)[];
    shown: FedPictures | null;
    averaged: FedPictures | null;
    data: EngineData | null;
    dataset: Dataset | null;
    skipped: SkippedSample[];
    samples: number;
    ids: SampleIds | null;
    taps: Tap[][];
    layers: LayerPlan[];
    decoder: DecodeAhead | null;
    batch: number;
    /** The batch that shards are cut by. */
    planned: number;
    isBatchFixed: boolean;
    fusion: Fusion | null;
    started: number;
  }) {
    const { request, networks, bound, dataset, samples, layers, taps } = parts;
    this.#request = request;
    this.#hooks = parts.hooks;
    this.networks = networks;
    this.bound = bound;
    this.format = parts.shown?.format ?? null;
    this.averaged = parts.averaged;
    this.data = parts.data;
    this.skipped = parts.skipped;
    this.#isImages = dataset?.images !== undefined;
    this.#feeds = feedListOf(bound);
    if (this.averaged) this.#feeds.indexOf(this.averaged.feed);
    const { feeds } = this.#feeds;
    this.samples = samples;
    this.layers = layers;
    this.#isBatchFixed = parts.isBatchFixed;
    this.batch = parts.batch;
    this.#from = parts.from;
    const whole = { first: 0, end: samples };
    this.range = request.range ?? (request.shard ? shardRange(request.shard, samples, parts.planned) : whole);
    this.first = parts.from?.position.done ?? this.range.first;
    this.fusion = parts.fusion;
    this.folds = foldsOf(request, samples);
    const inputs = dataset && parts.data ? storedInputs(feeds, dataset, parts.data) : 0;
    const stored = networks.reduce(
      (sum, network) => sum + (isModel(network) ? 0 : network.storedBytes),
      inputs,
    );
    const random = request.orderSeed === null ? null : randomOrder(samples, stored, request.orderSeed);
    this.isRandomOrder = random !== null;
    this.order = random ?? inOrder(samples);
    this.orderHash = orderHash(this.order, this.folds, parts.ids);
    this.#decoder = parts.decoder;
    this.#started = parts.started;
    this.#buffers = new PassBuffers(taps, layers, parts.batch);
    this.memory = this.#buffers.memory;
    this.timings = parts.from
      ? { ...parts.from.position.timings }
      : { sessionMs: 0, decodeWaitMs: 0, inferenceMs: 0, accumulateMs: 0 };
  }

  /** The parts of a layer as an accumulator reads them. */
  partsOf(layer: number): AccumulatorPart[] {
    return this.layers[layer].parts.map(({ network, plan }, index) => ({
      network: this.networks[network].name,
      units: plan.units,
      source: this.#buffers.source(layer, index),
    }));
  }

  /** Address of the batch's mask of a layer (`AccumulatorOptions.mask`). */
  maskOf(layer: number): number {
    return this.#buffers.mask(layer);
  }

  /** Samples of the training fold in one layer. */
  trainSamples(layer: number): number {
    const { mask, positions } = this.layers[layer];
    if (!mask) return this.trainImages * positions;
    return this.folds.reduce((sum, fold, image) => sum + (fold === 0 ? mask.countOf(image) : 0), 0);
  }

  /** Those of images that are read before the pass's own range. */
  trainSamplesBefore(layer: number): number {
    const { mask, positions } = this.layers[layer];
    if (!mask) return this.trainImagesBefore * positions;
    const before = this.order.subarray(0, this.range.first);
    return before.reduce((sum, image) => sum + (this.folds[image] === 0 ? mask.countOf(image) : 0), 0);
  }

  get trainImages(): number {
    return this.samples - this.testImages;
  }

  get testImages(): number {
    return this.folds.reduce((sum, fold) => sum + fold, 0);
  }

  /** Training images that are read before the pass's own range. */
  get trainImagesBefore(): number {
    const before = this.order.subarray(0, this.range.first);
    return before.reduce((sum, image) => sum + 1 - this.folds[image], 0);
  }

  /** Fixes the memory and starts decoding. */
  begin(): void {
    this.memory.freeze();
    const order = this.isRandomOrder ? this.order : null;
    const { data, first, batch } = this;
    const reading = { samples: this.range.end, first, batch, order };
    if (this.#isDecoding && data)
      this.#decoder?.begin(data, this.#feeds.feeds, { ...reading, isImages: this.#isImages });
    for (const network of this.networks) if (!isModel(network)) network.begin(reading);
    this.timings.sessionMs += performance.now() - this.#started;
  }

  /**
   * Reads what was not read before, from the checkpoint on where there is one.
   *
   * @param made what the sink's state depends on besides
   * @param pass which of several passes over the data, from 0
   * @throws UnfitState where the checkpoint is of another pass
   */
  async run(
    sink: BatchSink,
    stage: JobProgress['stage'],
    made: Record<string, string> = {},
    pass = { number: 0, of: 1 },
  ): Promise<void> {
    const facts = { ...this.#made(), ...made };
    if (this.#from) takeUp(this.#from, sink, facts, this.range.end, this.#hooks);
    const number = pass.number > 0 ? { pass: pass.number } : {};
    const position = (done: number) => ({ ...number, ...this.#positionOf(done, facts) });
    const { checkpoints } = this.#request;
    // A look for bad files is worth keeping by itself; what opening takes is not.
    const hasLooked = this.data?.onError === 'skip' && !this.#from;
    const started = hasLooked ? this.#started : performance.now();
    const keeper = new PassKeeper(checkpoints, this.#hooks, sink, position, started);
    try {
      if (hasLooked) await keeper.between(this.first);
      await this.#read(sink, stage, keeper);
      const concluding = performance.now();
      await conclude(sink, stage, this.range.end, keeper, this.#hooks);
      this.timings.accumulateMs += performance.now() - concluding;
      // The next pass may be interrupted; the last one's sums are about to be stored.
      if (pass.number < pass.of - 1) await keeper.ended(this.range.end);
    } finally {
      await keeper.close();
    }
    this.timings.decodeWaitMs += this.#decoder?.waitedMs ?? 0;
  }

  async #read(sink: BatchSink, stage: JobProgress['stage'], keeper: PassKeeper): Promise<void> {
    const { first: start, end } = this.range;
    const decoder = this.#isDecoding ? this.#decoder : null;
    const pictures = sink.readsInputs && this.averaged ? this.#feeds.indexOf(this.averaged.feed) : -1;
    let started = performance.now();
    let announced = 0;
    const announce = (done: number, rate: number) =>
      this.#hooks.progress({ stage, done: done - start, total: end - start, unit: 'images', rate });
    announce(this.first, 0);
    for (let first = this.first; first < end; first += this.batch) {
      const decoded = decoder ? await decoder.next() : noBatch;
      const count = Math.min(this.batch, end - first);
      const inferring = performance.now();
      const images = this.order.subarray(first, first + count);
      const folds = Uint8Array.from(images, (image) => this.folds[image]);
      for (const network of this.networks.keys()) await this.#infer(network, decoded, images, folds);
      if (!sink.readsInputs) decoder?.release();
      const accumulating = performance.now();
      this.#buffers.reduce(images, (layer, part) => this.fusion?.isSampled(layer, part) ?? false);
      await sink.add(images, folds, pictures < 0 ? noInputs : (decoded.feeds[pictures] as Float32Array));
      if (sink.readsInputs) decoder?.release();
      const now = performance.now();
      this.timings.inferenceMs += accumulating - inferring;
      this.timings.accumulateMs += now - accumulating;
      if (now - announced > progressIntervalMs || first + count === end) {
        announced = now;
        announce(first + count, ((first + count - this.first) * 1000) / (now - started));
      }
      // A pause is no part of the rate.
      started += await keeper.step(first + count);
    }
  }

  /** What any state of this pass depends on beside its capture's key. */
  #made(): Record<string, string> {
    return {
      'layout of sums': stateLayout,
      onnxruntime: engineVersions().onnxruntime,
      provider: this.networks.map(({ provider }) => provider.used).join(', '),
      'order of samples': this.orderHash,
      'part of the order': `${this.range.first} to ${this.range.end}`,
    };
  }

  #positionOf(done: number, made: Record<string, string>): CheckpointPosition {
    const { batch, skipped } = this;
    const decodeWaitMs = this.timings.decodeWaitMs + (this.#decoder?.waitedMs ?? 0);
    const timings = { ...this.timings, decodeWaitMs };
    return { done, batch, made, timings, skipped, notes: [...this.#hooks.said] };
  }

  async close(): Promise<void> {
    await this.#decoder?.close();
    await releaseAll(this.networks);
  }

  /** Whether anything reads the inputs: saved activations need none. */
  get #isDecoding(): boolean {
    return this.#feeds.feeds.length > 0;
  }

  /** Runs one network, or reads what it answered before; its activations are written straight into kernel memory. */
  async #infer(network: number, decoded: DecodedBatch, images: Int32Array, folds: Uint8Array): Promise<void> {
    const session = this.networks[network];
    const count = images.length;
    if (!isModel(session)) {
      for (const { tap, address, values: size } of this.#buffers.tapsOf(network))
        await session.next(tap, this.memory.float32(address, count * size));
      return;
    }
    const bound = this.bound[network];
    if (!bound) throw new AppError('internal', `${session.name} has no inputs.`);
    const rows = this.#isBatchFixed ? this.batch : count;
    const valuesOf = (feed: Feed) => decoded.feeds[this.#feeds.indexOf(feed)];
    const { memory, fusion } = this;
    const buffers = this.#buffers;
    try {
      if (fusion?.hasNetwork(network))
        await fusion.run(network, { images, folds, rows, bound: this.bound, valuesOf, buffers, memory });
      else await runNetwork(bound, rows, valuesOf, buffers.tapsOf(network), memory);
    } catch (error) {
      throw runFailure(session, error);
    }
  }
}
