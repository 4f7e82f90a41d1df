import { hasEnded } from '#core/domain/job.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import type { HandlerContext } from '../context.ts';

export const projectFiles = [{ name: 'Consilience project', extensions: ['consilience'] }];

export const projectHandlers: Handlers<HandlerContext>['project'] = {
  recent: (_input, { recents }) => recents.list(),

  forgetRecent: async ({ token }, { recents }) => ({ forgotten: await recents.forget(token) }),

  async openSample(_input, { session, sample, recipes }) {
    await sample.prepare();
    const project = await session.open(sample.projectPath, 'open-or-create', sample.title);
    if (project.runs.length > 0) return { project, jobId: null };
    const running = session
      .required()
      .jobs.list()
      .find((job) => !hasEnded(job.state));
    if (running) return { project, jobId: running.id };
    return { project, jobId: session.startJob(await recipes.load(sample.recipePath)).id };
  },

  async openDialog(_input, { dialogs, session }) {
    const [path] = await dialogs.openFiles({ title: 'Open a project', filters: projectFiles, many: false });
    return path === undefined ? { cancelled: true } : { project: await session.open(path, 'open') };
  },

  openFile: async ({ token }, { tokens, session }) => ({
    project: await session.open(tokens.resolve(token), 'open'),
  }),

  openRecent: async ({ token }, { recents, session }) => ({
    project: await session.open(recents.pathOf(token), 'open'),
  }),

  async createDialog({ title }, { dialogs, session }) {
    const chosen = await dialogs.saveFile({
      title: 'Where should the project file go?',
      suggestedName: `${fileNameOf(title)}.consilience`,
      filters: projectFiles,
    });
    if (chosen === null) return { cancelled: true };
    const path = chosen.endsWith('.consilience') ? chosen : `${chosen}.consilience`;
    return { project: await session.open(path, 'create', title) };
  },

  async current(_input, { session }) {
    return { project: (await session.current()?.database.methods.summary()) ?? null };
  },

  close: async (_input, { session }) => ({ closed: await session.close() }),
};

/** A title as a file name on every system: no separators, reserved characters or trailing dots. */
function fileNameOf(title: string): string {
  const safe = title
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[. ]+$/, '');
  return safe.slice(0, 80) || 'project';
}
