import type { KernelMemory } from '../accumulate/pack-units.ts';
import type { Feed, FeedArray } from '../data/feeds.ts';
import type { BoundNetwork } from './bind-inputs.ts';
import { feedTensors } from './feed-tensors.ts';
import type { TapBuffer } from './pass-buffers.ts';
import { releaseCopies } from './release-copies.ts';
import { runtime } from './runtime.ts';

/**
 * Runs a network on a batch; its activations are written straight into kernel memory.
 *
 * @param rows inputs it is run on: at least the batch's, where the network insists on a number
 */
export async function runNetwork(
  network: BoundNetwork,
  rows: number,
  valuesOf: (feed: Feed) => FeedArray,
  taps: readonly TapBuffer[],
  memory: KernelMemory,
): Promise<void> {
  const { Tensor } = runtime();
  const fetches = Object.fromEntries(
    taps.map(({ tap, address, values }) => [
      tap.output,
      new Tensor('float32', memory.float32(address, rows * values), [rows, ...tap.dims]),
    ]),
  );
  const { session } = network.session;
  releaseCopies(await session.run(feedTensors(network, rows, valuesOf), fetches), memory);
}
