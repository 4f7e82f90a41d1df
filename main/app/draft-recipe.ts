import { stringify } from 'yaml';
import type { AnalysisDraft } from '#core/ipc/areas/analysis.ts';
import type { RecipeFile } from '#core/domain/recipe.ts';

/** The recipe that a draft of the window stands for, with absolute paths in place of its file tokens. */
function recipeOfDraft(draft: AnalysisDraft, pathOf: (token: string) => string): RecipeFile {
  const { token, ...reading } = draft.data;
  return {
    title: draft.title,
    data: { images: pathOf(token), ...reading },
    networks: draft.networks.map(({ name, token: model, preprocess }) => ({
      name,
      model: pathOf(model),
      ...(preprocess && { preprocess }),
    })),
    layers: draft.layers,
    folds: draft.folds,
    analyses: draft.analyses.map((name) =>
      name === 'matching' && draft.score !== 'correlation' ? { matching: { score: draft.score } } : name,
    ),
    provider: draft.provider,
    ...(draft.threads === null ? {} : { threads: draft.threads }),
  };
}

/** The same as text: what is kept in the project, and what the command line runs. */
export function recipeTextOfDraft(draft: AnalysisDraft, pathOf: (token: string) => string): string {
  return stringify(recipeOfDraft(draft, pathOf), { lineWidth: 110 });
}
