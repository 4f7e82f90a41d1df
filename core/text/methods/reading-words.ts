import { preprocessOf, type Preprocess, type PictureSize } from '../../domain/preprocess.ts';
import type { RecipeData } from '../../domain/recipe.ts';
import { resolveRecipe } from '../../domain/resolve-recipe.ts';
import { andList, plainNumber } from './words.ts';

/** How inputs were read, as far as the recipe says. */
export type InputReading = Partial<Preprocess> & {
  layout?: string;
  /** Which positions were no padding. */
  mask?: RecipeData['mask'];
  /** Of the networks that read them in a way of their own. */
  networks?: { name: string; preprocess: Preprocess }[];
};

/** The reading that a recipe states, which `parse` gives; null where it is no recipe of this version. */
export function readingOfRecipe(parse: () => unknown): InputReading | null {
  try {
    const { data, networks } = resolveRecipe(parse(), 'recipe');
    if (!data) return null;
    return {
      ...preprocessOf(data),
      layout: data.layout,
      ...(data.mask && { mask: data.mask }),
      networks: networks.flatMap((network) =>
        network.model !== undefined && network.preprocess
          ? [{ name: network.name, preprocess: network.preprocess }]
          : [],
      ),
    };
  } catch {
    return null;
  }
}

/** What was left out of every input, as a sentence of its own; empty: nothing. */
export function maskWords({ mask }: InputReading): string {
  if (!mask) return '';
  const which =
    'array' in mask ? `that the array ${mask.array} marks with 0` : `whose token has the id ${mask.padding}`;
  return ` Positions ${which} are padding and were left out.`;
}

/** What was done to the inputs, one step after the other, as parts of "inputs were ..."; empty: nothing. */
export function readingSteps(reading: InputReading): string[] {
  const { resize, crop, channels, orientation, alpha, scale, mean, std } = reading;
  const filter = `${reading.interpolation ?? 'bilinear'}, antialiased`;
  return [
    orientation === 'exif' ? 'turned as their EXIF orientation says' : null,
    alpha === 'black' || alpha === 'white' ? `put on ${alpha} where they were transparent` : null,
    channels === 'grey' ? 'made grey (ITU-R 601 luma)' : null,
    resize === undefined
      ? null
      : typeof resize === 'number'
        ? `resized to a shorter side of ${resize} pixels (${filter})`
        : `resized to ${sizeWords(resize)} pixels (${filter})`,
    crop === undefined ? null : `cropped to their central ${sizeWords(crop)} pixels`,
    scale !== undefined && scale !== 1 ? `multiplied by ${plainNumber(scale)}` : null,
    mean ? `less ${andList(mean.map(plainNumber))}${mean.length > 1 ? ' per channel' : ''}` : null,
    std ? `divided by ${andList(std.map(plainNumber))}${std.length > 1 ? ' per channel' : ''}` : null,
    channels === 'bgr' ? 'given with their channels in the order blue, green, red' : null,
  ].filter((step) => step !== null);
}

/** Height x width. */
function sizeWords(size: PictureSize): string {
  return typeof size === 'number' ? `${size} x ${size}` : `${size[0]} x ${size[1]}`;
}
