import { randomUUID } from 'node:crypto';
import { AppError, toPlainError, type ErrorCode } from '#core/errors.ts';
import type { JobInfo, JobProgress } from '#core/domain/job.ts';
import type { DatabaseService, EngineService, JobService, RunOutcome, RunRequest } from '../app/services.ts';
import { runRecipe } from './run-recipe.ts';
import { clearWorkFolder, workFolderOf } from './work-folder.ts';

interface Job {
  info: JobInfo;
  request: RunRequest;
  isCancelled: boolean;
  outcome: Promise<RunOutcome>;
}

export interface JobParts {
  engine: EngineService;
  database: DatabaseService;
}

const noProgress: JobProgress = {
  stage: 'starting',
  done: 0,
  total: 0,
  unit: '',
  rate: 0,
  secondsLeft: null,
};

/** Failures that the same recipe meets again; a file that was damaged or missing may be put right meanwhile. */
const hopeless: ErrorCode[] = ['bad-recipe', 'bad-request', 'not-available'];

/** Runs recipes into one open project, one at a time, in the order asked. */
export function createJobService(parts: JobParts): JobService {
  return new Jobs(parts);
}

class Jobs implements JobService {
  readonly #parts: JobParts;
  readonly #jobs = new Map<string, Job>();
  readonly #listeners = new Set<(job: JobInfo) => void>();
  #queue: Promise<unknown>;

  constructor(parts: JobParts) {
    this.#parts = parts;
    this.#queue = clearWorkFolder(parts.database.path).catch(() => undefined);
  }

  start(request: RunRequest): JobInfo {
    const info: JobInfo = {
      id: randomUUID(),
      title: request.recipe.title,
      state: 'queued',
      progress: noProgress,
      notes: [],
      createdAt: new Date().toISOString(),
      canRetry: false,
    };
    const outcome = this.#queue.then(() => this.#run(info.id));
    this.#queue = outcome.catch(() => undefined);
    this.#jobs.set(info.id, { info, request, isCancelled: false, outcome });
    this.#announce(info.id, {});
    return this.#find(info.id).info;
  }

  list(): JobInfo[] {
    return [...this.#jobs.values()].map((job) => job.info).reverse();
  }

  cancel(jobId: string): boolean {
    const job = this.#jobs.get(jobId);
    if (!job || (job.info.state !== 'queued' && job.info.state !== 'running')) return false;
    job.isCancelled = true;
    // An engine that is gone has nothing to cancel.
    if (job.info.state === 'running') this.#parts.engine.methods.cancel(jobId).catch(() => undefined);
    return true;
  }

  retry(jobId: string): JobInfo {
    const job = this.#find(jobId);
    if (!job.info.canRetry)
      throw new AppError('bad-request', 'This job cannot be run again; start a new analysis.');
    return this.start(job.request);
  }

  finished(jobId: string): Promise<RunOutcome> {
    return this.#find(jobId).outcome;
  }

  subscribe(listener: (job: JobInfo) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #run(jobId: string): Promise<RunOutcome> {
    const { engine, database } = this.#parts;
    const job = this.#find(jobId);
    const checkpoint = () => {
      if (job.isCancelled)
        throw new AppError('cancelled', 'The job was cancelled; what was stored before stays.');
    };
    try {
      checkpoint();
      this.#announce(jobId, { state: 'running' });
      const outcome = await runRecipe(job.request, {
        jobId,
        engine,
        database: database.methods,
        workFolder: workFolderOf(database.path, jobId),
        progress: (progress) =>
          this.#announce(jobId, { progress: { ...progress, secondsLeft: secondsLeft(progress) } }),
        note: (sentence) => this.#announce(jobId, { notes: [...job.info.notes, sentence] }),
        checkpoint,
      });
      const progress: JobProgress = { ...job.info.progress, stage: 'finished', secondsLeft: 0 };
      this.#announce(jobId, { state: 'done', progress, finishedAt: new Date().toISOString() });
      return outcome;
    } catch (error) {
      const plain = toPlainError(error);
      const state = plain.code === 'cancelled' ? 'cancelled' : 'failed';
      const canRetry = !hopeless.includes(plain.code);
      this.#announce(jobId, { state, error: plain, canRetry, finishedAt: new Date().toISOString() });
      throw error;
    }
  }

  #find(jobId: string): Job {
    const job = this.#jobs.get(jobId);
    if (!job)
      throw new AppError('not-found', 'There is no such job; it belongs to a project that was closed.');
    return job;
  }

  #announce(jobId: string, change: Partial<JobInfo>): void {
    const job = this.#find(jobId);
    job.info = { ...job.info, ...change };
    for (const listener of this.#listeners) listener(job.info);
  }
}

/** Of the current stage; null until a rate is known. */
function secondsLeft({ done, total, rate }: Omit<JobProgress, 'secondsLeft'>): number | null {
  return rate > 0 && total > 0 ? (total - done) / rate : null;
}
