import { AppError } from '#core/errors.ts';
import type { ArraySource } from './array-source.ts';
import type { SampleFormat } from './sample-format.ts';
import { SampleStream } from './sample-stream.ts';

/**
 * The stored bytes of single samples, in the order asked for. Arrays that lie uncompressed in their file are read
 * where the samples are; a compressed array is read from its start to the last of them.
 */
export async function pickSamples(
  source: ArraySource,
  format: SampleFormat,
  indices: ArrayLike<number>,
): Promise<Uint8Array> {
  const sampleBytes = format.values * format.itemBytes;
  const bytes = new Uint8Array(indices.length * sampleBytes);
  const slots = Array.from(indices, (index, slot) => ({ index, slot })).sort((x, y) => x.index - y.index);
  const beyond = slots.find(({ index }) => !(index >= 0 && index < format.samples));
  if (beyond)
    throw new AppError(
      'bad-request',
      `${source.label} has ${format.samples} samples; there is no number ${beyond.index}.`,
      { index: beyond.index },
    );
  const into = (slot: number) => bytes.subarray(slot * sampleBytes, (slot + 1) * sampleBytes);
  const { readAt } = source;
  if (readAt) {
    await readAt(slots.map(({ index, slot }) => ({ at: index * sampleBytes, into: into(slot) })));
    return bytes;
  }
  const stream = new SampleStream(source);
  const passed = new Uint8Array(sampleBytes);
  let next = 0;
  let last: Uint8Array | null = null;
  try {
    for (const { index, slot } of slots) {
      if (last && index === next - 1) {
        into(slot).set(last);
        continue;
      }
      for (; next < index; next++) await stream.fill(passed);
      await stream.fill(into(slot));
      last = into(slot);
      next = index + 1;
    }
  } finally {
    stream.close();
  }
  return bytes;
}
