import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import type { EngineData, InputsRequest } from '#core/ipc/engine.ts';
import { openArraySource, type ArraySource } from './array-source.ts';
import { sampleDecoder } from './decode-samples.ts';
import { visitSamples } from './pick-samples.ts';
import { sampleFormat, type SampleFormat } from './sample-format.ts';
import { shownInputs, shrinkingOf, shrinkOne } from './shrink-inputs.ts';

/** Single inputs of a data file, as a person would look at them. */
export async function showInputs({ data, images, mostSide }: InputsRequest): Promise<ShownInputs> {
  const { source, format } = await openUnnormalised(data);
  const shrinking = shrinkingOf(format, mostSide);
  const slots = Map.groupBy(images.keys(), (slot) => images[slot]);
  const shrunk = new Float32Array(images.length * shrinking.values);
  const one = new Float32Array(shrinking.values);
  await visitDecoded(source, format, images, (index, input) => {
    shrinkOne(format, shrinking, input, one);
    for (const slot of slots.get(index) ?? []) shrunk.set(one, slot * shrinking.values);
  });
  return shownInputs(format, shrinking, Int32Array.from(images), shrunk);
}

/** The data without mean and deviation, which would only make pictures of it that nobody knows. */
export async function openUnnormalised(
  data: EngineData,
): Promise<{ source: ArraySource; format: SampleFormat }> {
  const source = await openArraySource(data.path, data.key);
  return { source, format: sampleFormat(source, { ...data, mean: undefined, std: undefined }) };
}

/** Visits single inputs [channels x height x width] in ascending order; valid during the visit. */
export async function visitDecoded(
  source: ArraySource,
  format: SampleFormat,
  images: Iterable<number>,
  visit: (index: number, input: Float32Array) => void | Promise<void>,
): Promise<void> {
  const decode = sampleDecoder(format);
  const input = new Float32Array(format.values);
  await visitSamples(source, format, images, async (index, bytes) => {
    decode(bytes, 1, input);
    await visit(index, input);
  });
}
