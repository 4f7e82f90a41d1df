import {
  captureArrayName,
  secondArrayName,
  sumsAsked,
  type SecondPassRequest,
  type SecondPassSummary,
} from '#core/ipc/engine.ts';
import type { SecondShardSummary } from '#core/ipc/shard.ts';
import { AppError } from '#core/errors.ts';
import type { NamedArray } from '#core/domain/result.ts';
import type { StateReader, StateWriter } from '../accumulate/saved-state.ts';
import { SquaredNorms } from '../accumulate/squared-norms.ts';
import { readArray, writeArrayFile } from '../files/array-file.ts';
import { CountThreads } from '../histograms/count-threads.ts';
import { JointCounter, type JointCounts } from '../histograms/joint-counter.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import { DataPass, type BatchSink } from './data-pass.ts';
import { goingOn, type NotingHooks } from './going-on.ts';

/** A second pass over the data, for sums that need what the first found: means, or bin edges. */
export async function secondPass(
  request: SecondPassRequest,
  threads: number,
  hooks: CaptureHooks,
): Promise<SecondPassSummary> {
  const { timings, arrays } = await goingOn(request, hooks, (asked, noting) =>
    onePass(asked, threads, noting),
  );
  return { timings, arrays };
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
    const arrays = writeArrayFile(request.outFile, await second.finish(), request.shard !== undefined);
    pass.timings.accumulateMs += performance.now() - finishing;
    return { pass, timings: pass.timings, arrays };
  } finally {
    await second?.close();
    await pass.close();
  }
}

/** Share of the memory that is free which the histograms of all layers may take. */
const freeShare = 0.5;

/** @throws AppError where they need more: they would be written to, and the system would end the engine */
function requireRoom(counters: readonly JointCounter[]): void {
  const bytes = counters.reduce((sum, counter) => sum + counter.bytes, 0);
  const most = process.availableMemory() * freeShare;
  if (bytes <= most) return;
  const gib = (size: number) => (size / 2 ** 30).toPrecision(2);
  throw new AppError(
    'not-available',
    `The joint histograms of all layers need ${gib(bytes)} GiB, more than half of the memory that is free ` +
      `(${gib(most)} GiB); use fewer layers, networks, pairs or bins at once.`,
  );
}

class SecondSums implements BatchSink {
  readonly #request: SecondPassRequest;
  readonly #pass: DataPass;
  readonly #norms: SquaredNorms[];
  readonly #counters: JointCounter[];
  readonly #threads: CountThreads;
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
    this.#counters = request.bins > 0 ? layers.map((layer) => this.#counter(layer)) : [];
    requireRoom(this.#counters);
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
  }

  restore(state: StateReader): void {
    this.#norms.forEach((norms, layer) => norms.restore(state.within(`${layer}/norms`)));
    this.#counters.forEach((counter, layer) => counter.restore(state.within(`${layer}/counts`)));
  }

  /** Ends the threads that count. */
  close(): Promise<void> {
    return this.#threads.close();
  }

  async finish(): Promise<NamedArray[]> {
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
      const counts = await counter.finish();
      arrays.push(
        ...this.#request.pairs.flatMap((pair, index) => this.#countArrays(layer, pair, counts[index])),
      );
    }
    return arrays;
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

  #counter(layer: number): JointCounter {
    const { pairs, bins } = this.#request;
    const edges = this.#array(layer, 'edges');
    const hasHalves = this.#request.halves;
    return new JointCounter({
      ...this.#layer(layer),
      // Every shard shuffles by random numbers of its own.
      ...{ batch: this.#pass.batch, pairs, bins, edges, seed: this.#pass.range.first, hasHalves },
      threads: this.#threads,
    });
  }

  #countArrays(
    layer: number,
    [a, b]: [number, number],
    { between, shuffled, half }: JointCounts,
  ): NamedArray[] {
    const rows = this.#request.capture.layers[layer].units[a];
    const array = (what: string, counts: Uint32Array): NamedArray => ({
      name: secondArrayName(layer, `${what}-${a}-${b}`),
      dtype: 'int32',
      rows,
      cols: counts.length / rows,
      data: new Int32Array(counts.buffer, counts.byteOffset, counts.length),
    });
    return [array('between', between), array('shuffled', shuffled), ...(half ? [array('half', half)] : [])];
  }
}
