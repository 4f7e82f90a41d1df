import type { Readable } from 'node:stream';
import { AppError } from '#core/errors.ts';
import type { ArraySource } from './array-source.ts';

/** Reads an array's bytes in order from byte `start` on, an exact number at a time. */
export class SampleStream {
  #stream: Readable | null = null;
  #iterator: AsyncIterator<Buffer, undefined> | null = null;
  #rest: Buffer = Buffer.alloc(0);
  readonly #source: ArraySource;
  #start: number;

  constructor(source: ArraySource, start = 0) {
    this.#source = source;
    this.#start = start;
  }

  /** Fills `into` wholly; a file that ends early is refused, never padded. */
  async fill(into: Uint8Array): Promise<void> {
    let done = 0;
    while (done < into.length) {
      if (this.#rest.length === 0) this.#rest = await this.#next();
      const part = Math.min(this.#rest.length, into.length - done);
      into.set(this.#rest.subarray(0, part), done);
      this.#rest = this.#rest.subarray(part);
      done += part;
    }
  }

  close(): void {
    this.#stream?.destroy();
  }

  async #next(): Promise<Buffer> {
    try {
      if (!this.#iterator) {
        const { openAt } = this.#source;
        this.#stream = await (openAt ? openAt(this.#start) : this.#source.open());
        if (openAt) this.#start = 0;
        this.#iterator = this.#stream.iterator({ destroyOnReturn: true }) as AsyncIterator<Buffer, undefined>;
      }
      // What comes before the start is unpacked where there is no way round it.
      for (;;) {
        const { value, done } = await this.#iterator.next();
        if (done) break;
        if (value.length > this.#start) {
          const wanted = value.subarray(this.#start);
          this.#start = 0;
          return wanted;
        }
        this.#start -= value.length;
      }
    } catch (error) {
      if (error instanceof AppError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new AppError(
        'bad-data',
        `${this.#source.label} cannot be read to its end: ${reason}.`,
        {},
        error,
      );
    }
    throw new AppError('bad-data', `${this.#source.label} ends before its last sample; the file is cut off.`);
  }
}
