import type { KernelMemory } from './pack-units.ts';

/** Packed blocks in flight: enough for one batch of the usual networks, so that packing never waits for products. */
const blockCount = 12;

/** A few equal regions of kernel memory, shared by all layers, each in use from packing to the end of its product. */
export class BlockRing {
  readonly #regions: { address: number; busy: Promise<void> }[];
  #turn = 0;

  constructor(memory: KernelMemory, bytes: number) {
    this.#regions = Array.from({ length: blockCount }, () => ({
      address: memory.reserve(bytes),
      busy: Promise.resolve(),
    }));
  }

  /** Waits for the oldest region, fills it, and keeps it until what `fill` starts has ended. */
  async use(fill: (address: number) => Promise<void>): Promise<void> {
    const region = this.#regions[this.#turn++ % blockCount];
    await region.busy;
    region.busy = fill(region.address).catch(() => undefined);
  }
}
