import type { Recipe, RecipeData, RecipeNetwork } from '#core/domain/recipe.ts';
import type { EngineActivations, EngineData, EngineNetwork } from '#core/ipc/engine.ts';

type PathOf = (written: string) => string;

/** The data section as the engine reads it, its paths made absolute. */
export function engineDataOf(data: RecipeData, networks: Recipe['networks'], pathOf: PathOf): EngineData {
  const { images, arrays, vocabulary: _shown, ...reading } = data;
  const isSized = data.resize !== undefined || data.crop !== undefined;
  const own = networks.flatMap((network) => (network.model !== undefined ? [network.preprocess] : []));
  const shown = isSized ? undefined : own.find((preprocess) => preprocess);
  return {
    ...reading,
    path: pathOf(images),
    ...(arrays && {
      arrays: Object.fromEntries(
        Object.entries(arrays).map(([name, { file, key }]) => [
          name,
          { path: pathOf(file), ...(key && { key }) },
        ]),
      ),
    }),
    ...(shown && { shown }),
  };
}

type RunNetwork = Extract<RecipeNetwork, { model: string }>;

export function engineNetworkOf(network: RunNetwork, path: string): EngineNetwork;
export function engineNetworkOf(network: RecipeNetwork, path: string): EngineNetwork | EngineActivations;
export function engineNetworkOf(network: RecipeNetwork, path: string): EngineNetwork | EngineActivations {
  const { name } = network;
  if (network.model === undefined)
    return { name, activationsPath: path, ...(network.ids !== undefined && { ids: network.ids }) };
  const { preprocess, inputs } = network;
  return { name, modelPath: path, ...(preprocess && { preprocess }), ...(inputs && { inputs }) };
}

/** Every file or folder that the data section names, the main one first. */
export function dataFilesOf(data: RecipeData | null): string[] {
  if (!data) return [];
  const { images, arrays } = data;
  return [...new Set([images, ...Object.values(arrays ?? {}).map(({ file }) => file)])];
}
