import { createHash } from 'node:crypto';
import type { JobProgress } from '#core/domain/job.ts';
import type { CaptureRequest, CaptureSummary } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { assignFolds } from '#core/numeric/folds/assign-folds.ts';
import { BlockRing } from '../accumulate/block-ring.ts';
import { LayerAccumulator, packedBlockBytes } from '../accumulate/layer-accumulator.ts';
import { KernelMemory } from '../accumulate/pack-units.ts';
import { openArraySource } from '../data/array-source.ts';
import { DecodeAhead } from '../data/decode-ahead.ts';
import { batchShape, sampleFormat, type SampleFormat } from '../data/sample-format.ts';
import { chooseSymmetricProduct, type SymmetricProduct } from '../linalg/symmetric-product.ts';
import { chooseBatch, requireMomentsFit } from './batch-size.ts';
import { runtime } from './runtime.ts';
import {
  fixedBatch,
  planLayer,
  requireInputFits,
  runFailure,
  tapDimensions,
  type LayerPlan,
  type Tap,
} from './tap-plan.ts';
import { openTappedSession, type TappedSession } from './tapped-session.ts';
import { writeCapture } from './write-capture.ts';

export interface CaptureHooks {
  progress(progress: Omit<JobProgress, 'secondsLeft'>): void;
  note(sentence: string): void;
  /** Throws when the job was cancelled. */
  checkpoint(): Promise<void>;
}

const progressIntervalMs = 100;

interface Timings {
  sessionMs: number;
  decodeWaitMs: number;
  inferenceMs: number;
  accumulateMs: number;
}

/** One tensor of one network in kernel memory, and where its samples x units view lies. */
interface Buffer {
  tap: Tap;
  address: number;
  values: number;
}

/**
 * One pass over the data: every network runs on the same batch, every layer's joint moments, unit statistics and top
 * inputs are accumulated per fold, and the arrays are written to `request.outFile`.
 */
export async function capturePass(
  request: CaptureRequest,
  threads: number,
  hooks: CaptureHooks,
): Promise<CaptureSummary> {
  const pass = await CapturePass.prepare(request, threads, hooks);
  try {
    await pass.run();
    return await pass.finish();
  } finally {
    await pass.close();
  }
}

class CapturePass {
  readonly #request: CaptureRequest;
  readonly #hooks: CaptureHooks;
  readonly #sessions: TappedSession[];
  readonly #format: SampleFormat;
  readonly #product: SymmetricProduct;
  readonly #layers: LayerPlan[];
  readonly #batch: number;
  readonly #isBatchFixed: boolean;
  readonly #folds: Uint8Array;
  readonly #memory = new KernelMemory();
  readonly #buffers: Buffer[][];
  readonly #reduced: (number | null)[][];
  readonly #ring: BlockRing;
  readonly #accumulators: LayerAccumulator[];
  readonly #decoder: DecodeAhead;
  readonly #timings: Timings;

  static async prepare(request: CaptureRequest, threads: number, hooks: CaptureHooks): Promise<CapturePass> {
    const started = performance.now();
    const source = await openArraySource(request.data.path, request.data.key);
    const format = sampleFormat(source, request.data);
    const sessions: TappedSession[] = [];
    const decoder = new DecodeAhead();
    try {
      for (const network of request.networks) {
        await hooks.checkpoint();
        const tensors = request.layers.map((layer) => layer.tensors[network.name]);
        const options = {
          name: network.name,
          modelPath: network.modelPath,
          tensors,
          provider: request.provider,
          threads,
        };
        const session = await openTappedSession(options);
        sessions.push(session);
        requireInputFits(session, format, source.label);
      }
      const fixed = fixedBatch(sessions);
      const taps: Tap[][] = [];
      for (const session of sessions) taps.push(await tapDimensions(session, format, fixed ?? 1));
      const layers = request.layers.map((layer) => planLayer(layer, sessions, taps));
      const product = await chooseSymmetricProduct(threads, Math.max(...layers.map(jointUnits)));
      noteFallbacks(sessions, hooks);
      return new CapturePass({
        request,
        hooks,
        sessions,
        format,
        taps,
        layers,
        product,
        decoder,
        fixed,
        started,
      });
    } catch (error) {
      await decoder.close();
      for (const session of sessions) await session.session.release();
      throw error;
    }
  }

  private constructor(parts: {
    request: CaptureRequest;
    hooks: CaptureHooks;
    sessions: TappedSession[];
    format: SampleFormat;
    taps: Tap[][];
    layers: LayerPlan[];
    product: SymmetricProduct;
    decoder: DecodeAhead;
    fixed: number | null;
    started: number;
  }) {
    const { request, sessions, format, layers } = parts;
    this.#request = request;
    this.#hooks = parts.hooks;
    this.#sessions = sessions;
    this.#format = format;
    this.#layers = layers;
    this.#product = parts.product;
    const foldCount = request.folds ? 2 : 1;
    requireMomentsFit(layers, foldCount);
    this.#isBatchFixed = parts.fixed !== null;
    this.#batch =
      parts.fixed ?? Math.min(format.samples, chooseBatch(layers, sessions.length, request.batch));
    this.#folds = foldsOf(request, format.samples);
    this.#buffers = parts.taps.map((taps) => taps.map((tap) => this.#reserveTap(tap)));
    this.#reduced = layers.map((layer) =>
      layer.sampling.map((plan) =>
        plan.reduce ? this.#memory.reserve(this.#batch * plan.units * plan.positions * 4) : null,
      ),
    );
    const blockBytes = layers.map((layer) =>
      packedBlockBytes(jointUnits(layer), layer.positions, this.#batch),
    );
    this.#ring = new BlockRing(this.#memory, Math.max(...blockBytes));
    this.#accumulators = layers.map((layer, index) => this.#createAccumulator(layer, index, foldCount));
    this.#memory.freeze();
    this.#decoder = parts.decoder;
    this.#decoder.begin(request.data, this.#batch, format.values);
    this.#timings = {
      sessionMs: performance.now() - parts.started,
      decodeWaitMs: 0,
      inferenceMs: 0,
      accumulateMs: 0,
    };
  }

  async run(): Promise<void> {
    const total = this.#format.samples;
    const started = performance.now();
    let announced = 0;
    this.#announce(0, 0);
    for (let first = 0; first < total; first += this.#batch) {
      const { values, count } = await this.#decoder.next();
      const inferring = performance.now();
      for (const network of this.#sessions.keys()) await this.#infer(network, values, count);
      this.#decoder.release();
      const accumulating = performance.now();
      await this.#accumulate(first, count);
      const now = performance.now();
      this.#timings.inferenceMs += accumulating - inferring;
      this.#timings.accumulateMs += now - accumulating;
      if (now - announced > progressIntervalMs || first + count === total) {
        announced = now;
        this.#announce(first + count, ((first + count) * 1000) / (now - started));
      }
      await this.#hooks.checkpoint();
    }
    this.#timings.decodeWaitMs = this.#decoder.waitedMs;
  }

  async finish(): Promise<CaptureSummary> {
    const finishing = performance.now();
    const captured = await Promise.all(this.#accumulators.map((accumulator) => accumulator.finish()));
    this.#timings.accumulateMs += performance.now() - finishing;
    const testImages = this.#folds.reduce((sum, fold) => sum + fold, 0);
    const layers = this.#layers.map((layer, index) => ({
      name: layer.name,
      sample: this.#request.layers[index].sample,
      units: layer.sampling.map((plan) => plan.units),
      samples: captured[index].samples[0],
      testSamples: captured[index].samples[1] ?? 0,
      positions: layer.positions,
    }));
    return {
      images: this.#format.samples,
      testImages,
      orderHash: orderHash(this.#format.samples, this.#folds),
      layers,
      providers: this.#sessions.map((session) => session.provider),
      linearAlgebra: this.#product.title,
      timings: this.#timings,
      arrays: writeCapture(this.#request.outFile, captured),
    };
  }

  async close(): Promise<void> {
    for (const accumulator of this.#accumulators) await accumulator.drain();
    await this.#decoder.close();
    for (const session of this.#sessions) await session.session.release();
  }

  #reserveTap(tap: Tap): Buffer {
    const values = tap.dims.reduce((product, size) => product * size, 1);
    return { tap, values, address: this.#memory.reserve(this.#batch * values * 4) };
  }

  #createAccumulator(layer: LayerPlan, layerIndex: number, folds: 1 | 2): LayerAccumulator {
    const parts = layer.sampling.map((plan, network) => ({
      network: this.#sessions[network].name,
      units: plan.units,
      source: this.#reduced[layerIndex][network] ?? this.#bufferOf(layer, network).address,
    }));
    return new LayerAccumulator({
      layer: layer.name,
      parts,
      positions: layer.positions,
      batch: this.#batch,
      folds,
      topK: this.#request.topK,
      memory: this.#memory,
      ring: this.#ring,
      product: this.#product,
    });
  }

  #bufferOf(layer: LayerPlan, network: number): Buffer {
    const buffer = this.#buffers[network].find((entry) => entry.tap.tensor === layer.tensors[network]);
    if (!buffer) throw new AppError('internal', `Layer ${layer.name} has no buffer.`);
    return buffer;
  }

  /** Runs one network; its activations are written straight into kernel memory. */
  async #infer(network: number, values: Float32Array, count: number): Promise<void> {
    const { Tensor } = runtime();
    const session = this.#sessions[network];
    const images = this.#isBatchFixed ? this.#batch : count;
    const shape = batchShape(this.#format, images);
    const feeds = {
      [session.inputName]: new Tensor('float32', values.subarray(0, images * this.#format.values), shape),
    };
    const fetches = Object.fromEntries(
      this.#buffers[network].map(({ tap, address, values: size }) => [
        tap.tensor,
        new Tensor('float32', this.#memory.float32(address, images * size), [images, ...tap.dims]),
      ]),
    );
    try {
      releaseCopies(await session.session.run(feeds, fetches), this.#memory);
    } catch (error) {
      throw runFailure(session, error);
    }
  }

  async #accumulate(first: number, count: number): Promise<void> {
    const folds = this.#folds.subarray(first, first + count);
    for (const [index, layer] of this.#layers.entries()) {
      layer.sampling.forEach((plan, network) => {
        const target = this.#reduced[index][network];
        if (!plan.reduce || target === null) return;
        const buffer = this.#bufferOf(layer, network);
        const out = this.#memory.float32(target, count * plan.units * plan.positions);
        plan.reduce(this.#memory.float32(buffer.address, count * buffer.values), count, first, out);
      });
      await this.#accumulators[index].add(first, count, folds);
    }
  }

  #announce(done: number, rate: number): void {
    this.#hooks.progress({ stage: 'capturing', done, total: this.#format.samples, unit: 'images', rate });
  }
}

function foldsOf(request: CaptureRequest, samples: number): Uint8Array {
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

function jointUnits(layer: LayerPlan): number {
  return layer.sampling.reduce((sum, plan) => sum + plan.units, 0);
}

function noteFallbacks(sessions: readonly TappedSession[], hooks: CaptureHooks): void {
  for (const reason of new Set(sessions.map((session) => session.provider.fallbackReason))) {
    if (reason) hooks.note(reason);
  }
}

/** SHA-256 over the sample indices in the order read, with their folds (little-endian uint32, then one byte each). */
function orderHash(samples: number, folds: Uint8Array): string {
  const hash = createHash('sha256');
  hash.update(new Uint8Array(Uint32Array.from({ length: samples }, (_, index) => index).buffer));
  return hash.update(folds).digest('hex');
}
