import type { EngineData } from '#core/ipc/engine.ts';
import { openDataset } from './dataset.ts';
import { FeedReader } from './feed-reader.ts';
import { feedArray, type Feed } from './feeds.ts';
import { SampleBytes } from './read-order.ts';

/**
 * A ring of decoded batches shared between decoding threads and inference. Turn t is made by thread t mod threads in
 * slot t mod slots. `control` has, of `slots` slots: the number of samples of each once it is full, else 0; the turn
 * that may fill each next; and at the end 1 to stop early.
 */
export interface DecodeOrder {
  data: EngineData;
  feeds: Feed[];
  samples: number;
  /** Samples in that order that are not wanted any more: whole batches. */
  first: number;
  batch: number;
  /** Sample indices in the order they are read; null: as stored. */
  order: Int32Array | null;
  thread: number;
  threads: number;
  slots: number;
  control: Int32Array;
  /** Memory of every slot, one buffer a feed. */
  memory: SharedArrayBuffer[][];
}

/** Fills this thread's turns in the order asked for until the last sample, waiting for slots to be freed. */
export async function fillSlots(order: DecodeOrder): Promise<void> {
  const { data, feeds, samples, batch, slots, control } = order;
  const dataset = await openDataset(data);
  const reader = await FeedReader.open(dataset, data, feeds, (source, format) => {
    const bytes = new SampleBytes(source, format, order.order, order.first);
    return { fill: (_samples, into) => bytes.fill(into), close: () => bytes.close() };
  });
  const isEnded = () => Atomics.load(control, 2 * slots) === 1;
  try {
    for (let turn = order.thread; order.first + turn * batch < samples; turn += order.threads) {
      const slot = turn % slots;
      for (let next = -1; next !== turn; next = Atomics.load(control, slots + slot)) {
        if (isEnded()) return;
        if (next >= 0) Atomics.wait(control, slots + slot, next, 100);
      }
      if (isEnded()) return;
      const first = order.first + turn * batch;
      const count = Math.min(batch, samples - first);
      const chosen = Int32Array.from({ length: count }, (_, at) => order.order?.[first + at] ?? first + at);
      const out = feeds.map((feed, index) =>
        feedArray(feed.type, order.memory[slot][index], count * feed.values),
      );
      await reader.read(chosen, out, isEnded);
      if (isEnded()) return;
      Atomics.store(control, slot, count);
      Atomics.notify(control, slot);
    }
  } finally {
    reader.close();
    dataset.close();
  }
}
