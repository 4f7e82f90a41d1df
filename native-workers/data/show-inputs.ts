import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import type { EngineData, InputsRequest } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import { openDataset, shownFormat } from './dataset.ts';
import { pickSamples, visitSamples } from './pick-samples.ts';
import { sampleFormat, type SampleFormat } from './sample-format.ts';
import { shownInputs, shrinkingOf, shrinkOne } from './shrink-inputs.ts';
import { pictureWriter, rowsWriter } from './write-feed.ts';

/** Single inputs of the data, as a person would look at them. */
export async function showInputs({ data, images, mostSide }: InputsRequest): Promise<ShownInputs> {
  return withShown(data, async (shown) => {
    const { format } = shown;
    const shrinking = shrinkingOf(format, mostSide);
    const slots = Map.groupBy(images.keys(), (slot) => images[slot]);
    const shrunk = new Float32Array(images.length * shrinking.values);
    const one = new Float32Array(shrinking.values);
    await shown.visit(images, (index, input) => {
      shrinkOne(format, shrinking, input, one);
      for (const slot of slots.get(index) ?? []) shrunk.set(one, slot * shrinking.values);
    });
    return shownInputs(format, shrinking, Int32Array.from(images), shrunk);
  });
}

export interface ShownSamples {
  /** Without mean and deviation, which would only make pictures of it that nobody knows. */
  format: SampleFormat;
  /** Visits single inputs [channels x height x width] in ascending order; valid during the visit. */
  visit(
    samples: Iterable<number>,
    take: (index: number, input: Float32Array) => void | Promise<void>,
  ): Promise<void>;
}

/** Samples as they are shown, open while `use` is at work. */
export async function withShown<T>(data: EngineData, use: (shown: ShownSamples) => Promise<T>): Promise<T> {
  const dataset = await openDataset(data);
  try {
    const { format, feed } = await shownFormat(dataset, data);
    const input = new Float32Array(feed.values);
    const { images, source } = dataset;
    return await use({
      format,
      async visit(samples, take) {
        if (images && feed.kind === 'pictures') {
          const write = pictureWriter(feed);
          for (const index of ascending(samples, format.samples, dataset.label)) {
            write(await images.decode(index, feed.how), images.nameOf(index), input);
            await take(index, input);
          }
        } else if (source) {
          const raw = sampleFormat(source, { ...data, mean: undefined, std: undefined });
          const write = rowsWriter(feed, raw, source.label);
          await visitSamples(source, raw, samples, async (index, bytes) => {
            write(bytes, 1, input);
            await take(index, input);
          });
        }
      },
    });
  } finally {
    dataset.close();
  }
}

function ascending(samples: Iterable<number>, count: number, label: string): number[] {
  const sorted = [...new Set(samples)].sort((x, y) => x - y);
  const beyond = sorted.find((index) => !(index >= 0 && index < count));
  if (beyond === undefined) return sorted;
  throw new AppError('bad-request', `${label} has ${count} samples; there is no number ${beyond}.`, {
    index: beyond,
  });
}

/** Rows of an array by their numbers, whatever their order: for a `FeedReader` that looks at single samples. */
export const pickedRows = (source: Parameters<typeof pickSamples>[0], format: SampleFormat) => ({
  fill: async (samples: ArrayLike<number>, into: Uint8Array) =>
    into.set(await pickSamples(source, format, Array.from(samples))),
  close: () => undefined,
});
