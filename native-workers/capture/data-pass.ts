import { createHash } from 'node:crypto';
import type { JobProgress } from '#core/domain/job.ts';
import type { EngineData, PassRequest, PassTimings, SkippedSample } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import type { AccumulatorPart } from '../accumulate/layer-accumulator.ts';
import { KernelMemory } from '../accumulate/pack-units.ts';
import { openDataset, requireNoneLeftOut, shownFormat, type Dataset } from '../data/dataset.ts';
import { DecodeAhead, type DecodedBatch } from '../data/decode-ahead.ts';
import { inOrder, randomOrder } from '../data/read-order.ts';
import { idsDigest, type SampleIds } from '../data/sample-ids.ts';
import type { SampleFormat } from '../data/sample-format.ts';
import { bindInputs, type BoundNetwork } from './bind-inputs.ts';
import { averagedPictures, feedListOf, storedInputs, type FedPictures } from './bound-feeds.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import { feedTensors, type FeedList } from './feed-tensors.ts';
import { isModel, releaseAll, type ActivationSource } from './activation-source.ts';
import { batchOf } from './pass-batch.ts';
import { foldsOf } from './pass-folds.ts';
import { leaveOut } from './pass-notes.ts';
import { commonSamples } from './same-lengths.ts';
import { releaseCopies } from './release-copies.ts';
import { runtime } from './runtime.ts';
import type { SavedActivations } from './saved-activations.ts';
import { openSaved, sameIds } from './saved-networks.ts';
import {
  choiceOf,
  fixedBatch,
  planLayer,
  planLayerMap,
  runFailure,
  tapDimensions,
  withKnownRanks,
  type LayerPlan,
  type PlannedPart,
  type Tap,
} from './tap-plan.ts';
import { openTappedSession } from './tapped-session.ts';

/** What a pass does with every batch of activations. */
export interface BatchSink {
  /**
   * Adds the batch that lies in kernel memory; the buffers may be overwritten once it resolves. `inputs`: what the
   * networks read, [images x values].
   */
  add(images: Int32Array, folds: Uint8Array, inputs: Float32Array): Promise<void>;
  /** Whether `add` reads `inputs`: the decoder's buffer is then kept until it resolves. */
  readonly readsInputs: boolean;
}

/** One tensor of one network in kernel memory. */
interface Buffer {
  tap: Tap;
  address: number;
  values: number;
}

const progressIntervalMs = 100;
/** Decoding threads beside those of inference. */
const mostDecodingThreads = 4;
const hashedAtOnce = 1 << 16;
const noInputs = new Float32Array(0);
const noBatch: DecodedBatch = { feeds: [], count: 0 };

/**
 * Reads the data once: every network runs on the same batch and leaves its activations in kernel memory, where a sink
 * takes them. Open, let sinks reserve memory, `begin`, `run`, `close`.
 */
export class DataPass {
  readonly memory = new KernelMemory();
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
  /** Fold of every image, by its index: 1 = test. */
  readonly folds: Uint8Array;
  /** Image indices in the order they are read, and whether that order is random. */
  readonly order: Int32Array;
  readonly isRandomOrder: boolean;
  readonly timings: PassTimings;
  readonly #request: PassRequest;
  readonly #hooks: CaptureHooks;
  readonly #isBatchFixed: boolean;
  readonly #isImages: boolean;
  readonly #feeds: FeedList;
  readonly #buffers: Buffer[][];
  /** Address of every part's [images, units, positions] values: its tensor's own, or where they are reduced to. */
  readonly #sources: number[][];
  readonly #decoder: DecodeAhead | null;
  readonly #ids: SampleIds | null;
  readonly #started: number;

  /** @param averages whether a sink takes average inputs */
  static async open(
    request: PassRequest,
    threads: number,
    hooks: CaptureHooks,
    averages = false,
  ): Promise<DataPass> {
    const started = performance.now();
    const dataset = request.data && (await openDataset(request.data));
    const networks: ActivationSource[] = [];
    const decoder = dataset && new DecodeAhead(dataset.images ? decodingThreads(threads) : 1);
    try {
      const saved = await openSaved(request);
      if (dataset && request.data && saved.size > 0) requireNoneLeftOut(dataset, request.data);
      const skipped = dataset ? await leaveOut(dataset, request, hooks) : [];
      const names = skipped.map(({ name }) => name);
      const data = request.data && skipped.length > 0 ? { ...request.data, skipped: names } : request.data;
      const samples = commonSamples(
        dataset && { label: dataset.label, rows: dataset.rows },
        [...saved.values()],
        data?.limit ?? request.limit,
      );
      const ids = await sameIds(
        request,
        dataset?.source ? dataset : null,
        [...saved.values()],
        samples,
        (sentence) => hooks.note(sentence),
      );
      const bound: (BoundNetwork | null)[] = [];
      for (const network of request.networks) {
        await hooks.checkpoint();
        if (!('modelPath' in network)) {
          networks.push(saved.get(network.name) as SavedActivations);
          bound.push(null);
          continue;
        }
        if (!dataset || !data) throw new AppError('internal', `${network.name} has no inputs.`);
        const options = {
          ...network,
          tensors: request.layers.map((layer) => choiceOf(layer, network.name)),
          provider: request.provider,
          threads,
        };
        const session = await openTappedSession(options);
        networks.push(session);
        const binding = await bindInputs(session, network, dataset, data);
        networks.pop();
        const known = await withKnownRanks(binding, options);
        networks.push(known.session);
        bound.push(known);
      }
      const fixed = fixedBatch(bound.filter((network) => network !== null));
      const taps: Tap[][] = [];
      for (const [index, network] of networks.entries()) {
        const run = bound[index];
        taps.push(run ? await tapDimensions(run, fixed ?? 1) : (network as SavedActivations).taps);
      }
      const layers = request.layers.map((layer) => planLayer(layer, networks, taps));
      if (request.layerMap) layers.push(planLayerMap(request.layers, networks, taps));
      const shown = dataset && data ? await shownFormat(dataset, data) : null;
      const batch = fixed ?? (await batchOf(request, bound, taps, samples, hooks));
      return new DataPass({
        ...{ request, hooks, networks, bound, shown, data, dataset, skipped, samples, ids },
        ...{ averaged: averages ? averagedPictures(bound, shown) : null },
        ...{ taps, layers, decoder, batch, isBatchFixed: fixed !== null, started },
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
    request: PassRequest;
    hooks: CaptureHooks;
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
    isBatchFixed: boolean;
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
    this.#ids = parts.ids;
    this.layers = layers;
    this.#isBatchFixed = parts.isBatchFixed;
    this.batch = parts.batch;
    this.folds = foldsOf(request, samples);
    const inputs = dataset && parts.data ? storedInputs(feeds, dataset, parts.data) : 0;
    const stored = networks.reduce(
      (sum, network) => sum + (isModel(network) ? 0 : network.storedBytes),
      inputs,
    );
    const random = request.orderSeed === null ? null : randomOrder(samples, stored, request.orderSeed);
    this.isRandomOrder = random !== null;
    this.order = random ?? inOrder(samples);
    this.#decoder = parts.decoder;
    this.#started = parts.started;
    this.#buffers = taps.map((list) => list.map((tap) => this.#reserveTap(tap)));
    this.#sources = layers.map((layer) => layer.parts.map((part) => this.#reserveSource(part)));
    this.timings = { sessionMs: 0, decodeWaitMs: 0, inferenceMs: 0, accumulateMs: 0 };
  }

  /** The parts of a layer as an accumulator reads them. */
  partsOf(layer: number): AccumulatorPart[] {
    return this.layers[layer].parts.map(({ network, plan }, index) => ({
      network: this.networks[network].name,
      units: plan.units,
      source: this.#sources[layer][index],
    }));
  }

  get trainImages(): number {
    return this.samples - this.testImages;
  }

  get testImages(): number {
    return this.folds.reduce((sum, fold) => sum + fold, 0);
  }

  /** Fixes the memory and starts decoding. */
  begin(): void {
    this.memory.freeze();
    const order = this.isRandomOrder ? this.order : null;
    const { data, samples, batch } = this;
    if (this.#isDecoding && data)
      this.#decoder?.begin(data, this.#feeds.feeds, { samples, batch, order, isImages: this.#isImages });
    for (const network of this.networks)
      if (!isModel(network)) network.begin(this.samples, this.batch, order);
    this.timings.sessionMs += performance.now() - this.#started;
  }

  async run(sink: BatchSink, stage: JobProgress['stage']): Promise<void> {
    const total = this.samples;
    const decoder = this.#isDecoding ? this.#decoder : null;
    const pictures = sink.readsInputs && this.averaged ? this.#feeds.indexOf(this.averaged.feed) : -1;
    let started = performance.now();
    let announced = 0;
    const announce = (done: number, rate: number) =>
      this.#hooks.progress({ stage, done, total, unit: 'images', rate });
    announce(0, 0);
    for (let first = 0; first < total; first += this.batch) {
      const decoded = decoder ? await decoder.next() : noBatch;
      const count = Math.min(this.batch, total - first);
      const inferring = performance.now();
      for (const network of this.networks.keys()) await this.#infer(network, decoded, count);
      if (!sink.readsInputs) decoder?.release();
      const accumulating = performance.now();
      const images = this.order.subarray(first, first + count);
      this.#reduce(images);
      await sink.add(
        images,
        Uint8Array.from(images, (image) => this.folds[image]),
        pictures < 0 ? noInputs : (decoded.feeds[pictures] as Float32Array),
      );
      if (sink.readsInputs) decoder?.release();
      const now = performance.now();
      this.timings.inferenceMs += accumulating - inferring;
      this.timings.accumulateMs += now - accumulating;
      if (now - announced > progressIntervalMs || first + count === total) {
        announced = now;
        announce(first + count, ((first + count) * 1000) / (now - started));
      }
      const held = performance.now();
      await this.#hooks.checkpoint();
      // A pause is no part of the rate.
      started += performance.now() - held;
    }
    this.timings.decodeWaitMs += this.#decoder?.waitedMs ?? 0;
  }

  /**
   * SHA-256 over the sample indices in the order read, with their folds (little-endian uint32, then one byte each), and
   * over the digest of the samples' ids where there are any.
   */
  orderHash(): string {
    const hash = createHash('sha256');
    const { order, folds } = this;
    hash.update(new Uint8Array(order.buffer, order.byteOffset, order.byteLength));
    // Part by part: a copy of all of them would be most of the memory of a pass over many small samples.
    for (let first = 0; first < order.length; first += hashedAtOnce)
      hash.update(Uint8Array.from(order.subarray(first, first + hashedAtOnce), (image) => folds[image]));
    if (this.#ids) hash.update(idsDigest(this.#ids.ids));
    return hash.digest('hex');
  }

  /** A failure in other words where its cause is a file of saved activations. */
  async explained(error: unknown): Promise<unknown> {
    if (!(error instanceof AppError) || error.code !== 'run-failed') return error;
    const network = this.networks.find(({ name }) => name === error.details.network);
    const layer = this.#request.layers.find(({ name }) => name === error.details.layer);
    if (!network || isModel(network) || !layer) return error;
    const tensor = layer.tensors[network.name];
    const { values, firstSample } = await network.notFinite(tensor, this.samples);
    if (values === 0) return error;
    return new AppError(
      'bad-data',
      `${network.name} (${network.fileName}), array "${tensor}", holds ${values} values that are no finite float32 (NaN, ` +
        `infinity or too large), the first in sample ${firstSample}; mend the network that made them, or leave these samples out.`,
      { network: network.name, layer: layer.name, values, firstSample },
      error,
    );
  }

  async close(): Promise<void> {
    await this.#decoder?.close();
    await releaseAll(this.networks);
  }

  /** Whether anything reads the inputs: saved activations need none. */
  get #isDecoding(): boolean {
    return this.#feeds.feeds.length > 0;
  }

  #reserveTap(tap: Tap): Buffer {
    const values = tap.dims.reduce((product, size) => product * size, 1);
    return { tap, values, address: this.memory.reserve(this.batch * values * 4) };
  }

  #reserveSource({ network, output, plan }: PlannedPart): number {
    return plan.reduce
      ? this.memory.reserve(this.batch * plan.units * plan.positions * 4)
      : this.#bufferOf(network, output).address;
  }

  #bufferOf(network: number, output: string): Buffer {
    const buffer = this.#buffers[network].find((entry) => entry.tap.output === output);
    if (!buffer) throw new AppError('internal', `Output ${output} has no buffer.`);
    return buffer;
  }

  /** Runs one network, or reads what it answered before; its activations are written straight into kernel memory. */
  async #infer(network: number, decoded: DecodedBatch, count: number): Promise<void> {
    const session = this.networks[network];
    if (!isModel(session)) {
      for (const { tap, address, values: size } of this.#buffers[network])
        await session.next(tap, this.memory.float32(address, count * size));
      return;
    }
    const { Tensor } = runtime();
    const bound = this.bound[network];
    if (!bound) throw new AppError('internal', `${session.name} has no inputs.`);
    const images = this.#isBatchFixed ? this.batch : count;
    const feeds = feedTensors(bound, images, (feed) => decoded.feeds[this.#feeds.indexOf(feed)]);
    const fetches = Object.fromEntries(
      this.#buffers[network].map(({ tap, address, values: size }) => [
        tap.output,
        new Tensor('float32', this.memory.float32(address, images * size), [images, ...tap.dims]),
      ]),
    );
    try {
      releaseCopies(await session.session.run(feeds, fetches), this.memory);
    } catch (error) {
      throw runFailure(session, error);
    }
  }

  #reduce(images: Int32Array): void {
    this.layers.forEach((layer, index) => {
      layer.parts.forEach(({ network, output, plan }, part) => {
        if (!plan.reduce) return;
        const buffer = this.#bufferOf(network, output);
        const out = this.memory.float32(
          this.#sources[index][part],
          images.length * plan.units * plan.positions,
        );
        plan.reduce(this.memory.float32(buffer.address, images.length * buffer.values), images, out);
      });
    });
  }
}

function decodingThreads(threads: number): number {
  return Math.max(1, Math.min(mostDecodingThreads, Math.ceil(threads / 2)));
}
