import type { ArraySource } from '../data/array-source.ts';
import { rowBytes } from '../data/arrays/array-header.ts';
import { sampleDecoder } from '../data/decode-samples.ts';
import { SampleBytes } from '../data/read-order.ts';
import { sampleFormat, type SampleFormat } from '../data/sample-format.ts';

/** The first `samples` samples, as stored or in that order, `batch` at a time; the first ones may be left out. */
export interface ReadingOrder {
  samples: number;
  first?: number;
  batch: number;
  order: Int32Array | null;
}

/** Reads the rows of an array as float32, batch after batch; the next is read while the last one is at work. */
export class SavedRows {
  readonly #source: ArraySource;
  readonly #format: SampleFormat;
  readonly #decode: (bytes: Uint8Array, count: number, out: Float32Array) => void;
  readonly #order: Int32Array | null;
  readonly #samples: number;
  readonly #batch: number;
  readonly #bytes: SampleBytes;
  readonly #buffers: [Uint8Array, Uint8Array];
  #first: number;
  #turn = 0;
  #ahead: Promise<Uint8Array>;

  constructor(source: ArraySource, { samples, first = 0, batch, order }: ReadingOrder) {
    this.#source = source;
    const { header } = source;
    // One sample is one row of numbers here, whatever its axes.
    const flat = { ...header, shape: [header.shape[0], header.count / header.shape[0]] };
    this.#format = sampleFormat({ ...source, header: flat }, { layout: 'NC', scale: 1 });
    this.#decode = sampleDecoder(this.#format);
    this.#samples = samples;
    this.#batch = batch;
    this.#order = order;
    this.#first = first;
    this.#bytes = new SampleBytes(source, this.#format, order, first);
    const size = rowBytes(header);
    this.#buffers = [new Uint8Array(batch * size), new Uint8Array(batch * size)];
    this.#ahead = this.#read();
  }

  /** Fills `out` with the next batch; of the last one there may be less. */
  async next(out: Float32Array): Promise<void> {
    const bytes = await this.#ahead;
    this.#ahead = this.#read();
    const { dtype, bigEndian, values, itemBytes } = this.#format;
    if (dtype === 'float32' && !bigEndian)
      new Uint8Array(out.buffer, out.byteOffset, bytes.length).set(bytes);
    else this.#decode(bytes, bytes.length / (values * itemBytes), out);
  }

  close(): void {
    this.#ahead.catch(() => undefined);
    this.#bytes.close();
  }

  /** One batch, none at the end, into the buffer that is not at work. */
  #read(): Promise<Uint8Array> {
    const count = Math.min(this.#batch, this.#samples - this.#first);
    if (count === 0) return Promise.resolve(this.#buffers[0].subarray(0, 0));
    const size = rowBytes(this.#source.header);
    const into = this.#buffers[this.#turn++ % 2].subarray(0, count * size);
    const first = this.#first;
    this.#first += count;
    const { readAt, isPlain } = this.#source;
    const reading = (
      readAt && isPlain ? this.#readAt(readAt, first, count, into) : this.#bytes.fill(into)
    ).then(() => into);
    // Awaited at the next call; a failure must not count as unhandled until then.
    reading.catch(() => undefined);
    return reading;
  }

  /** Straight into place: streams would leave what they hand over to the garbage collector. */
  async #readAt(
    readAt: NonNullable<ArraySource['readAt']>,
    first: number,
    count: number,
    into: Uint8Array,
  ): Promise<void> {
    const size = rowBytes(this.#source.header);
    if (!this.#order) return readAt(first * size, into);
    const images = this.#order.subarray(first, first + count);
    const parts = Array.from(images, (image, at) => ({
      at: image * size,
      into: into.subarray(at * size, (at + 1) * size),
    }));
    const { readParts } = this.#source;
    if (readParts) return readParts(parts);
    await Promise.all(parts.map((part) => readAt(part.at, part.into)));
  }
}
