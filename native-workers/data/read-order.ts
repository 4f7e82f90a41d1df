import { createRandom, shuffle } from '#core/random.ts';
import type { ArraySource } from './array-source.ts';
import type { SampleFormat } from './sample-format.ts';
import { SampleStream } from './sample-stream.ts';

/** Stored bytes that may be held to read samples in any order. */
const heldBytes = 512 * 2 ** 20;

/**
 * A seeded random order to read samples in, or null where the data is too large to be held and can only be read from
 * its start.
 *
 * @param storedBytes of the arrays that are read from their start; none of images
 */
export function randomOrder(samples: number, storedBytes: number, seed: number): Int32Array | null {
  if (storedBytes > heldBytes) return null;
  return shuffle(inOrder(samples), createRandom(seed));
}

export function inOrder(samples: number): Int32Array {
  return Int32Array.from({ length: samples }, (_, index) => index);
}

/** Gives the bytes of samples in the given order (null: as stored), batch after batch, from the `first`th on. */
export class SampleBytes {
  readonly #stream: SampleStream;
  readonly #sampleBytes: number;
  readonly #order: Int32Array | null;
  #held: Uint8Array | null = null;
  #next: number;

  constructor(source: ArraySource, format: SampleFormat, order: Int32Array | null, first = 0) {
    this.#sampleBytes = format.values * format.itemBytes;
    this.#stream = new SampleStream(source, order ? 0 : first * this.#sampleBytes);
    this.#order = order;
    this.#next = first;
  }

  async fill(into: Uint8Array): Promise<void> {
    if (!this.#order) {
      await this.#stream.fill(into);
      return;
    }
    if (!this.#held) {
      this.#held = new Uint8Array(this.#order.length * this.#sampleBytes);
      await this.#stream.fill(this.#held);
    }
    for (let at = 0; at < into.length; at += this.#sampleBytes) {
      const start = this.#order[this.#next++] * this.#sampleBytes;
      into.set(this.#held.subarray(start, start + this.#sampleBytes), at);
    }
  }

  close(): void {
    this.#stream.close();
  }
}
