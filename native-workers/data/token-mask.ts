import type { EngineData } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { countOf } from '../accumulate/position-mask.ts';
import type { ArraySource } from './array-source.ts';
import { requireNoneLeftOut, type Dataset } from './dataset.ts';
import { valueReader } from './decode-samples.ts';
import { openNamedArray, rawFormat } from './feed-reader.ts';
import { visitSamples } from './pick-samples.ts';
import type { SampleFormat } from './sample-format.ts';
import { SampleStream } from './sample-stream.ts';

/** Bytes of a mask in memory: one a position. */
const mostBytes = 2 ** 31;
const bytesAtOnce = 2 ** 22;

/** Which positions of every sample of the data are tokens, and which padding. */
export class TokenMask {
  /** What it was read from. */
  readonly label: string;
  /** Positions of a sample. */
  readonly length: number;
  /** [samples x length], 1 = counts. */
  readonly #counts: Uint8Array;

  constructor(label: string, length: number, counts: Uint8Array) {
    this.label = label;
    this.length = length;
    this.#counts = counts;
  }

  /** @throws AppError naming array, sample and remedy where it is no mask, or leaves a sample without a position */
  static async open(dataset: Dataset | null, data: EngineData, samples: number): Promise<TokenMask | null> {
    const stored = dataset && (await storedMask(dataset, data));
    if (!stored) return null;
    const { source, format } = stored;
    if (format.samples < samples)
      throw new AppError(
        'bad-data',
        `data.mask: ${source.label} has ${format.samples} samples, ${dataset.label} ${samples}; every array needs as many.`,
      );
    if (samples * format.values > mostBytes)
      throw new AppError(
        'not-available',
        `data.mask: ${samples} samples of ${format.values} positions are more than 2 GiB of mask; run fewer at once (data.limit).`,
      );
    const counts = await readCounts(stored, samples);
    requireSomeCount(counts, format.values, source.label);
    return new TokenMask(source.label, format.values, counts);
  }

  /** Of one sample, by its index. */
  rowOf(sample: number): Uint8Array {
    return this.#counts.subarray(sample * this.length, (sample + 1) * this.length);
  }

  /** Positions of a sample that count. */
  countOf(sample: number): number {
    return countOf(this.rowOf(sample));
  }
}

interface StoredMask {
  source: ArraySource;
  format: SampleFormat;
  /** 1 where a stored value counts, else 0. */
  countsOf: (value: number) => number;
}

/** Masks of single samples, by their index; null where the data has none. */
export async function maskRows(
  dataset: Dataset,
  data: EngineData,
  samples: Iterable<number>,
): Promise<Map<number, Uint8Array> | null> {
  const stored = await storedMask(dataset, data);
  if (!stored) return null;
  const { source, format, countsOf } = stored;
  const read = valueReader(format);
  const rows = new Map<number, Uint8Array>();
  await visitSamples(source, format, samples, (index, bytes) => {
    const at = read(bytes);
    rows.set(
      index,
      Uint8Array.from({ length: format.values }, (_, place) => countsOf(Number(at(place)))),
    );
  });
  return rows;
}

async function storedMask(dataset: Dataset, data: EngineData): Promise<StoredMask | null> {
  const { mask } = data;
  if (!mask) return null;
  if ('array' in mask) {
    requireNoneLeftOut(dataset, data);
    const source = await openMaskArray(data, mask.array);
    return { source, format: rawFormat(source, data.limit), countsOf: zerosAndOnes(source.label) };
  }
  const { source } = dataset;
  if (!source)
    throw new AppError('bad-recipe', 'data.mask: images have no token of padding; name an array of 0 and 1.');
  const format = rawFormat(source, data.limit);
  if (!/^u?int/.test(format.dtype))
    throw new AppError(
      'bad-recipe',
      `data.mask: ${source.label} holds ${format.dtype}, which are no token ids; name an array of 0 and 1 in place of padding.`,
    );
  return { source, format, countsOf: (value) => (value === mask.padding ? 0 : 1) };
}

async function openMaskArray(data: EngineData, name: string): Promise<ArraySource> {
  try {
    return await openNamedArray(data, name);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `data.mask: ${error.message}`, error.details, error);
  }
}

function zerosAndOnes(label: string): (value: number) => number {
  return (value) => {
    if (value === 0 || value === 1) return value;
    throw new AppError(
      'bad-data',
      `data.mask: ${label} holds ${value}; a mask holds 1 where a position counts and 0 where it is padding.`,
    );
  };
}

async function readCounts({ source, format, countsOf }: StoredMask, samples: number): Promise<Uint8Array> {
  const { values } = format;
  const counts = new Uint8Array(samples * values);
  const size = values * format.itemBytes;
  const together = Math.max(1, Math.floor(bytesAtOnce / size));
  const read = valueReader(format);
  const stream = new SampleStream(source);
  try {
    for (let first = 0; first < samples; first += together) {
      const here = Math.min(together, samples - first);
      const bytes = new Uint8Array(here * size);
      await stream.fill(bytes);
      const at = read(bytes);
      for (let index = 0; index < here * values; index++)
        counts[first * values + index] = countsOf(Number(at(index)));
    }
  } finally {
    stream.close();
  }
  return counts;
}

function requireSomeCount(counts: Uint8Array, length: number, label: string): void {
  for (let first = 0; first < counts.length; first += length) {
    if (counts.subarray(first, first + length).includes(1)) continue;
    throw new AppError(
      'bad-data',
      `data.mask: sample ${first / length} of ${label} has no position that counts; leave the sample out, or correct the mask.`,
      { sample: first / length },
    );
  }
}
