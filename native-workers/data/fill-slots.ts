import type { EngineData } from '#core/ipc/engine.ts';
import { openArraySource } from './array-source.ts';
import { sampleDecoder } from './decode-samples.ts';
import { SampleBytes } from './read-order.ts';
import { sampleFormat } from './sample-format.ts';

/**
 * A ring of decoded batches shared between the decoding thread and inference.
 * `control[slot]` is 0 while a slot may be filled and the number of its samples once it is full;
 * `control[slots]` becomes 1 to end the decoding early.
 */
export interface DecodeOrder {
  data: EngineData;
  batch: number;
  /** Sample indices in the order they are read; null: as stored. */
  order: Int32Array | null;
  control: Int32Array;
  slots: Float32Array[];
}

/** Fills slot after slot in the order asked for until the last sample, waiting for slots to be freed. */
export async function fillSlots(order: DecodeOrder): Promise<void> {
  const source = await openArraySource(order.data.path, order.data.key);
  const format = sampleFormat(source, order.data);
  const decode = sampleDecoder(format);
  const stream = new SampleBytes(source, format, order.order);
  const sampleBytes = format.values * format.itemBytes;
  const bytes = new Uint8Array(order.batch * sampleBytes);
  const end = order.slots.length;
  try {
    for (let first = 0, turn = 0; first < format.samples; first += order.batch, turn++) {
      const count = Math.min(order.batch, format.samples - first);
      const part = bytes.subarray(0, count * sampleBytes);
      await stream.fill(part);
      const slot = turn % order.slots.length;
      while (Atomics.load(order.control, slot) !== 0) {
        if (Atomics.load(order.control, end) === 1) return;
        Atomics.wait(order.control, slot, Atomics.load(order.control, slot), 100);
      }
      if (Atomics.load(order.control, end) === 1) return;
      decode(part, count, order.slots[slot]);
      Atomics.store(order.control, slot, count);
      Atomics.notify(order.control, slot);
    }
  } finally {
    stream.close();
  }
}
