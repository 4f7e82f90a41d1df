import { resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import { resolvePreprocess } from '#core/domain/preprocess.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import { engineDataOf } from '../../jobs/engine-data.ts';
import { asText, inWords } from '../../app/input-words.ts';
import { readVocabulary } from '../../vocabulary/read-vocabulary.ts';
import { requestOfRun } from '../../app/extend-run.ts';
import type { HandlerContext } from '../context.ts';
import { arrayExtensions } from '../../app/array-extensions.ts';
import { pickedFile } from './picked-file.ts';

const dataFiles = [{ name: 'Arrays and archives of images', extensions: [...arrayExtensions, 'zip', 'tar'] }];

const vocabularies = [{ name: 'Vocabularies', extensions: ['json', 'txt'] }];

/** Of pictures beside text, of which there are none. */
const mostSide = 64;

export const datasetHandlers: Handlers<HandlerContext>['dataset'] = {
  async pick({ folder = false, vocabulary = false }, { dialogs, tokens }) {
    const title = vocabulary ? 'Choose a vocabulary' : folder ? 'Choose a folder of images' : 'Choose inputs';
    const filters = vocabulary ? vocabularies : dataFiles;
    const [path] = await dialogs.openFiles({ title, filters, many: false, folder });
    return { file: path === undefined ? null : await pickedFile(path, tokens) };
  },

  inspect: ({ token }, { engine, tokens }) => engine.methods.inspectData(tokens.resolve(token)),

  async previewOfRun({ runId, count }, { session, sample, recipes, engine }) {
    const files = { database: session.required().database, sample, parse: recipes.parse };
    const { recipe, baseFolder, run } = await requestOfRun(runId, files);
    if (!recipe.data)
      throw new AppError(
        'not-available',
        'This run compares saved activations alone: there are no inputs to show.',
      );
    const data = engineDataOf(recipe.data, recipe.networks, (file) => resolve(baseFolder, file));
    if (run.data.vocabulary) {
      const images = Array.from({ length: Math.min(count, run.data.images) }, (_, index) => index);
      const shown = await engine.methods.showInputs({ data, images, mostSide });
      const text = await inWords(shown, run, files.database.methods);
      if (text.kind === 'text') return { width: 0, height: 0, pictures: [], count: run.data.images, text };
    }
    return engine.methods.previewData({ ...data, ...data.shown }, count);
  },

  async preview({ data, own, count }, { engine, tokens }) {
    const {
      token,
      key,
      layout,
      limit,
      onError,
      ids: _ids,
      arrays: _arrays,
      vocabulary,
      mask: _mask,
      ...keys
    } = data;
    const all = resolvePreprocess(keys);
    const how = own ? resolvePreprocess(own, all) : all;
    const source = { path: tokens.resolve(token), key, layout, limit, onError, ...how };
    const preview = await engine.methods.previewData(source, count);
    if (vocabulary === undefined) return preview;
    const words = await readVocabulary(tokens.resolve(vocabulary));
    const images = Array.from({ length: Math.min(count, preview.count) }, (_, index) => index);
    const text = asText(await engine.methods.showInputs({ data: source, images, mostSide }), words);
    return text.kind === 'text' ? { ...preview, pictures: [], text } : preview;
  },
};
