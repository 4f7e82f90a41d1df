import { createHash } from 'node:crypto';
import type { JobProgress } from '#core/domain/job.ts';
import type { EngineData, PassRequest, PassTimings } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { assignFolds } from '#core/numeric/folds/assign-folds.ts';
import type { AccumulatorPart } from '../accumulate/layer-accumulator.ts';
import { KernelMemory } from '../accumulate/pack-units.ts';
import { openContainer, sourceOf, type ArraySource } from '../data/array-source.ts';
import type { ArrayContainer } from '../data/arrays/array-container.ts';
import { DecodeAhead } from '../data/decode-ahead.ts';
import { inOrder, randomOrder } from '../data/read-order.ts';
import { idsDigest, type SampleIds } from '../data/sample-ids.ts';
import { batchShape, sampleFormat, type SampleFormat } from '../data/sample-format.ts';
import { chooseBatch, fittingBatch } from './batch-size.ts';
import { commonSamples } from './same-lengths.ts';
import { runtime } from './runtime.ts';
import type { SavedActivations } from './saved-activations.ts';
import { openSaved, sameIds } from './saved-networks.ts';
import {
  choiceOf,
  fixedBatch,
  planLayer,
  planLayerMap,
  requireInputFits,
  runFailure,
  runOnZeros,
  tapDimensions,
  withKnownRanks,
  type LayerPlan,
  type PlannedPart,
  type Tap,
} from './tap-plan.ts';
import { openTappedSession, type TappedSession } from './tapped-session.ts';

export interface CaptureHooks {
  progress(progress: Omit<JobProgress, 'secondsLeft'>): void;
  note(sentence: string): void;
  /** Throws when the job was cancelled. */
  checkpoint(): Promise<void>;
}

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

/** Where a network's activations come from: a model that is run, or a file that they were saved in before. */
export type ActivationSource = TappedSession | SavedActivations;

const progressIntervalMs = 100;
const noInputs = new Float32Array(0);

/**
 * Reads the data once: every network runs on the same batch and leaves its activations in kernel memory, where a sink
 * takes them. Open, let sinks reserve memory, `begin`, `run`, `close`.
 */
export class DataPass {
  readonly memory = new KernelMemory();
  readonly networks: ActivationSource[];
  /** Of the inputs; null where there are none. */
  readonly format: SampleFormat | null;
  readonly samples: number;
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
  readonly #buffers: Buffer[][];
  /** Address of every part's [images, units, positions] values: its tensor's own, or where they are reduced to. */
  readonly #sources: number[][];
  readonly #decoder: DecodeAhead | null;
  readonly #ids: SampleIds | null;
  readonly #started: number;

  static async open(request: PassRequest, threads: number, hooks: CaptureHooks): Promise<DataPass> {
    const started = performance.now();
    const input = request.data && (await openInput(request.data));
    const saved = await openSaved(request);
    const samples = commonSamples(
      input && { label: input.source.label, rows: input.source.header.shape[0] },
      [...saved.values()],
      request.data?.limit ?? request.limit,
    );
    const ids = await sameIds(request, input, [...saved.values()], samples, (sentence) =>
      hooks.note(sentence),
    );
    const networks: ActivationSource[] = [];
    const decoder = input ? new DecodeAhead() : null;
    try {
      for (const network of request.networks) {
        await hooks.checkpoint();
        if (!('modelPath' in network)) {
          networks.push(saved.get(network.name) as SavedActivations);
          continue;
        }
        if (!input) throw new AppError('internal', `${network.name} has no inputs.`);
        const options = {
          ...network,
          tensors: request.layers.map((layer) => choiceOf(layer, network.name)),
          provider: request.provider,
          threads,
        };
        const session = await openTappedSession(options);
        networks.push(session);
        requireInputFits(session, input.format, input.source.label);
        networks.pop();
        networks.push(await withKnownRanks(session, options, input.format));
      }
      const fixed = fixedBatch(networks.filter(isModel));
      const taps: Tap[][] = [];
      for (const network of networks)
        taps.push(
          isModel(network) && input
            ? await tapDimensions(network, input.format, fixed ?? 1)
            : (network as SavedActivations).taps,
        );
      const layers = request.layers.map((layer) => planLayer(layer, networks, taps));
      if (request.layerMap) layers.push(planLayerMap(request.layers, networks, taps));
      const format = input?.format ?? null;
      const batch = fixed ?? (await batchOf(request, networks, taps, format, samples, hooks));
      return new DataPass({
        ...{ request, hooks, networks, format, samples, ids, taps, layers, decoder, started },
        ...{ batch, isBatchFixed: fixed !== null },
      });
    } catch (error) {
      await decoder?.close();
      await releaseAll(networks);
      throw error;
    }
  }

  private constructor(parts: {
    request: PassRequest;
    hooks: CaptureHooks;
    networks: ActivationSource[];
    format: SampleFormat | null;
    samples: number;
    ids: SampleIds | null;
    taps: Tap[][];
    layers: LayerPlan[];
    decoder: DecodeAhead | null;
    batch: number;
    isBatchFixed: boolean;
    started: number;
  }) {
    const { request, networks, format, samples, layers, taps } = parts;
    this.#request = request;
    this.#hooks = parts.hooks;
    this.networks = networks;
    this.format = format;
    this.samples = samples;
    this.#ids = parts.ids;
    this.layers = layers;
    this.#isBatchFixed = parts.isBatchFixed;
    this.batch = parts.batch;
    this.folds = foldsOf(request, samples);
    const stored = storedBytes(format, networks);
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
    if (this.#decoder && this.#request.data && this.format)
      this.#decoder.begin(this.#request.data, this.batch, this.format.values, order);
    for (const network of this.networks)
      if (!isModel(network)) network.begin(this.samples, this.batch, order);
    this.timings.sessionMs += performance.now() - this.#started;
  }

  async run(sink: BatchSink, stage: JobProgress['stage']): Promise<void> {
    const total = this.samples;
    let started = performance.now();
    let announced = 0;
    const announce = (done: number, rate: number) =>
      this.#hooks.progress({ stage, done, total, unit: 'images', rate });
    announce(0, 0);
    for (let first = 0; first < total; first += this.batch) {
      const values = this.#decoder ? (await this.#decoder.next()).values : noInputs;
      const count = Math.min(this.batch, total - first);
      const inferring = performance.now();
      for (const network of this.networks.keys()) await this.#infer(network, values, count);
      if (!sink.readsInputs) this.#decoder?.release();
      const accumulating = performance.now();
      const images = this.order.subarray(first, first + count);
      this.#reduce(images);
      await sink.add(
        images,
        Uint8Array.from(images, (image) => this.folds[image]),
        values,
      );
      if (sink.readsInputs) this.#decoder?.release();
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
    hash.update(new Uint8Array(Uint32Array.from(this.order).buffer));
    hash.update(Uint8Array.from(this.order, (image) => this.folds[image]));
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
  async #infer(network: number, values: Float32Array, count: number): Promise<void> {
    const session = this.networks[network];
    if (!isModel(session)) {
      for (const { tap, address, values: size } of this.#buffers[network])
        await session.next(tap, this.memory.float32(address, count * size));
      return;
    }
    const { Tensor } = runtime();
    const { format } = this;
    if (!format) throw new AppError('internal', `${session.name} has no inputs.`);
    const images = this.#isBatchFixed ? this.batch : count;
    const shape = batchShape(format, images);
    const feeds = {
      [session.inputName]: new Tensor('float32', values.subarray(0, images * format.values), shape),
    };
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

function isModel(network: ActivationSource): network is TappedSession {
  return 'session' in network;
}

async function releaseAll(networks: readonly ActivationSource[]): Promise<void> {
  for (const network of networks) await (isModel(network) ? network.session.release() : network.release());
}

interface Input {
  container: ArrayContainer;
  source: ArraySource;
  format: SampleFormat;
}

async function openInput(data: EngineData): Promise<Input> {
  const container = await openContainer(data.path);
  const source = await sourceOf(container, data.key, 'data.key');
  return { container, source, format: sampleFormat(source, data) };
}

/** What must be held to read samples in any order. */
function storedBytes(format: SampleFormat | null, networks: readonly ActivationSource[]): number {
  const inputs = format ? format.samples * format.values * format.itemBytes : 0;
  return networks.reduce((sum, network) => sum + (isModel(network) ? 0 : network.storedBytes), inputs);
}

/** What the recipe says; else as many as the activations' budget and the memory that is free allow. */
async function batchOf(
  request: PassRequest,
  networks: readonly ActivationSource[],
  taps: readonly Tap[][],
  format: SampleFormat | null,
  samples: number,
  hooks: CaptureHooks,
): Promise<number> {
  const sessions = networks.filter(isModel);
  const planned = Math.min(samples, chooseBatch(taps, request.batch, sessions.length > 0));
  if (request.batch !== null || !format || sessions.length === 0) return planned;
  const { batch, perInput } = await fittingBatch(planned, format.values, async (images) => {
    for (const session of sessions) await runOnZeros(session, format, images);
  });
  if (batch < planned)
    hooks.note(
      `The networks run on ${batch} input${batch === 1 ? '' : 's'} at a time: ${planned} would take about ` +
        `${((planned * perInput) / 2 ** 30).toFixed(1)} GiB of memory, more than half of what is free.`,
    );
  return batch;
}

function foldsOf(request: PassRequest, samples: number): Uint8Array {
  if (!request.folds) return new Uint8Array(samples);
  const tests = Math.round(request.folds.test * samples);
  if (tests === 0 || tests === samples) {
    throw new AppError(
      'bad-recipe',
      `folds.test ${request.folds.test} of ${samples} images leaves a fold empty; use more images, another share, or folds: none.`,
    );
  }
  return assignFolds(samples, request.folds.test, request.folds.seed);
}

/**
 * The runtime hands back copies of the outputs it has written to kernel memory. Freed at once: left to the garbage
 * collector they make it run all the time.
 */
function releaseCopies(outputs: Record<string, { data: unknown }>, memory: KernelMemory): void {
  for (const { data } of Object.values(outputs)) {
    const buffer = data instanceof Float32Array ? data.buffer : null;
    if (buffer instanceof ArrayBuffer && !memory.owns(buffer)) buffer.transfer(0);
  }
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
