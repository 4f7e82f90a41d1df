import { stringify } from 'yaml';
import type { AnalysisDraft } from '#core/ipc/areas/analysis.ts';
import type { DataChoice } from '#core/ipc/areas/dataset.ts';
import type { RecipeFile } from '#core/domain/recipe.ts';
import { isSavedActivations } from './inspect-network.ts';

/** The recipe that a draft of the window stands for, with absolute paths in place of its file tokens. */
function recipeOfDraft(draft: AnalysisDraft, pathOf: (token: string) => string): RecipeFile {
  return {
    title: draft.title,
    ...(draft.data && { data: dataOf(draft.data, pathOf) }),
    networks: draft.networks.map(({ name, token, preprocess, inputs, ids }) => {
      const path = pathOf(token);
      return isSavedActivations(path)
        ? { name, activations: path, ...(ids !== undefined && { ids }) }
        : { name, model: path, ...(preprocess && { preprocess }), ...(inputs && { inputs }) };
    }),
    layers: draft.layers.map(({ tensors, axes, ...layer }) => ({
      ...layer,
      tensors: onceFor(draft, tensors),
      ...(axes && { axes: onceFor(draft, axes) }),
    })),
    ...(draft.pairs && { pairs: draft.pairs }),
    folds: draft.folds,
    analyses: draft.analyses,
    provider: draft.provider,
    ...(draft.threads !== null && { threads: draft.threads }),
    ...(draft.batch !== null && { batch: draft.batch }),
    ...(draft.memory !== undefined && { memory: draft.memory }),
  };
}

/** What is the same for all networks is said once. */
function onceFor({ networks }: AnalysisDraft, values: Record<string, string>) {
  const [first] = Object.values(values);
  const isOne = networks.every(({ name }) => values[name] === first);
  return isOne && first !== undefined ? first : values;
}

function dataOf(
  { token, arrays, vocabulary, ...reading }: DataChoice,
  pathOf: (token: string) => string,
): RecipeFile['data'] {
  const named = Object.entries(arrays ?? {}).map(([name, { token: file, key }]) => {
    return [name, { file: pathOf(file), ...(key !== undefined && { key }) }] as const;
  });
  return {
    images: pathOf(token),
    ...reading,
    ...(arrays && { arrays: Object.fromEntries(named) }),
    ...(vocabulary !== undefined && { vocabulary: pathOf(vocabulary) }),
  };
}

/** The same as text: what is kept in the project, and what the command line runs. */
export function recipeTextOfDraft(draft: AnalysisDraft, pathOf: (token: string) => string): string {
  return stringify(recipeOfDraft(draft, pathOf), { lineWidth: 110 });
}
