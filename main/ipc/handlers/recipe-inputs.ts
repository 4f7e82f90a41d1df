import { resolve } from 'node:path';
import type { RunInputs } from '#core/ipc/areas/analysis.ts';
import { fileOf, type Recipe, type RecipeData } from '#core/domain/recipe.ts';
import { resolveAnalysis } from '#core/domain/resolve-analysis.ts';
import type { TokenStore } from '../../app/token-store.ts';
import { pickedFile } from './picked-file.ts';

/** The files of a recipe as the window may know them, and how its data is read. */
export async function inputsOf(recipe: Recipe, baseFolder: string, tokens: TokenStore): Promise<RunInputs> {
  const networks = recipe.networks.map(async (network) => ({
    name: network.name,
    file: await pickedFile(resolve(baseFolder, fileOf(network).path), tokens),
    ...(network.model !== undefined && network.preprocess && { preprocess: network.preprocess }),
  }));
  return {
    title: recipe.title,
    networks: await Promise.all(networks),
    data: recipe.data && (await dataOf(recipe.data, baseFolder, tokens)),
  };
}

async function dataOf(
  { images, arrays: _named, vocabulary: _words, ...reading }: RecipeData,
  baseFolder: string,
  tokens: TokenStore,
) {
  return { file: await pickedFile(resolve(baseFolder, images), tokens), ...reading };
}

/** The rest of a recipe as far as the form has fields for it; what it has none for is named. */
export function formPartOf(recipe: Recipe, recipeText: string): NonNullable<RunInputs['more']> {
  const names = [...new Set(recipe.analyses.map((analysis) => analysis.name))];
  const withOptions = recipe.analyses.filter(({ name, ...options }) => {
    const { name: _same, ...defaults } = resolveAnalysis(name, name, (field, what) => {
      throw new Error(`${field}: ${what}`);
    });
    return JSON.stringify(options) !== JSON.stringify(defaults);
  });
  const isRandom = recipe.layers.some((layer) => layer.sample.kind === 'random');
  const leftOut = [
    ...(withOptions.length > 0 ? [`options of ${withOptions.map(({ name }) => name).join(', ')}`] : []),
    ...(/^pairs:/m.test(recipeText) ? ['the choice of pairs'] : []),
    ...(recipe.batch === null ? [] : ['the batch size']),
    ...(recipe.networks.some((network) => network.model !== undefined && network.inputs)
      ? ['where the inputs of networks come from']
      : []),
    ...(recipe.layers.some((layer) => layer.axes) ? ['the axes of layers'] : []),
    ...(recipe.data?.vocabulary === undefined ? [] : ['the vocabulary']),
    ...(hasIds(recipe) ? ['the names of sample ids'] : []),
    ...(isRandom ? ['the number of random positions'] : []),
  ];
  return {
    layers: recipe.layers.map(({ name, tensors, sample }) => ({ name, tensors, sample: sample.kind })),
    analyses: names,
    folds: recipe.folds,
    provider: recipe.provider,
    threads: recipe.threads,
    leftOut,
  };
}

function hasIds({ data, networks }: Recipe): boolean {
  return data?.ids !== undefined || networks.some((network) => 'ids' in network && network.ids !== undefined);
}
