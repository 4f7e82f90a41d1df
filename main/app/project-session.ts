import { basename } from 'node:path';
import { AppError } from '#core/errors.ts';
import { hasEnded, type JobInfo } from '#core/domain/job.ts';
import type { ProjectSummary } from '#core/domain/project.ts';
import type { Log } from './log.ts';
import type { RecentProjects } from './recent-projects.ts';
import { createSerialQueue } from './serial-queue.ts';
import type { DatabaseService, JobService, RunRequest } from './services.ts';

/** A project file that is open in a window, with the jobs that run into it. */
export interface OpenProject {
  database: DatabaseService;
  jobs: JobService;
}

export type OpenMode = 'create' | 'open' | 'open-or-create';

/** What one window has open; every window has a session of its own. */
export interface ProjectSession {
  current(): OpenProject | null;
  /** Throws `bad-request` while no project is open. */
  required(): OpenProject;
  /** Replaces what is open; the file that was open is closed first, its running job cancelled. */
  open(path: string, mode: OpenMode, title?: string): Promise<ProjectSummary>;
  close(): Promise<boolean>;
  startJob(request: RunRequest): JobInfo;
}

export interface SessionParts {
  openDatabase(path: string, mode: OpenMode, title?: string): Promise<DatabaseService>;
  createJobs(database: DatabaseService): JobService;
  recents: RecentProjects;
  /** Brings another window that has the file open to the front; false where none has. */
  isOpenElsewhere?(path: string): boolean;
  log: Log;
  onJob(job: JobInfo): void;
  onProject(summary: ProjectSummary): void;
}

export function createProjectSession(parts: SessionParts): ProjectSession {
  let open: (OpenProject & { unsubscribe(): void }) | null = null;
  const queue = createSerialQueue();

  const closeNow = async () => {
    const closing = open;
    open = null;
    if (!closing) return false;
    closing.unsubscribe();
    await closing.jobs.leave();
    await closing.database.close();
    return true;
  };

  const openNow = async (path: string, mode: OpenMode, title?: string) => {
    if (open?.database.path === path && mode !== 'create') return remembered(open);
    if (parts.isOpenElsewhere?.(path)) {
      const message = `${basename(path)} is open in another window, which is in front now.`;
      throw new AppError('cancelled', message);
    }
    await closeNow();
    const database = await parts.openDatabase(path, mode, title);
    const jobs = parts.createJobs(database);
    await jobs.ready;
    const opened = { database, jobs, unsubscribe: jobs.subscribe((job) => announce(opened, job)) };
    open = opened;
    return remembered(opened);
  };

  const remembered = async (project: OpenProject) => {
    const summary = await project.database.methods.summary();
    await parts.recents.remember(project.database.path, summary);
    return summary;
  };

  /** A job that ended has added to the project: whoever shows it must hear of it. */
  const announce = (project: OpenProject, job: JobInfo) => {
    parts.onJob(job);
    if (!hasEnded(job.state)) return;
    remembered(project).then(parts.onProject, (error) =>
      parts.log.error('Project not read after a job', error),
    );
  };

  const required = () => {
    if (!open) throw new AppError('bad-request', 'No project is open. Open one, or create a new one, first.');
    return open;
  };

  return {
    current: () => open,
    required,
    open: (path, mode, title) => queue(() => openNow(path, mode, title)),
    close: () => queue(closeNow),
    startJob(request) {
      return required().jobs.start(request);
    },
  };
}
