import { basename, dirname } from 'node:path';
import type { Handlers } from '#core/ipc/contract.ts';
import { extendedRun, requestOfRun } from '../../app/extend-run.ts';
import { writeWhole } from '../../app/write-file.ts';
import { recipeTextOfDraft } from '../../app/draft-recipe.ts';
import type { HandlerContext } from '../context.ts';
import { formPartOf, inputsOf } from './recipe-inputs.ts';

export const analysisHandlers: Handlers<HandlerContext>['analysis'] = {
  start(draft, { session, tokens, recipes }) {
    const { database } = session.required();
    const recipeText = recipeTextOfDraft(draft, tokens.resolve);
    const recipe = recipes.parse(recipeText, 'New analysis');
    const job = session.startJob({ recipe, recipeText, baseFolder: dirname(database.path) });
    return { jobId: job.id };
  },

  async inputsOfRun({ runId }, { session, sample, recipes, tokens }) {
    const files = { database: session.required().database, sample, parse: recipes.parse };
    const { recipe, baseFolder } = await requestOfRun(runId, files);
    return inputsOf(recipe, baseFolder, tokens);
  },

  async inputsOfRecipe({ token }, { tokens, recipes, engine }) {
    const { recipe, recipeText, baseFolder } = await recipes.load(tokens.resolve(token), engine.methods);
    return { ...(await inputsOf(recipe, baseFolder, tokens)), more: formPartOf(recipe, recipeText) };
  },

  async add({ runId, analyses, cuts }, { session, sample, recipes }) {
    const { database } = session.required();
    const files = { database, sample, parse: recipes.parse };
    const request = await extendedRun(runId, analyses, files, cuts);
    return { jobId: session.startJob(request).id };
  },

  estimate(draft, { session, tokens, recipes, estimator }) {
    const recipeText = recipeTextOfDraft(draft, tokens.resolve);
    const recipe = recipes.parse(recipeText, 'New analysis');
    const open = session.current();
    const baseFolder = open ? dirname(open.database.path) : '/';
    return estimator.estimate({ recipe, recipeText, baseFolder }, open?.database.methods ?? null);
  },

  cancelEstimate: (_input, { estimator }) => ({ cancelled: estimator.cancel() }),

  recipeText: (draft, { tokens }) => ({ yaml: recipeTextOfDraft(draft, tokens.resolve) }),

  async saveRecipe(draft, { tokens, dialogs }) {
    const text = recipeTextOfDraft(draft, tokens.resolve);
    const path = await dialogs.saveFile({
      title: 'Save the recipe',
      suggestedName: `${draft.title.replace(/[^\p{L}\p{N} ._-]+/gu, ' ').trim() || 'recipe'}.yaml`,
      filters: [{ name: 'Recipes', extensions: ['yaml', 'yml'] }],
    });
    if (path === null) return { fileName: null };
    await writeWhole(path, text);
    return { fileName: basename(path) };
  },
};
