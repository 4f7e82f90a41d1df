import { createHash } from 'node:crypto';
import type { JobProgress } from '#core/domain/job.ts';
import type { PassRequest, PassTimings } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { assignFolds } from '#core/numeric/folds/assign-folds.ts';
import type { AccumulatorPart } from '../accumulate/layer-accumulator.ts';
import { KernelMemory } from '../accumulate/pack-units.ts';
import { openArraySource } from '../data/array-source.ts';
import { DecodeAhead } from '../data/decode-ahead.ts';
import { inOrder, randomOrder } from '../data/read-order.ts';
import { batchShape, sampleFormat, type SampleFormat } from '../data/sample-format.ts';
import { chooseBatch, fittingBatch } from './batch-size.ts';
import { runtime } from './runtime.ts';
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

const progressIntervalMs = 100;

/**
 * Reads the data once: every network runs on the same batch and leaves its activations in kernel memory, where a sink
 * takes them. Open, let sinks reserve memory, `begin`, `run`, `close`.
 */
export class DataPass {
  readonly memory = new KernelMemory();
  readonly sessions: TappedSession[];
  readonly format: SampleFormat;
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
  readonly #decoder: DecodeAhead;
  readonly #started: number;

  static async open(request: PassRequest, threads: number, hooks: CaptureHooks): Promise<DataPass> {
    const started = performance.now();
    const source = await openArraySource(request.data.path, request.data.key);
    const format = sampleFormat(source, request.data);
    const sessions: TappedSession[] = [];
    const decoder = new DecodeAhead();
    try {
      for (const network of request.networks) {
        await hooks.checkpoint();
        const options = {
          ...network,
          tensors: request.layers.map((layer) => choiceOf(layer, network.name)),
          provider: request.provider,
          threads,
        };
        const session = await openTappedSession(options);
        sessions.push(session);
        requireInputFits(session, format, source.label);
        sessions.pop();
        sessions.push(await withKnownRanks(session, options, format));
      }
      const fixed = fixedBatch(sessions);
      const taps: Tap[][] = [];
      for (const session of sessions) taps.push(await tapDimensions(session, format, fixed ?? 1));
      const layers = request.layers.map((layer) => planLayer(layer, sessions, taps));
      if (request.layerMap) layers.push(planLayerMap(request.layers, sessions, taps));
      const batch = fixed ?? (await batchOf(request, sessions, taps, format, hooks));
      const isBatchFixed = fixed !== null;
      return new DataPass({
        ...{ request, hooks, sessions, format, taps, layers, decoder, batch, isBatchFixed, started },
      });
    } catch (error) {
      await decoder.close();
      for (const session of sessions) await session.session.release();
      throw error;
    }
  }

  private constructor(parts: {
    request: PassRequest;
    hooks: CaptureHooks;
    sessions: TappedSession[];
    format: SampleFormat;
    taps: Tap[][];
    layers: LayerPlan[];
    decoder: DecodeAhead;
    batch: number;
    isBatchFixed: boolean;
    started: number;
  }) {
    const { request, sessions, format, layers, taps } = parts;
    this.#request = request;
    this.#hooks = parts.hooks;
    this.sessions = sessions;
    this.format = format;
    this.layers = layers;
    this.#isBatchFixed = parts.isBatchFixed;
    this.batch = parts.batch;
    this.folds = foldsOf(request, format.samples);
    const random = request.orderSeed === null ? null : randomOrder(format, request.orderSeed);
    this.isRandomOrder = random !== null;
    this.order = random ?? inOrder(format.samples);
    this.#decoder = parts.decoder;
    this.#started = parts.started;
    this.#buffers = taps.map((list) => list.map((tap) => this.#reserveTap(tap)));
    this.#sources = layers.map((layer) => layer.parts.map((part) => this.#reserveSource(part)));
    this.timings = { sessionMs: 0, decodeWaitMs: 0, inferenceMs: 0, accumulateMs: 0 };
  }

  /** The parts of a layer as an accumulator reads them. */
  partsOf(layer: number): AccumulatorPart[] {
    return this.layers[layer].parts.map(({ network, plan }, index) => ({
      network: this.sessions[network].name,
      units: plan.units,
      source: this.#sources[layer][index],
    }));
  }

  get trainImages(): number {
    return this.format.samples - this.testImages;
  }

  get testImages(): number {
    return this.folds.reduce((sum, fold) => sum + fold, 0);
  }

  /** Fixes the memory and starts decoding. */
  begin(): void {
    this.memory.freeze();
    this.#decoder.begin(
      this.#request.data,
      this.batch,
      this.format.values,
      this.isRandomOrder ? this.order : null,
    );
    this.timings.sessionMs += performance.now() - this.#started;
  }

  async run(sink: BatchSink, stage: JobProgress['stage']): Promise<void> {
    const total = this.format.samples;
    let started = performance.now();
    let announced = 0;
    const announce = (done: number, rate: number) =>
      this.#hooks.progress({ stage, done, total, unit: 'images', rate });
    announce(0, 0);
    for (let first = 0; first < total; first += this.batch) {
      const { values, count } = await this.#decoder.next();
      const inferring = performance.now();
      for (const network of this.sessions.keys()) await this.#infer(network, values, count);
      if (!sink.readsInputs) this.#decoder.release();
      const accumulating = performance.now();
      const images = this.order.subarray(first, first + count);
      this.#reduce(images);
      await sink.add(
        images,
        Uint8Array.from(images, (image) => this.folds[image]),
        values,
      );
      if (sink.readsInputs) this.#decoder.release();
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
    this.timings.decodeWaitMs += this.#decoder.waitedMs;
  }

  /** SHA-256 over the sample indices in the order read, with their folds (little-endian uint32, then one byte each). */
  orderHash(): string {
    const hash = createHash('sha256');
    hash.update(new Uint8Array(Uint32Array.from(this.order).buffer));
    return hash.update(Uint8Array.from(this.order, (image) => this.folds[image])).digest('hex');
  }

  async close(): Promise<void> {
    await this.#decoder.close();
    for (const session of this.sessions) await session.session.release();
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

  /** Runs one network; its activations are written straight into kernel memory. */
  async #infer(network: number, values: Float32Array, count: number): Promise<void> {
    const { Tensor } = runtime();
    const session = this.sessions[network];
    const images = this.#isBatchFixed ? this.batch : count;
    const shape = batchShape(this.format, images);
    const feeds = {
      [session.inputName]: new Tensor('float32', values.subarray(0, images * this.format.values), shape),
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

/** What the recipe says; else as many as the activations' budget and the memory that is free allow. */
async function batchOf(
  request: PassRequest,
  sessions: readonly TappedSession[],
  taps: readonly Tap[][],
  format: SampleFormat,
  hooks: CaptureHooks,
): Promise<number> {
  const planned = Math.min(format.samples, chooseBatch(taps, request.batch));
  if (request.batch !== null) return planned;
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
export function noteIntegers(sessions: readonly TappedSession[], hooks: CaptureHooks): void {
  for (const { name, taps } of sessions)
    for (const { tensor, type, reading } of taps)
      if (reading === 'integers')
        hooks.note(
          `Tensor ${tensor} of ${name} is ${type} and no scale of it is known: its integers are compared as they are.`,
        );
}

/** Says once why a network runs on another provider than the one asked for. */
export function noteFallbacks(sessions: readonly TappedSession[], hooks: CaptureHooks): void {
  for (const reason of new Set(sessions.map((session) => session.provider.fallbackReason))) {
    if (reason) hooks.note(reason);
  }
}
