import type { TopInputs } from '#core/domain/result.ts';
import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import { topInputBytes, type EngineData } from '#core/ipc/engine.ts';
import type { SampleFormat } from '../data/sample-format.ts';
import { withShown, type ShownSamples } from '../data/show-inputs.ts';
import { shownInputs, shrinkingOf, shrinkOne, type Shrinking } from '../data/shrink-inputs.ts';

/** Sides of pictures, the finest first. */
const sides = [64, 48, 32, 24, 16];
/** Down to this side all inputs of all units come before detail; below it, this many of each unit do. */
const sideForAll = 32;
const ranksBelow = 3;
/** Images between two looks whether the job goes on. */
const imagesApart = 16;

/**
 * Pictures of the top inputs of every layer, so that a project shows them without its data file: each image once a
 * layer, at most 64 pixels a side and 8 MiB a layer. The finest of 64, 48 and 32 pixels at which all of them fit; else
 * the finest of 64 to 16 at which the first three of every unit do; what does not fit even then is left out, the most
 * exciting rank by rank kept. One pass over the samples they need.
 */
export async function topPictures(
  data: EngineData,
  layers: readonly (readonly TopInputs[])[],
  checkpoint: () => Promise<void>,
): Promise<ShownInputs[]> {
  return withShown(data, (shown) => picturesOf(shown, layers, checkpoint));
}

async function picturesOf(
  { format, visit }: ShownSamples,
  layers: readonly (readonly TopInputs[])[],
  checkpoint: () => Promise<void>,
): Promise<ShownInputs[]> {
  const chosen = layers.map((top) => chooseImages(format, top));
  const slots = new Map<number, { layer: number; slot: number }[]>();
  chosen.forEach(({ images }, layer) =>
    images.forEach((image, slot) => {
      const known = slots.get(image);
      if (known) known.push({ layer, slot });
      else slots.set(image, [{ layer, slot }]);
    }),
  );
  let left = imagesApart;
  const shrunk = chosen.map(({ images, shrinking }) => new Float32Array(images.length * shrinking.values));
  await visit(slots.keys(), async (image, input) => {
    // Layers that keep pictures of one size share the work.
    const bySize = new Map<number, Float32Array>();
    for (const { layer, slot } of slots.get(image) ?? []) {
      const { shrinking } = chosen[layer];
      const { values } = shrinking;
      const place = shrunk[layer].subarray(slot * values, (slot + 1) * values);
      const known = bySize.get(values);
      if (known) place.set(known);
      else shrinkOne(format, shrinking, input, place);
      bySize.set(values, place);
    }
    if (--left > 0) return;
    left = imagesApart;
    await checkpoint();
  });
  return chosen.map(({ images, shrinking }, layer) =>
    shownInputs(format, shrinking, Int32Array.from(images), shrunk[layer]),
  );
}

function chooseImages(
  format: SampleFormat,
  top: readonly TopInputs[],
): { images: number[]; shrinking: Shrinking } {
  const ranked = imagesByRank(top, top[0].k);
  const some = imagesByRank(top, ranksBelow).length;
  const all = sides.map((side) => shrinkingOf(format, side));
  const fits = (count: number) => (shrinking: Shrinking) => count * shrinking.bytes <= topInputBytes;
  const shrinking =
    all.slice(0, sides.indexOf(sideForAll) + 1).find(fits(ranked.length)) ??
    all.find(fits(some)) ??
    all[all.length - 1];
  return { images: ranked.slice(0, Math.floor(topInputBytes / shrinking.bytes)), shrinking };
}

/** Each image once: first inputs of all units, then second ones, and so on. */
function imagesByRank(top: readonly TopInputs[], ranks: number): number[] {
  const images = new Set<number>();
  for (let rank = 0; rank < ranks; rank++)
    for (const { k, image } of top)
      for (let at = rank; rank < k && at < image.length; at += k) if (image[at] >= 0) images.add(image[at]);
  return [...images];
}
