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
    networks: draft.networks.map(({ name, token, preprocess }) => {
      const path = pathOf(token);
      return isSavedActivations(path)
        ? { name, activations: path }
        : { name, model: path, ...(preprocess && { preprocess }) };
    }),
    layers: draft.layers,
    folds: draft.folds,
    analyses: draft.analyses.map((name) =>
      name === 'matching' && draft.score !== 'correlation' ? { matching: { score: draft.score } } : name,
    ),
    provider: draft.provider,
    ...(draft.threads === null ? {} : { threads: draft.threads }),
  };
}

function dataOf({ token, ...reading }: DataChoice, pathOf: (token: string) => string): RecipeFile['data'] {
  return { images: pathOf(token), ...reading };
}

/** The same as text: what is kept in the project, and what the command line runs. */
export function recipeTextOfDraft(draft: AnalysisDraft, pathOf: (token: string) => string): string {
  return stringify(recipeOfDraft(draft, pathOf), { lineWidth: 110 });
}
