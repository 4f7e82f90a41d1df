import type { EngineData } from '#core/ipc/engine.ts';
import type { Dataset } from '../data/dataset.ts';
import { feedBytes, type Feed } from '../data/feeds.ts';
import { positionSizes, sampleFormat, type SampleFormat } from '../data/sample-format.ts';
import type { BoundNetwork } from './bind-inputs.ts';
import { FeedList } from './feed-tensors.ts';

/** Every different feed of the networks that are run, once. */
export function feedListOf(bound: readonly (BoundNetwork | null)[]): FeedList {
  const list = new FeedList();
  for (const feed of feedsOf(bound)) list.indexOf(feed);
  return list;
}

/** Pictures, and the feed that makes them. */
export interface FedPictures {
  feed: Feed;
  format: SampleFormat;
}

/**
 * What average inputs are taken of: pictures in float32 as the first network that is run reads them; where none is, as
 * they are shown. Null where inputs are no pictures.
 */
export function averagedPictures(
  bound: readonly (BoundNetwork | null)[],
  shown: FedPictures | null,
): FedPictures | null {
  const first = bound.find((network) => network !== null);
  const feed = first
    ? feedsOf([first]).find(({ kind, type }) => kind !== 'rows' && type === 'float32')
    : shown?.feed;
  const format = first ? first.format : shown?.format;
  const isPicture = feed && feed.kind !== 'rows' && feed.order === 'first';
  return isPicture && format && positionSizes(format).length > 0 ? { feed, format } : null;
}

function feedsOf(bound: readonly (BoundNetwork | null)[]): Feed[] {
  return bound.flatMap((network) =>
    (network?.inputs ?? []).flatMap((input) => ('feed' in input ? [input.feed] : [])),
  );
}

/** What has to be held of the data's arrays to read them in any order; infinite where they can only be read in theirs. */
export function storedInputs(feeds: readonly Feed[], dataset: Dataset, data: EngineData): number {
  const rows = feeds.filter((feed) => feed.kind === 'rows' && feed.array !== null);
  const named = rows.reduce((sum, feed) => sum + dataset.samples * feedBytes(feed), 0);
  if (dataset.images) return dataset.images.isSlowOutOfOrder ? Infinity : named;
  if (feeds.every((feed) => rows.includes(feed))) return named;
  const { values, itemBytes } = sampleFormat(dataset.source, { ...data, mean: undefined, std: undefined });
  return named + dataset.samples * values * itemBytes;
}
