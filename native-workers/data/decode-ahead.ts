import { Worker } from 'node:worker_threads';
import { fromPlainError, type AppError, type PlainError } from '#core/errors.ts';
import type { EngineData } from '#core/ipc/engine.ts';
import { workerEntry } from '../rpc/entry.ts';
import type { DecodeOrder } from './fill-slots.ts';

const slotCount = 3;
const waitMs = 20;

/** The inference side of the ring of decoded batches. The thread starts at once; the order comes with `begin`. */
export class DecodeAhead {
  readonly #worker = new Worker(workerEntry('decode.worker'));
  #control: Int32Array = new Int32Array(0);
  #slots: Float32Array[] = [];
  #turn = 0;
  #failure: AppError | Error | null = null;
  #waitedMs = 0;

  constructor() {
    this.#worker.once('message', (error: PlainError) => (this.#failure = fromPlainError(error)));
    this.#worker.once('error', (error: Error) => (this.#failure = error));
  }

  begin(data: EngineData, batch: number, sampleValues: number, readOrder: Int32Array | null): void {
    const slotBytes = batch * sampleValues * 4;
    this.#control = new Int32Array(new SharedArrayBuffer((slotCount + 1) * 4));
    this.#slots = Array.from({ length: slotCount }, () => new Float32Array(new SharedArrayBuffer(slotBytes)));
    const order: DecodeOrder = {
      data,
      batch,
      order: readOrder,
      control: this.#control,
      slots: this.#slots,
    };
    this.#worker.postMessage(order);
  }

  /** Milliseconds inference has waited for decoding. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** The next batch; valid until `release`. */
  async next(): Promise<{ values: Float32Array; count: number }> {
    const control = this.#control;
    const slot = this.#turn % slotCount;
    const start = performance.now();
    while (Atomics.load(control, slot) === 0) {
      if (this.#failure) throw this.#failure;
      const wait = Atomics.waitAsync(control, slot, 0, waitMs);
      if (wait.async) await wait.value;
    }
    this.#waitedMs += performance.now() - start;
    return { values: this.#slots[slot], count: Atomics.load(control, slot) };
  }

  release(): void {
    const control = this.#control;
    const slot = this.#turn++ % slotCount;
    Atomics.store(control, slot, 0);
    Atomics.notify(control, slot);
  }

  async close(): Promise<void> {
    if (this.#control.length > 0) {
      Atomics.store(this.#control, slotCount, 1);
      for (let slot = 0; slot < slotCount; slot++) Atomics.notify(this.#control, slot);
    }
    await this.#worker.terminate();
  }
}
