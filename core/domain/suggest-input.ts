import type { ModelInput } from './network.ts';
import type { RecipeInput } from './recipe.ts';

/** What the data of a run can give inputs of networks. */
export interface InputSources {
  /** Whether the samples of `data.images` are image files. */
  areImages: boolean;
  /** Names of arrays, in the data's file and beside it; null where they are not known. */
  arrays: readonly string[] | null;
}

/**
 * Where an input of a network with several most likely comes from: an array of its name, the samples for the first, zeros
 * for states, one number for what has no axes. An array that is not there is suggested where nothing else is.
 */
export function suggestInput(
  { name, shape }: Pick<ModelInput, 'name' | 'shape'>,
  index: number,
  { areImages, arrays }: InputSources,
): RecipeInput {
  if (arrays?.includes(name)) return { array: name };
  if (shape.length === 0) return { constant: 1 };
  if (/state|hidden|cache|past|^[hc]_?\d*$/i.test(name)) return { zeros: true };
  return index === 0 && (areImages || arrays) ? { images: true } : { array: name };
}
