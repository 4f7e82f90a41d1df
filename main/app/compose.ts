import { join } from 'node:path';
import type { Settings } from '#core/ipc/areas/settings.ts';
import type { EventName, Events } from '#core/ipc/contract.ts';
import { openDatabase } from '../database/client.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { createFigureThread } from '../export/figure-thread.ts';
import { createDispatcher, type Dispatch } from '../ipc/dispatcher.ts';
import type { HandlerContext } from '../ipc/context.ts';
import { handlers } from '../ipc/handlers/index.ts';
import { createJobService } from '../jobs/job-service.ts';
import { loadRecipe, parseRecipe } from '../recipe/load.ts';
import { createEstimator } from './estimator.ts';
import type { Log } from './log.ts';
import type { Clipboard, Dialogs, Windows } from './ports.ts';
import { createProjectSession, type ProjectSession } from './project-session.ts';
import { openRecentProjects } from './recent-projects.ts';
import { isSameFile } from './same-file.ts';
import { resourcePath } from './resources.ts';
import { sampleProject } from './sample-project.ts';
import { openSettings } from './settings-store.ts';
import { createTokenStore } from './token-store.ts';

export interface Host {
  /** Folder of settings, log, sample project and caches. */
  userFolder: string;
  log: Log;
  clipboard: Clipboard;
}

/** What one window gives: its dialogs, the windows beside it, and ways to reach it. */
export interface WindowPorts {
  dialogs: Dialogs;
  windows: Windows;
  /** Brings the window to the front. */
  focus(): void;
  push<E extends EventName>(event: E, payload: Events[E]): void;
}

export interface Application {
  dispatch: Dispatch<HandlerContext>;
  shared: Omit<HandlerContext, 'session' | 'engine' | 'dialogs' | 'windows' | 'estimator'>;
  /**
   * One context for each window, with a project session and an engine of its own: a job that is paused or waits in one
   * window holds up none in another, and an engine that dies takes one window's job with it. An engine takes memory
   * only once it is asked for something.
   */
  openWindowContext(ports: WindowPorts): HandlerContext;
  /** Ends what a window had: its job, its project file, its engine. */
  closeWindowContext(context: HandlerContext): Promise<void>;
  /** Brings the window that has this project file open to the front; false where none has. */
  focusProject(path: string): boolean;
  stop(): Promise<void>;
}

/** Puts the services together; the one place where implementations are named. */
export async function composeApplication({ userFolder, log, clipboard }: Host): Promise<Application> {
  const logEngine = (line: string) => log.info(`engine: ${line}`);
  const settings = await openSettings(join(userFolder, 'settings.json'));
  const newEngine = () =>
    createEngineService({ log: logEngine, environment: () => engineEnvironment(settings.get()) });
  const shared: Application['shared'] = {
    figures: createFigureThread(resourcePath('core/figure/fonts')),
    clipboard,
    tokens: createTokenStore(),
    settings,
    recents: await openRecentProjects(join(userFolder, 'recent-projects.json')),
    sample: sampleProject(userFolder),
    recipes: { parse: parseRecipe, load: loadRecipe },
  };
  const open = new Map<HandlerContext, { focus(): void; stopListening(): void }>();
  const focusProject = (path: string, except?: ProjectSession) => {
    for (const [{ session }, { focus }] of open) {
      const current = session.current()?.database.path;
      if (session === except || current === undefined || !isSameFile(current, path)) continue;
      focus();
      return true;
    }
    return false;
  };
  const closing = new Set<Promise<void>>();
  const end = async ({ estimator, session, engine }: HandlerContext) => {
    estimator.cancel();
    await session.close();
    await engine.stop();
  };
  const close = (context: HandlerContext) => {
    open.get(context)?.stopListening();
    open.delete(context);
    const ended = end(context).finally(() => closing.delete(ended));
    closing.add(ended);
    return ended;
  };
  return {
    dispatch: createDispatcher(handlers, log),
    shared,
    focusProject,
    closeWindowContext: close,
    openWindowContext({ dialogs, windows, focus, push }) {
      const engine = newEngine();
      const session: ProjectSession = createProjectSession({
        openDatabase,
        createJobs: (database) => createJobService({ engine, database }),
        recents: shared.recents,
        log,
        isOpenElsewhere: (path) => focusProject(path, session),
        onJob: (job) => push('job:changed', job),
        onProject: (project) => push('project:changed', project),
      });
      const estimator = createEstimator(newEngine);
      const stops = [
        engine.subscribe((status) => push('engine:changed', status)),
        settings.subscribe((changed) => push('settings:changed', changed)),
      ];
      const context: HandlerContext = { ...shared, session, engine, dialogs, windows, estimator };
      open.set(context, { focus, stopListening: () => stops.forEach((stop) => stop()) });
      return context;
    },
    async stop() {
      for (const context of open.keys()) void close(context).catch(() => undefined);
      // Those of windows that were closed a moment ago too.
      await Promise.allSettled([...closing]);
      await shared.figures.stop();
    },
  };
}

/** What a settings change means to an engine that starts after it. */
function engineEnvironment({ linearAlgebra }: Settings): Record<string, string> {
  return linearAlgebra === 'portable' ? { CONSILIENCE_BLAS: 'none' } : {};
}
