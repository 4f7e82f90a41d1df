import { AppError } from '#core/errors.ts';
import type { ImageRange, ShardNumber } from '#core/ipc/engine.ts';

/**
 * The images of one shard, in reading order. Shards begin where batches of the whole pass do, so that every network
 * sees the very batches that it would see on one machine; they differ by at most one batch.
 *
 * @throws AppError `bad-request` where there are more shards than batches
 */
export function shardRange({ index, of }: ShardNumber, samples: number, batch: number): ImageRange {
  const batches = Math.ceil(samples / batch);
  if (of > batches)
    throw new AppError(
      'bad-request',
      `${samples} inputs are ${batches} batches of ${batch}: they cannot be cut into ${of} shards; ask for at most ` +
        `${batches} (--of), or write a smaller batch in the recipe.`,
      { most: batches },
    );
  const start = (shard: number) => Math.min(samples, Math.floor((shard * batches) / of) * batch);
  return { first: start(index - 1), end: start(index) };
}

/** Of the ends of runs of images, those within a range, counted from its start; the last is the range's own end. */
export function runsWithin(ends: readonly number[], { first, end }: ImageRange): number[] {
  const inside = ends.filter((run) => run > first && run < end);
  return [...inside, end].map((run) => run - first);
}

/** Index of the run that holds the image at this place of the reading order. */
export function runOf(ends: readonly number[], place: number): number {
  return ends.findIndex((end) => place < end);
}
