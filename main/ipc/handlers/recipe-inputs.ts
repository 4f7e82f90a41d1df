import { resolve } from 'node:path';
import type { RunInputs } from '#core/ipc/areas/analysis.ts';
import { fileOf, type Recipe, type RecipeData } from '#core/domain/recipe.ts';
import type { TokenStore } from '../../app/token-store.ts';
import { pickedFile } from './picked-file.ts';

/** The files of a recipe as the window may know them, and how its data is read. */
export async function inputsOf(recipe: Recipe, baseFolder: string, tokens: TokenStore): Promise<RunInputs> {
  const networks = recipe.networks.map(async (network) => ({
    name: network.name,
    file: await pickedFile(resolve(baseFolder, fileOf(network).path), tokens),
    ...(network.model !== undefined
      ? {
          ...(network.preprocess && { preprocess: network.preprocess }),
          ...(network.inputs && { inputs: network.inputs }),
        }
      : { ...(network.ids !== undefined && { ids: network.ids }) }),
  }));
  return {
    title: recipe.title,
    networks: await Promise.all(networks),
    data: recipe.data && (await dataOf(recipe.data, baseFolder, tokens)),
  };
}

async function dataOf(
  { images, arrays, vocabulary, ...reading }: RecipeData,
  baseFolder: string,
  tokens: TokenStore,
) {
  const pick = (path: string) => pickedFile(resolve(baseFolder, path), tokens);
  const named = Object.entries(arrays ?? {}).map(async ([name, { file, key }]) => {
    return [name, { file: await pick(file), ...(key !== undefined && { key }) }] as const;
  });
  return {
    file: await pick(images),
    ...reading,
    ...(arrays && { arrays: Object.fromEntries(await Promise.all(named)) }),
    ...(vocabulary !== undefined && { vocabulary: await pick(vocabulary) }),
  };
}

/** The rest of a recipe, as the form takes it over. */
export function formPartOf(recipe: Recipe, recipeText: string): NonNullable<RunInputs['more']> {
  const { layers, pairs, analyses, folds, provider, threads, batch, memory } = recipe;
  const named = /^pairs:/m.test(recipeText) ? pairs : null;
  const machine = { provider, threads, batch, ...(memory !== undefined && { memory }) };
  return { layers, pairs: named, analyses, folds, ...machine };
}
