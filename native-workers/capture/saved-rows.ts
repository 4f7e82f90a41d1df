import type { ArraySource } from '../data/array-source.ts';
import { rowBytes } from '../data/arrays/array-header.ts';
import { sampleDecoder } from '../data/decode-samples.ts';
import { GatheredRows } from '../data/gathered-rows.ts';
import { SampleBytes } from '../data/read-order.ts';
import { sampleFormat, type SampleFormat } from '../data/sample-format.ts';

/** The first `samples` samples, as stored or in that order, `batch` at a time; the first ones may be left out. */
export interface ReadingOrder {
  samples: number;
  first?: number;
  batch: number;
  order: Int32Array | null;
}

/** Windows that rows in another order are read in: the whole array is gone through for each. */
const windows = 4;

/** Reads the rows of an array as float32, batch after batch; the next is read while the last one is at work. */
export class SavedRows {
  readonly #source: ArraySource;
  readonly #format: SampleFormat;
  readonly #decode: (bytes: Uint8Array, count: number, out: Float32Array) => void;
  readonly #gathered: GatheredRows | null;
  readonly #samples: number;
  readonly #batch: number;
  /** Rows that are read at a time: a batch, or a window of several. */
  readonly #window: number;
  readonly #bytes: SampleBytes;
  readonly #buffers: [Uint8Array, Uint8Array];
  #first: number;
  #turn = 0;
  #ahead: Promise<Uint8Array>;
  /** Of the window at work, what has not been given yet. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: ArraySource, { samples, first = 0, batch, order }: ReadingOrder) {
    this.#source = source;
    const { header, readAt, isPlain } = source;
    // One sample is one row of numbers here, whatever its axes.
    const flat = { ...header, shape: [header.shape[0], header.count / header.shape[0]] };
    this.#format = sampleFormat({ ...source, header: flat }, { layout: 'NC', scale: 1 });
    this.#decode = sampleDecoder(this.#format);
    this.#samples = samples;
    this.#batch = batch;
    this.#first = first;
    this.#bytes = new SampleBytes(source, this.#format, order, first);
    const size = rowBytes(header);
    this.#gathered = order && readAt && isPlain ? new GatheredRows(readAt, size, order) : null;
    this.#window = this.#gathered ? batch * Math.ceil(samples / windows / batch) : batch;
    this.#buffers = [new Uint8Array(this.#window * size), new Uint8Array(this.#window * size)];
    this.#ahead = this.#read();
  }

  /** Fills `out` with the next batch; of the last one there may be less. */
  async next(out: Float32Array): Promise<void> {
    if (this.#rest.length === 0) {
      this.#rest = await this.#ahead;
      this.#ahead = this.#read();
    }
    const { dtype, bigEndian, values, itemBytes } = this.#format;
    const length = Math.min(this.#rest.length, this.#batch * values * itemBytes);
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    if (dtype === 'float32' && !bigEndian) new Uint8Array(out.buffer, out.byteOffset, length).set(bytes);
    else this.#decode(bytes, length / (values * itemBytes), out);
  }

  close(): void {
    this.#ahead.catch(() => undefined);
    this.#bytes.close();
  }

  /** One window, none at the end, into the buffer that is not at work. */
  #read(): Promise<Uint8Array> {
    const count = Math.min(this.#window, this.#samples - this.#first);
    if (count === 0) return Promise.resolve(this.#buffers[0].subarray(0, 0));
    const size = rowBytes(this.#source.header);
    const into = this.#buffers[this.#turn++ % 2].subarray(0, count * size);
    const first = this.#first;
    this.#first += count;
    const { readAt, isPlain } = this.#source;
    const reading = (
      this.#gathered?.read(first, into) ??
      // Straight into place: streams would leave what they hand over to the garbage collector.
      (readAt && isPlain ? readAt(first * size, into) : this.#bytes.fill(into))
    ).then(() => into);
    // Awaited at the next call; a failure must not count as unhandled until then.
    reading.catch(() => undefined);
    return reading;
  }
}
