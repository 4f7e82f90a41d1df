import { join } from 'node:path';
import type { EventName, Events } from '#core/ipc/contract.ts';
import { openDatabase } from '../database/client.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { createFigureService } from '../export/figure-service.ts';
import { createDispatcher, type Dispatch } from '../ipc/dispatcher.ts';
import type { HandlerContext } from '../ipc/context.ts';
import { handlers } from '../ipc/handlers/index.ts';
import { createJobService } from '../jobs/job-service.ts';
import { loadRecipe, parseRecipe } from '../recipe/load.ts';
import { createEstimator } from './estimator.ts';
import { createFigureWriter } from './figure-writer.ts';
import type { Log } from './log.ts';
import type { Dialogs, PdfWriter } from './ports.ts';
import { createProjectSession } from './project-session.ts';
import { openRecentProjects } from './recent-projects.ts';
import { resourcePath } from './resources.ts';
import { sampleProject } from './sample-project.ts';
import { openSettings } from './settings-store.ts';
import { createTokenStore } from './token-store.ts';

export interface Host {
  /** Folder of settings, log, sample project and caches. */
  userFolder: string;
  pdf: PdfWriter;
  log: Log;
}

/** What one window gives: its dialogs, and a way to push events to it. */
export interface WindowPorts {
  dialogs: Dialogs;
  push<E extends EventName>(event: E, payload: Events[E]): void;
}

export interface Application {
  dispatch: Dispatch<HandlerContext>;
  shared: Omit<HandlerContext, 'session' | 'dialogs' | 'estimator'>;
  /** One context, with a project session of its own, for each window. */
  openWindowContext(ports: WindowPorts): HandlerContext;
  stop(): Promise<void>;
}

/** Puts the services together; the one place where implementations are named. */
export async function composeApplication({ userFolder, pdf, log }: Host): Promise<Application> {
  const logEngine = (line: string) => log.info(`engine: ${line}`);
  const engine = createEngineService({ log: logEngine });
  const shared: Application['shared'] = {
    engine,
    figures: createFigureService(),
    figureWriter: createFigureWriter(pdf, resourcePath('core/figure/fonts')),
    tokens: createTokenStore(),
    settings: await openSettings(join(userFolder, 'settings.json')),
    recents: await openRecentProjects(join(userFolder, 'recent-projects.json')),
    sample: sampleProject(userFolder),
    recipes: { parse: parseRecipe, load: loadRecipe },
  };
  const contexts = new Set<HandlerContext>();
  return {
    dispatch: createDispatcher(handlers, log),
    shared,
    openWindowContext({ dialogs, push }) {
      const session = createProjectSession({
        openDatabase,
        createJobs: (database) => createJobService({ engine, database }),
        recents: shared.recents,
        log,
        onJob: (job) => push('job:changed', job),
        onProject: (project) => push('project:changed', project),
      });
      const estimator = createEstimator(() => createEngineService({ log: logEngine }));
      engine.subscribe((status) => push('engine:changed', status));
      const context: HandlerContext = { ...shared, session, dialogs, estimator };
      contexts.add(context);
      return context;
    },
    async stop() {
      for (const { estimator } of contexts) estimator.cancel();
      await Promise.allSettled([...contexts].map(({ session }) => session.close()));
      await engine.stop();
    },
  };
}
