import type { JobInfo } from '#core/domain/job.ts';
import type { ProjectSummary } from '#core/domain/project.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { defaultSettings } from '#core/ipc/areas/settings.ts';
import { createProjectSession } from '#main/app/project-session.ts';
import type { EngineService, JobService, RunRequest } from '#main/app/services.ts';
import { createTokenStore } from '#main/app/token-store.ts';
import type { HandlerContext } from '#main/ipc/context.ts';

/** What happened, in order, and what the next dialog answers. */
export interface FakeWorld {
  context: HandlerContext;
  events: string[];
  requests: RunRequest[];
  dialogs: { open: string[]; save: string | null; folder: string | null };
  summary: { runs: unknown[] };
  jobs: JobInfo[];
  emitJob(job: JobInfo): void;
}

/** A handler context whose database, jobs, engine and dialogs are doubles; session, tokens and recipes are real. */
export function fakeWorld(database: Partial<DatabaseMethods> = {}): FakeWorld {
  const events: string[] = [];
  const listeners = new Set<(job: JobInfo) => void>();
  const world = {
    events,
    requests: [] as RunRequest[],
    dialogs: { open: [] as string[], save: null as string | null, folder: null as string | null },
    summary: { runs: [] as unknown[] },
    jobs: [] as JobInfo[],
    emitJob: (job: JobInfo) => listeners.forEach((listener) => listener(job)),
  };
  const summary = async () =>
    ({ title: 'T', fileName: 'f', schemaVersion: 1, ...world.summary }) as ProjectSummary;
  const jobService: JobService = {
    ready: Promise.resolve(),
    async leave() {
      events.push('leave jobs');
    },
    start(request) {
      world.requests.push(request);
      const job = { id: `job-${world.requests.length}`, state: 'running' } as JobInfo;
      world.jobs.push(job);
      return job;
    },
    list: () => world.jobs,
    cancel(id) {
      events.push(`cancel ${id}`);
      return true;
    },
    pause: (id) => events.push(`pause ${id}`) > 0,
    resume: (id) => events.push(`resume ${id}`) > 0,
    move: (id, to) => events.push(`move ${id} ${to}`) > 0,
    retry: (id) => ({ id: `${id}-again`, state: 'queued' }) as JobInfo,
    finished: () => Promise.reject(new Error('cancelled')),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const recents = {
    list: () => [],
    pathOf: () => '/known.consilience',
    remember: async () => undefined,
    forget: async () => true,
  };
  const session = createProjectSession({
    async openDatabase(path, mode, title) {
      events.push(`open ${path} ${mode}${title ? ` "${title}"` : ''}`);
      const close = async () => void events.push(`close ${path}`);
      return { path, methods: { ...database, summary } as DatabaseMethods, close };
    },
    createJobs: () => jobService,
    recents,
    log: { info: () => undefined, error: (message) => void events.push(`log ${message}`) },
    onJob: (job) => void events.push(`job ${job.id} ${job.state}`),
    onProject: () => void events.push('project changed'),
  });
  const context: HandlerContext = {
    session,
    recents,
    tokens: createTokenStore(),
    dialogs: {
      openFiles: async () => world.dialogs.open,
      saveFile: async () => world.dialogs.save,
      chooseFolder: async () => world.dialogs.folder,
    },
    clipboard: {
      putSvg: async (svg) => void events.push(`clipboard ${svg}`),
      putPng: async (png) => void events.push(`clipboard ${png.length} bytes`),
    },
    windows: {
      open: async (path) => void events.push(`window ${path ?? 'empty'}`),
      layout: () => ({ inspectorPercent: 24 }),
      keepLayout: async (layout) => layout,
    },
    estimator: {
      estimate: async ({ recipe }) => ({ seconds: 1, results: recipe.title.length }) as never,
      cancel: () => events.push('cancel estimate') > 0,
    },
    engine: { status: () => ({ state: 'off' }) } as unknown as EngineService,
    figures: {
      show: () => Promise.reject(new Error('no figures here')),
      write: () => Promise.reject(new Error('no figures here')),
      picture: () => Promise.reject(new Error('no figures here')),
      stop: () => Promise.resolve(),
    },
    settings: {
      get: () => defaultSettings,
      set: async (settings) => settings,
      subscribe: () => () => undefined,
    },
    sample: {
      recipePath: '/app/samples/digits.yaml',
      projectPath: '/user/digits.consilience',
      title: 'Sample',
      prepare: async () => undefined,
    },
    recipes: {
      parse: (text, label) => ({ title: `${label}: ${text.length}` }) as never,
      load: async (path) =>
        ({ recipe: { title: path }, recipeText: '', baseFolder: '/app/samples' }) as never,
    },
  };
  return { ...world, context };
}
