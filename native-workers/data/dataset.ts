import { preprocessOf, type Preprocess } from '#core/domain/preprocess.ts';
import type { EngineData, SkippedSample } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { encodedImages, openContainer, sourceOf, type ArraySource } from './array-source.ts';
import type { ArrayContainer } from './arrays/array-container.ts';
import type { Feed } from './feeds.ts';
import { ImageSet, withRemedy } from './images/image-set.ts';
import { isImageSet } from './images/open-images.ts';
import { resizedSize } from './images/resize-picture.ts';
import { preparePicture } from './images/prepare-picture.ts';
import { sampleFormat, type SampleFormat } from './sample-format.ts';

/** The samples of `data.images`: an array of a file, or a set of images. */
export type Dataset = {
  label: string;
  samples: number;
  /** Samples that there are, before `data.limit`. */
  rows: number;
  /** The file of arrays they lie in, and how many it has; left out for a folder or archive. */
  file?: { container: ArrayContainer; rows: number };
  close(): void;
} & ({ source: ArraySource; images?: undefined } | { images: ImageSet; source?: undefined });

export async function openDataset(data: EngineData): Promise<Dataset> {
  if (isImageSet(data.path)) {
    if (data.key !== undefined)
      throw new AppError(
        'bad-data',
        `A folder or archive of images has no keys; leave out data.key ("${data.key}").`,
      );
    if (data.layout !== undefined)
      throw new AppError('bad-data', `Images need no data.layout ("${data.layout}"); leave it out.`);
    if (data.ids !== undefined)
      throw new AppError('bad-data', `Images have no array of ids; leave out data.ids ("${data.ids}").`);
    return ofImages(await ImageSet.open(data));
  }
  const container = await openContainer(data.path);
  const column = encodedImages(container, data.key);
  if (column) {
    if (data.layout !== undefined)
      throw new AppError('bad-data', `Images need no data.layout ("${data.layout}"); leave it out.`);
    const images = ImageSet.of(await column.open(), data);
    return ofImages(images, { container, rows: images.files });
  }
  const source = await sourceOf(container, data.key, 'data.key');
  const rows = source.header.shape[0];
  return {
    source,
    ...{ label: source.label, rows, file: { container, rows } },
    samples: sampleFormat(source, { ...data, mean: undefined, std: undefined }).samples,
    close: () => undefined,
  };
}

function ofImages(images: ImageSet, file?: Dataset['file']): Dataset {
  return {
    images,
    label: images.label,
    ...(file && { file }),
    get samples() {
      return images.samples;
    },
    get rows() {
      return images.rows;
    },
    close: () => images.close(),
  };
}

/** Refuses to leave images out where other arrays are of the same samples, one a row. */
export function requireNoneLeftOut(dataset: Dataset, data: EngineData): void {
  if (!dataset.images || data.onError !== 'skip') return;
  throw new AppError(
    'not-available',
    'data.onError: skip leaves images out, and the arrays beside them would no longer belong to the same samples; remove bad images and their rows, and leave onError out.',
  );
}

/** Leaves out what cannot be read, where that is asked for and not known already. */
export async function leaveOutBad(
  dataset: Dataset,
  data: EngineData,
  hooks: Parameters<ImageSet['leaveOutBad']>[0],
): Promise<SkippedSample[]> {
  if (!dataset.images || data.onError !== 'skip' || data.skipped) return [];
  return dataset.images.leaveOutBad(hooks);
}

/** How samples look to a network that takes so many channels (null: any), and the feed that makes them so. */
export async function datasetFormat(
  dataset: Dataset,
  data: EngineData,
  how: Preprocess,
  channels: number | null,
): Promise<{ format: SampleFormat; isPicture: boolean; channels: 1 | 3 | null }> {
  const wanted = wantedChannels(how, channels, dataset.images !== undefined);
  if (dataset.images) {
    const first = await dataset.images.decode(0, how).catch((error: unknown) => {
      throw withRemedy(error);
    });
    const picture = preparePicture(first, how, wanted);
    const { width, height } = picture;
    return {
      isPicture: true,
      channels: wanted,
      format: pictureFormat(dataset, how, picture.channels, width, height),
    };
  }
  const raw = sampleFormat(dataset.source, { ...data, mean: undefined, std: undefined });
  const isPicture = raw.layout.includes('H') && (how.resize ?? how.crop ?? how.channels) !== undefined;
  if (!isPicture) {
    requirePictures(how, raw, dataset.label);
    return {
      isPicture,
      channels: null,
      format: sampleFormat(dataset.source, { ...data, ...how, mean: how.mean, std: how.std }),
    };
  }
  if (wanted !== null && raw.channels !== 1 && raw.channels !== 3)
    throw new AppError(
      'bad-data',
      `${dataset.label} has ${raw.channels} channels; channels: ${how.channels} needs 1 or 3.`,
    );
  const resized = how.resize === undefined ? raw : resizedSize(raw, how.resize);
  const [height, width] = typeof how.crop === 'object' ? how.crop : [how.crop, how.crop];
  const size = { width: width ?? resized.width, height: height ?? resized.height };
  const made = { ...raw, layout: 'NCHW' as const, channels: wanted ?? raw.channels, ...size };
  return {
    isPicture,
    channels: wanted,
    format: {
      ...made,
      ...numbersOf(how, made.channels, dataset.label),
      values: made.channels * size.width * size.height,
    },
  };
}

function requirePictures(how: Preprocess, { layout }: SampleFormat, label: string): void {
  const key = (['resize', 'crop', 'channels'] as const).find((name) => how[name] !== undefined);
  if (key)
    throw new AppError('bad-data', `${label} has layout ${layout}: ${key} is for pictures; leave it out.`);
}

function wantedChannels(how: Preprocess, taken: number | null, isImages: boolean): 1 | 3 | null {
  if (how.channels) return how.channels === 'grey' ? 1 : 3;
  if (!isImages) return null;
  return taken === 1 ? 1 : 3;
}

function pictureFormat(
  dataset: Dataset,
  how: Preprocess,
  channels: number,
  width: number,
  height: number,
): SampleFormat {
  return {
    layout: 'NCHW',
    samples: dataset.samples,
    channels,
    height,
    width,
    values: channels * height * width,
    dims: [channels, height, width],
    itemBytes: 1,
    dtype: 'uint8',
    bigEndian: false,
    ...numbersOf(how, channels, dataset.label),
  };
}

function numbersOf(
  how: Preprocess,
  channels: number,
  label: string,
): Pick<SampleFormat, 'scale' | 'mean' | 'std'> {
  const list = (field: 'mean' | 'std') => {
    const values = how[field];
    if (!values) return null;
    if (values.length !== 1 && values.length !== channels)
      throw new AppError(
        'bad-data',
        `${field} has ${values.length} values; the pictures of ${label} have ${channels} ${channels === 1 ? 'channel' : 'channels'}: give one, or one per channel.`,
      );
    return Array.from({ length: channels }, (_, channel) => values[values.length === 1 ? 0 : channel]);
  };
  return { scale: how.scale, mean: list('mean'), std: list('std') };
}

/** The feed of samples in that format. */
export function feedOf(
  { format, isPicture, channels }: { format: SampleFormat; isPicture: boolean; channels: 1 | 3 | null },
  how: Preprocess,
  type: Feed['type'],
  order: 'first' | 'last',
): Feed {
  const { width, height, values } = format;
  return isPicture
    ? { kind: 'pictures', how, channels, width, height, order, type, values }
    : { kind: 'numbers', format, order, type, values };
}

/** Samples as people are shown them: without mean and deviation, which would make pictures that nobody knows. */
export async function shownFormat(
  dataset: Dataset,
  data: EngineData,
): Promise<{ format: SampleFormat; feed: Feed }> {
  const how = { ...(data.shown ?? preprocessOf(data)), mean: undefined, std: undefined };
  if (how.channels === 'bgr') how.channels = 'rgb';
  const made = await datasetFormat(dataset, data, how, null);
  return { format: made.format, feed: feedOf(made, how, 'float32', 'first') };
}
