import { resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import { arrayExtensions } from '../../app/array-extensions.ts';
import { inspectNetwork } from '../../app/inspect-network.ts';
import { requestOfRun } from '../../app/extend-run.ts';
import type { HandlerContext } from '../context.ts';
import { pickedFile } from './picked-file.ts';

const modelFiles = [{ name: 'ONNX models and saved activations', extensions: ['onnx', ...arrayExtensions] }];

export const networkHandlers: Handlers<HandlerContext>['network'] = {
  async pick(_input, { dialogs, tokens }) {
    const paths = await dialogs.openFiles({ title: 'Choose networks', filters: modelFiles, many: true });
    return { files: await Promise.all(paths.map((path) => pickedFile(path, tokens))) };
  },

  async ofRun({ runId, network }, { session, sample, recipes, engine }) {
    const files = { database: session.required().database, sample, parse: recipes.parse };
    const { recipe, baseFolder, run } = await requestOfRun(runId, files);
    const written = recipe.networks.find((candidate) => candidate.name === network);
    const known = run.networks.find((candidate) => candidate.name === network);
    if (!written || !known)
      throw new AppError('not-found', `The run has no network ${network}; choose another.`);
    const { model } = written;
    if (model === undefined)
      throw new AppError(
        'not-available',
        `${network} is saved activations (${known.file}): there is no graph of a model to show.`,
      );
    const inspection = await engine.methods.inspectModel(resolve(baseFolder, model));
    if (inspection.sha256 === known.sha256) return inspection;
    throw new AppError(
      'bad-model',
      `${known.file} is no longer the file that was run: its SHA-256 differs. Put the old file back to see its graph.`,
    );
  },

  inspect: ({ token }, { engine, tokens }) => inspectNetwork(tokens.resolve(token), engine.methods),
};
