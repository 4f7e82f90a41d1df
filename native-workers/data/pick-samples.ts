import { AppError } from '#core/errors.ts';
import type { ArraySource } from './array-source.ts';
import type { SampleFormat } from './sample-format.ts';
import { SampleStream } from './sample-stream.ts';

/**
 * Visits the stored bytes of single samples, in ascending order; the bytes are valid during the visit. Arrays that lie
 * uncompressed in their file are read where the samples are; a compressed one from its start to the last of them.
 */
export async function visitSamples(
  source: ArraySource,
  format: SampleFormat,
  indices: Iterable<number>,
  visit: (index: number, bytes: Uint8Array) => void | Promise<void>,
): Promise<void> {
  const ascending = [...new Set(indices)].sort((x, y) => x - y);
  const beyond = ascending.find((index) => !(index >= 0 && index < format.samples));
  if (beyond !== undefined)
    throw new AppError(
      'bad-request',
      `${source.label} has ${format.samples} samples; there is no number ${beyond}.`,
      { index: beyond },
    );
  const bytes = new Uint8Array(format.values * format.itemBytes);
  const { readAt } = source;
  if (readAt) {
    for (const index of ascending) {
      await readAt(index * bytes.length, bytes);
      await visit(index, bytes);
    }
    return;
  }
  const stream = new SampleStream(source);
  try {
    for (let next = 0, at = 0; at < ascending.length; next++) {
      await stream.fill(bytes);
      if (next === ascending[at]) await visit(ascending[at++], bytes);
    }
  } finally {
    stream.close();
  }
}

/** The stored bytes of single samples, in the order asked for. */
export async function pickSamples(
  source: ArraySource,
  format: SampleFormat,
  indices: readonly number[],
): Promise<Uint8Array> {
  const size = format.values * format.itemBytes;
  const picked = new Uint8Array(indices.length * size);
  const slots = Map.groupBy(indices.keys(), (slot) => indices[slot]);
  await visitSamples(source, format, indices, (index, bytes) => {
    for (const slot of slots.get(index) ?? []) picked.set(bytes, slot * size);
  });
  return picked;
}
