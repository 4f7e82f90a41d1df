import { AppError } from '#core/errors.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { panelChoices } from '../../export/panel-choices.ts';
import { runGallery } from '../../export/run-gallery.ts';
import type { HandlerContext } from '../context.ts';
import { figureExportHandlers } from './figure-exports.ts';
import { savedFigureHandlers } from './saved-figures.ts';

export const figureHandlers: Handlers<HandlerContext>['figure'] = {
  renderPage({ page, theme }, { session, figures }) {
    return figures.show(session.required().database.methods, page, theme);
  },

  async gallery({ runId, preset, ...place }, { session }) {
    return runGallery(await runOf(session.required().database.methods, runId), place, preset);
  },

  async panelKinds({ runId, ...place }, { session }) {
    const { methods } = session.required().database;
    return panelChoices(methods, (await runOf(methods, runId)).id, place);
  },

  ...savedFigureHandlers,
  ...figureExportHandlers,
};

async function runOf(database: DatabaseMethods, runId: string) {
  const { runs } = await database.summary();
  const run = runs.find(({ id }) => id === runId);
  if (!run) throw new AppError('not-found', 'The run of this gallery is not in the project any more.');
  return run;
}
