import { Worker } from 'node:worker_threads';
import { fromPlainError, type AppError, type PlainError } from '#core/errors.ts';
import type { EngineData } from '#core/ipc/engine.ts';
import { workerEntry } from '../rpc/entry.ts';
import { feedArray, feedBytes, feedTypes, type Feed, type FeedArray } from './feeds.ts';
import type { DecodeOrder } from './fill-slots.ts';

/** Batches that lie ready while every thread makes another. */
const readySlots = 2;
const waitMs = 20;
/** A thread stops at its next image; one that does not is ended. */
const endMs = 5000;

/** One decoded batch: a tensor's values for every feed. */
export interface DecodedBatch {
  feeds: FeedArray[];
  count: number;
}

/**
 * The inference side of the ring of decoded batches. The threads start at once; the order comes with `begin`. Batches
 * come in their order however many threads make them.
 */
export class DecodeAhead {
  readonly #workers: Worker[];
  #control: Int32Array = new Int32Array(0);
  #memory: SharedArrayBuffer[][] = [];
  #feeds: Feed[] = [];
  #turn = 0;
  #failure: AppError | Error | null = null;
  #waitedMs = 0;
  readonly #ends: Promise<void>[];

  constructor(threads: number) {
    this.#workers = Array.from({ length: threads }, () => new Worker(workerEntry('decode.worker')));
    this.#ends = this.#workers.map(
      (worker) => new Promise((resolve) => worker.once('exit', () => resolve())),
    );
    for (const worker of this.#workers) {
      worker.once('message', (error: PlainError) => (this.#failure ??= fromPlainError(error)));
      worker.once('error', (error: Error) => (this.#failure ??= error));
    }
  }

  begin(
    data: EngineData,
    feeds: Feed[],
    order: Pick<DecodeOrder, 'samples' | 'first' | 'batch' | 'order'> & { isImages: boolean },
  ): void {
    // Arrays are read from their start, by one thread; the others end.
    const { isImages, ...reading } = order;
    const threads = feeds.every((feed) => feed.kind === 'pictures') && isImages ? this.#workers.length : 1;
    const slots = threads + readySlots;
    this.#feeds = feeds;
    const control = new Int32Array(new SharedArrayBuffer((2 * slots + 1) * 4));
    for (let slot = 0; slot < slots; slot++) control[slots + slot] = slot;
    this.#control = control;
    const memory = Array.from({ length: slots }, () =>
      feeds.map((feed) => new SharedArrayBuffer(order.batch * feedBytes(feed))),
    );
    this.#memory = memory;
    for (const [thread, worker] of this.#workers.entries()) {
      const whole: DecodeOrder = { data, feeds, ...reading, thread, threads, slots, control, memory };
      if (thread < threads) worker.postMessage(whole);
      else void worker.terminate();
    }
  }

  /** Milliseconds inference has waited for decoding. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** The next batch; valid until `release`. Its arrays are as long as a whole batch. */
  async next(): Promise<DecodedBatch> {
    const control = this.#control;
    const slot = this.#turn % this.#slots;
    const start = performance.now();
    while (Atomics.load(control, slot) === 0) {
      if (this.#failure) throw this.#failure;
      const wait = Atomics.waitAsync(control, slot, 0, waitMs);
      if (wait.async) await wait.value;
    }
    this.#waitedMs += performance.now() - start;
    const feeds = this.#feeds.map((feed, index) => {
      const buffer = this.#memory[slot][index];
      return feedArray(feed.type, buffer, buffer.byteLength / feedTypes[feed.type].BYTES_PER_ELEMENT);
    });
    return { feeds, count: Atomics.load(control, slot) };
  }

  release(): void {
    const slots = this.#slots;
    const slot = this.#turn % slots;
    Atomics.store(this.#control, slot, 0);
    Atomics.store(this.#control, slots + slot, this.#turn + slots);
    Atomics.notify(this.#control, slots + slot);
    this.#turn++;
  }

  /** A thread inside an image library is let finish its image: ending it there would end the process. */
  async close(): Promise<void> {
    if (this.#control.length > 0) {
      Atomics.store(this.#control, 2 * this.#slots, 1);
      Atomics.notify(this.#control, 2 * this.#slots);
      for (let slot = 0; slot < this.#slots; slot++) Atomics.notify(this.#control, this.#slots + slot);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, endMs)));
      await Promise.race([Promise.all(this.#ends), late]);
      clearTimeout(timer);
    }
    for (const worker of this.#workers) await worker.terminate();
  }

  get #slots(): number {
    return this.#memory.length;
  }
}

/** Decoding threads beside those of inference. */
const mostDecodingThreads = 4;

/** Threads that decode images while so many infer. */
export function decodingThreads(threads: number): number {
  return Math.max(1, Math.min(mostDecodingThreads, Math.ceil(threads / 2)));
}
