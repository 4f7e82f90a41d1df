import { resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import { requestOfRun } from '../../app/extend-run.ts';
import type { HandlerContext } from '../context.ts';
import { arrayExtensions } from '../../app/array-extensions.ts';
import { pickedFile } from './picked-file.ts';

const dataFiles = [{ name: 'Arrays', extensions: arrayExtensions }];

export const datasetHandlers: Handlers<HandlerContext>['dataset'] = {
  async pick(_input, { dialogs, tokens }) {
    const [path] = await dialogs.openFiles({ title: 'Choose inputs', filters: dataFiles, many: false });
    return { file: path === undefined ? null : await pickedFile(path, tokens) };
  },

  inspect: ({ token }, { engine, tokens }) => engine.methods.inspectData(tokens.resolve(token)),

  async previewOfRun({ runId, count }, { session, sample, recipes, engine }) {
    const files = { database: session.required().database, sample, parse: recipes.parse };
    const { recipe, baseFolder } = await requestOfRun(runId, files);
    if (!recipe.data)
      throw new AppError(
        'not-available',
        'This run compares saved activations alone: there are no inputs to show.',
      );
    const { images, ...reading } = recipe.data;
    return engine.methods.previewData({ path: resolve(baseFolder, images), ...reading }, count);
  },

  preview({ data: { token, ...reading }, count }, { engine, tokens }) {
    return engine.methods.previewData(
      { path: tokens.resolve(token), ...reading, scale: reading.scale ?? 1 },
      count,
    );
  },
};
