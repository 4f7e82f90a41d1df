import type { EngineData } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { openArraySource, openContainer, sourceOf, type ArraySource } from './array-source.ts';
import type { Dataset } from './dataset.ts';
import type { Feed, FeedArray } from './feeds.ts';
import { withRemedy } from './images/image-set.ts';
import { sampleFormat, type SampleFormat } from './sample-format.ts';
import { pictureWriter, rowsWriter, type RowsWriter } from './write-feed.ts';

/** Gives the stored bytes of samples of one array. */
export interface RowSource {
  fill(samples: ArrayLike<number>, into: Uint8Array): Promise<void>;
  close(): void;
}
export type RowSourceOf = (source: ArraySource, format: SampleFormat) => RowSource;

interface ArrayFeeds {
  rows: RowSource;
  sampleBytes: number;
  writers: { feed: number; write: RowsWriter }[];
}

/** An array that inputs name: of `data.arrays`, or under a key of the main file. */
export async function openNamedArray(data: EngineData, name: string): Promise<ArraySource> {
  const named = data.arrays && Object.hasOwn(data.arrays, name) ? data.arrays[name] : null;
  if (named) return openArraySource(named.path, named.key);
  const container = await openContainer(data.path);
  const { fileName, members } = container;
  if (members.length === 1 && members[0].key === '')
    throw new AppError(
      'bad-data',
      `${fileName} is a single array without names; say where "${name}" lies in data.arrays ({${name}: {file: ...}}).`,
    );
  return sourceOf(container, name, 'data.arrays');
}

/** How an array that inputs name is stored. */
export function rawFormat(source: ArraySource, limit: number | undefined): SampleFormat {
  return sampleFormat(source, { layout: 'as-is', scale: 1, limit });
}

/** Images read at once, so that decoding goes on while another is resized. */
const sideBySide = 3;

/** Makes the tensors of several inputs for the same samples; every file is read, and every picture decoded, once. */
export class FeedReader {
  readonly #dataset: Dataset;
  readonly #feeds: readonly Feed[];
  readonly #arrays: ArrayFeeds[];

  private constructor(dataset: Dataset, feeds: readonly Feed[], arrays: ArrayFeeds[]) {
    this.#dataset = dataset;
    this.#feeds = feeds;
    this.#arrays = arrays;
  }

  static async open(
    dataset: Dataset,
    data: EngineData,
    feeds: readonly Feed[],
    rowsOf: RowSourceOf,
  ): Promise<FeedReader> {
    const groups = Map.groupBy(feeds.keys(), (index) => arrayOf(feeds[index], dataset));
    const arrays: ArrayFeeds[] = [];
    for (const [name, indices] of groups) {
      if (name === undefined) continue;
      const source = name === null ? mainSource(dataset) : await openNamedArray(data, name);
      const format =
        name === null
          ? sampleFormat(source, { ...data, mean: undefined, std: undefined })
          : rawFormat(source, data.limit);
      arrays.push({
        rows: rowsOf(source, format),
        sampleBytes: format.values * format.itemBytes,
        writers: indices.map((feed) => ({ feed, write: rowsWriter(feeds[feed], format, source.label) })),
      });
    }
    return new FeedReader(dataset, feeds, arrays);
  }

  /** Fills `out`, one array a feed, with these samples; `isEnded` is asked between images. */
  async read(samples: ArrayLike<number>, out: readonly FeedArray[], isEnded = () => false): Promise<void> {
    for (const { rows, sampleBytes, writers } of this.#arrays) {
      const bytes = new Uint8Array(samples.length * sampleBytes);
      await rows.fill(samples, bytes);
      for (const { feed, write } of writers) write(bytes, samples.length, out[feed]);
    }
    if (this.#dataset.images) await this.#readImages(samples, out, isEnded);
  }

  async #readImages(
    samples: ArrayLike<number>,
    out: readonly FeedArray[],
    isEnded: () => boolean,
  ): Promise<void> {
    const { images } = this.#dataset;
    // Decoding depends on orientation and alpha; pictures of one decoding are shared.
    const decodings = new Map<
      string,
      { how: Decoding; writers: ((sample: number, picture: DecodedPicture) => void)[] }
    >();
    this.#feeds.forEach((feed, index) => {
      if (feed.kind !== 'pictures') return;
      const how = { orientation: feed.how.orientation, alpha: feed.how.alpha };
      const key = JSON.stringify(how);
      const write = pictureWriter(feed);
      const decoding = decodings.get(key) ?? { how, writers: [] };
      decodings.set(key, decoding);
      decoding.writers.push((at, picture) =>
        write(
          picture,
          (images as Images).nameOf(samples[at]),
          out[index].subarray(at * feed.values, (at + 1) * feed.values),
        ),
      );
    });
    let next = 0;
    const work = async () => {
      for (let at = next++; at < samples.length && !isEnded(); at = next++) {
        for (const { how, writers } of decodings.values()) {
          const picture = await (images as Images).decode(samples[at], how);
          for (const write of writers) write(at, picture);
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: sideBySide }, work));
    } catch (error) {
      throw withRemedy(error);
    }
  }

  close(): void {
    for (const { rows } of this.#arrays) rows.close();
  }
}

type Images = NonNullable<Dataset['images']>;
type Decoding = Parameters<Images['decode']>[1];
type DecodedPicture = Awaited<ReturnType<Images['decode']>>;

/** The array that a feed reads: null is the main one, undefined none. */
function arrayOf(feed: Feed, dataset: Dataset): string | null | undefined {
  if (feed.kind === 'rows') return feed.array;
  return dataset.images ? undefined : null;
}

function mainSource(dataset: Dataset): ArraySource {
  if (dataset.source) return dataset.source;
  throw new AppError('internal', `${dataset.label} is no array.`);
}
