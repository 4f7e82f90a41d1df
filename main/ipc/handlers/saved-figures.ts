import { randomUUID } from 'node:crypto';
import { AppError } from '#core/errors.ts';
import type { StoredFigure } from '#core/domain/figure.ts';
import { pageSpecSchema } from '#core/figure/spec.ts';
import type { SavedFigure } from '#core/ipc/areas/figure.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { sourcesOf, stalenessOf, viewProject, type ProjectView } from '../../export/figure-sources.ts';
import type { HandlerContext } from '../context.ts';

type FigureHandlers = Handlers<HandlerContext>['figure'];

/** Figures that the project keeps, each with the results it was drawn from. */
export const savedFigureHandlers: Pick<FigureHandlers, 'saved' | 'save' | 'rename' | 'remove' | 'update'> = {
  async saved(_input, { session }) {
    const { methods } = session.required().database;
    const view = await viewProject(methods);
    return Promise.all((await methods.figures()).map((figure) => savedFigure(view, figure)));
  },

  async save({ id, name, page }, { session }) {
    const { methods } = session.required().database;
    const view = await viewProject(methods);
    const savedAt = new Date().toISOString();
    const known = id === undefined ? null : await methods.figure(id);
    const figure: StoredFigure = {
      id: known?.id ?? randomUUID(),
      name,
      page,
      sources: await sourcesOf(view, page),
      createdAt: known?.createdAt ?? savedAt,
      savedAt,
    };
    await methods.putFigure(figure);
    return savedFigure(view, figure);
  },

  async rename({ id, name }, { session }) {
    const { methods } = session.required().database;
    await methods.renameFigure(id, name);
    return storedAs(methods, id);
  },

  async remove({ id }, { session }) {
    await session.required().database.methods.removeFigure(id);
    return { removed: true };
  },

  async update({ id }, { session }) {
    const { methods } = session.required().database;
    const view = await viewProject(methods);
    const figure = readable(await methods.figure(id));
    const run = await runToday(view, figure);
    const page = { ...figure.page, source: { ...figure.page.source, ...(run === undefined ? {} : { run }) } };
    const sources = await sourcesOf(view, page);
    const problem = sources.panels.find((panel) => panel.problem !== null)?.problem;
    if (problem)
      throw new AppError('not-found', `The figure cannot be drawn with today's results: ${problem}`);
    await methods.putFigure({ ...figure, page, sources, savedAt: new Date().toISOString() });
    return storedAs(methods, id);
  },
};

/** The run that a page names from now on; undefined where it keeps taking the newest. */
async function runToday(view: ProjectView, figure: StoredFigure): Promise<string | undefined> {
  const { run } = figure.page.source;
  if (run === undefined) return undefined;
  const { successor } = await stalenessOf(view, figure);
  if (successor !== null) return successor;
  const isThere = view.runs.some(({ id }) => id.startsWith(run));
  return isThere ? run : (view.runs.at(0)?.id ?? run);
}

async function storedAs(methods: DatabaseMethods, id: string): Promise<SavedFigure> {
  return savedFigure(await viewProject(methods), await methods.figure(id));
}

async function savedFigure(view: ProjectView, stored: StoredFigure): Promise<SavedFigure> {
  const { id, name, page, createdAt, savedAt, sources } = readable(stored);
  const { reason } = await stalenessOf(view, { page, sources });
  return { id, name, page, createdAt, savedAt, isStale: reason !== null, staleReason: reason };
}

/** A project file may come from anywhere, and from a version that knows more kinds of panels. */
function readable(figure: StoredFigure): StoredFigure {
  const parsed = pageSpecSchema.safeParse(figure.page);
  if (parsed.success) return { ...figure, page: parsed.data };
  const [{ path, message }] = parsed.error.issues;
  throw new AppError(
    'bad-project',
    `The figure "${figure.name}" in this project is not one this version can draw (${path.join('.')}: ${message}). Open the project with the version that saved it.`,
    { figureId: figure.id },
  );
}
