import { randomUUID } from 'node:crypto';
import { AppError, toPlainError, type ErrorCode } from '#core/errors.ts';
import { hasEnded, type JobInfo, type JobProgress } from '#core/domain/job.ts';
import type {
  DatabaseService,
  EngineService,
  JobMove,
  JobService,
  RunOutcome,
  RunRequest,
} from '../app/services.ts';
import { interruptedJobs, keptRequest, supersede, type InterruptedJob } from './interrupted-jobs.ts';
import { tookWords, withEntry } from './job-log.ts';
import { recordOf } from './job-record.ts';
import { runRecipe } from './run-recipe.ts';
import { clearWorkFolder, workFolderOf } from './work-folder.ts';

interface Job {
  info: JobInfo;
  request: RunRequest;
  isCancelled: boolean;
  /** Cancelled because the project is closed: it may be taken up when it is opened again. */
  isLeft: boolean;
  /** Set while the job is paused; what waits at a checkpoint here waits for it. */
  held: { until: Promise<void>; release(): void } | null;
  outcome: Promise<RunOutcome>;
  settle: { resolve(outcome: RunOutcome): void; reject(error: unknown): void };
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

const endWords = {
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted: the project was closed',
};

/** Failures that the same recipe meets again; a file that was damaged or missing may be put right meanwhile. */
const hopeless: ErrorCode[] = ['bad-recipe', 'bad-request', 'not-available'];

/** Runs recipes into one open project, one at a time, in the order of the queue. */
export function createJobService(parts: JobParts): JobService {
  return new Jobs(parts);
}

class Jobs implements JobService {
  readonly #parts: JobParts;
  readonly #jobs = new Map<string, Job>();
  readonly #listeners = new Set<(job: JobInfo) => void>();
  readonly ready: Promise<void>;
  /** Ids of the jobs that wait, next first; held ones keep their place. */
  #waiting: string[] = [];
  #running: string | null = null;

  constructor(parts: JobParts) {
    this.#parts = parts;
    this.ready = this.#lookBack().catch(() => undefined);
  }

  start(request: RunRequest): JobInfo {
    const info: JobInfo = {
      id: randomUUID(),
      title: request.recipe.title,
      state: 'queued',
      progress: noProgress,
      notes: [],
      log: [],
      createdAt: new Date().toISOString(),
      pausedMs: 0,
      canRetry: false,
    };
    const { promise: outcome, ...settle } = withSettlers<RunOutcome>();
    // Whoever wants the outcome asks for it; a job that nobody waits for may fail unheard.
    outcome.catch(() => undefined);
    this.#jobs.set(info.id, {
      info,
      request,
      isCancelled: false,
      isLeft: false,
      held: null,
      outcome,
      settle,
    });
    this.#waiting.push(info.id);
    this.#say(info.id, 'Put in the queue.');
    this.#announcePlaces();
    void this.ready.then(() => {
      const job = this.#find(info.id);
      if (!job.isCancelled) void this.#keepAsInterrupted(job);
      this.#next();
    });
    return this.#find(info.id).info;
  }

  list(): JobInfo[] {
    return [...this.#jobs.values()].map((job) => job.info).reverse();
  }

  cancel(jobId: string): boolean {
    const job = this.#jobs.get(jobId);
    if (!job || hasEnded(job.info.state) || job.isCancelled) return false;
    job.isCancelled = true;
    if (this.#waiting.includes(jobId)) {
      this.#waiting = this.#waiting.filter((id) => id !== jobId);
      void this.#end(job, cancelledError());
      this.#announcePlaces();
      return true;
    }
    this.#tellEngine('cancel', jobId);
    this.#release(job);
    return true;
  }

  async leave(): Promise<void> {
    const going = [...this.#jobs.values()].filter((job) => !hasEnded(job.info.state));
    for (const job of going) {
      job.isLeft = true;
      this.cancel(job.info.id);
    }
    await Promise.allSettled(going.map((job) => job.outcome));
  }

  pause(jobId: string): boolean {
    const job = this.#jobs.get(jobId);
    if (!job || (job.info.state !== 'queued' && job.info.state !== 'running') || job.isCancelled)
      return false;
    const { promise: until, resolve: release } = withSettlers<void>();
    job.held = { until, release };
    const isWaiting = this.#waiting.includes(jobId);
    this.#say(jobId, isWaiting ? 'Held in the queue.' : 'Paused; it waits at its next checkpoint.');
    this.#announce(jobId, { state: 'paused', ...(!isWaiting && { pausedAt: new Date().toISOString() }) });
    if (!isWaiting) this.#tellEngine('pause', jobId);
    return true;
  }

  resume(jobId: string): boolean {
    const job = this.#jobs.get(jobId);
    if (!job || job.info.state !== 'paused' || job.isCancelled) return false;
    if (this.#waiting.includes(jobId)) {
      job.held = null;
      this.#say(jobId, 'Released.');
      this.#announce(jobId, { state: 'queued' });
      this.#next();
      return true;
    }
    const pausedMs = pausedNow(job.info);
    this.#say(jobId, `Resumed after ${tookWords(pausedMs - job.info.pausedMs)}.`);
    this.#announce(jobId, { state: 'running', pausedMs, pausedAt: undefined });
    this.#tellEngine('resume', jobId);
    this.#release(job);
    return true;
  }

  move(jobId: string, to: JobMove): boolean {
    const at = this.#waiting.indexOf(jobId);
    if (at < 0) return false;
    const others = this.#waiting.filter((id) => id !== jobId);
    const target = { first: 0, earlier: at - 1, later: at + 1, last: others.length }[to];
    if (target < 0 || target > others.length || target === at) return false;
    this.#waiting = others.toSpliced(target, 0, jobId);
    this.#announcePlaces();
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

  /** Clears up after programs that were killed, and lists the jobs that they left. */
  async #lookBack(): Promise<void> {
    const { path, methods } = this.#parts.database;
    await clearWorkFolder(path);
    for (const job of await interruptedJobs(methods, path)) this.#list(job);
  }

  #list({ info, request }: InterruptedJob): void {
    const { promise: outcome, ...settle } = withSettlers<RunOutcome>();
    outcome.catch(() => undefined);
    settle.reject(cancelledError());
    this.#jobs.set(info.id, { info, request, isCancelled: true, isLeft: true, held: null, outcome, settle });
  }

  /** What the project says of the job if this program ends before it does. */
  async #keepAsInterrupted({ info, request }: Job): Promise<void> {
    const { methods } = this.#parts.database;
    const record = { ...info, state: 'interrupted', finishedAt: new Date().toISOString() } as const;
    await methods.putJob(recordOf(record, keptRequest(request))).catch(() => undefined);
  }

  /** Starts the first waiting job that is not held, unless one has its turn: a paused one keeps it. */
  #next(): void {
    if (this.#running !== null) return;
    const jobId = this.#waiting.find((id) => this.#find(id).held === null);
    if (jobId === undefined) return;
    this.#waiting = this.#waiting.filter((id) => id !== jobId);
    this.#running = jobId;
    this.#announcePlaces();
    void this.#run(this.#find(jobId)).finally(() => {
      this.#running = null;
      this.#next();
    });
  }

  async #run(job: Job): Promise<void> {
    const { engine, database } = this.#parts;
    const { id: jobId } = job.info;
    this.#say(jobId, 'Started.');
    const startedAt = new Date().toISOString();
    this.#announce(jobId, { state: 'running', startedAt, place: undefined });
    await this.#takeOver(job);
    try {
      const outcome = await runRecipe(job.request, {
        jobId,
        engine,
        database: database.methods,
        workFolder: workFolderOf(database.path, jobId),
        progress: (progress) => {
          if (progress.stage !== job.info.progress.stage) void this.#keepAsInterrupted(job);
          this.#announce(jobId, { progress: { ...progress, secondsLeft: secondsLeft(progress) } });
        },
        note: (sentence) => this.#announce(jobId, { notes: [...job.info.notes, sentence] }),
        say: (sentence, kind) => this.#say(jobId, sentence, kind),
        checkpoint: () => this.#checkpoint(job),
      });
      await this.#end(job, outcome);
    } catch (error) {
      await this.#end(
        job,
        error instanceof AppError ? error : new AppError('internal', String(error), {}, error),
      );
    }
  }

  /** Earlier jobs that asked the same and were interrupted are this one's from now on. */
  async #takeOver(job: Job): Promise<void> {
    const { methods } = this.#parts.database;
    await this.#keepAsInterrupted(job);
    const earlier = await supersede(methods, job.request, job.info.id).catch(() => []);
    for (const id of earlier) if (this.#jobs.has(id)) this.#announce(id, { canRetry: false });
  }

  /** Waits while the job is paused, then throws if it was cancelled. */
  async #checkpoint(job: Job): Promise<void> {
    while (job.held && !job.isCancelled) await job.held.until;
    if (job.isCancelled) throw cancelledError();
  }

  /** Announces how the job ended, keeps it in the project, then settles its promise. */
  async #end(job: Job, how: RunOutcome | AppError): Promise<void> {
    const { id } = job.info;
    const finishedAt = new Date().toISOString();
    const times = { finishedAt, pausedMs: pausedNow(job.info), pausedAt: undefined, place: undefined };
    const spent = spentWords({ ...job.info, ...times });
    if (how instanceof AppError) {
      const plain = toPlainError(how);
      const state = plain.code !== 'cancelled' ? 'failed' : job.isLeft ? 'interrupted' : 'cancelled';
      if (state === 'failed') this.#say(id, plain.message, 'problem');
      this.#say(
        id,
        `${endWords[state]}${spent}${state === 'failed' ? '' : '; what was stored before stays'}.`,
      );
      await this.#keep(job, { ...times, state, error: plain, canRetry: !hopeless.includes(plain.code) });
      job.settle.reject(how);
      return;
    }
    this.#say(id, `Done${spent}.`);
    const progress: JobProgress = { ...job.info.progress, stage: 'finished', secondsLeft: 0 };
    await this.#keep(job, { ...times, state: 'done', runId: how.runId, progress });
    job.settle.resolve(how);
  }

  /** A log that cannot be stored must not turn a job that is done into one that failed. */
  async #keep(job: Job, change: Partial<JobInfo>): Promise<void> {
    const record = recordOf({ ...job.info, ...change }, keptRequest(job.request));
    await this.#parts.database.methods.putJob(record).catch(() => undefined);
    this.#announce(job.info.id, change);
  }

  #release(job: Job): void {
    const { held } = job;
    job.held = null;
    held?.release();
  }

  /** An engine that is gone, or not there yet, has nothing to hold; a job looks here before it calls the engine. */
  #tellEngine(what: 'cancel' | 'pause' | 'resume', jobId: string): void {
    const { engine } = this.#parts;
    if (engine.status().state === 'ready') engine.methods[what](jobId).catch(() => undefined);
  }

  #find(jobId: string): Job {
    const job = this.#jobs.get(jobId);
    if (!job)
      throw new AppError('not-found', 'There is no such job; it belongs to a project that was closed.');
    return job;
  }

  /** Without a listener's call: what follows announces the job. */
  #say(jobId: string, text: string, kind?: 'step' | 'problem'): void {
    const job = this.#find(jobId);
    job.info = { ...job.info, log: withEntry(job.info.log, text, kind) };
  }

  #announcePlaces(): void {
    this.#waiting.forEach((id, index) => {
      if (this.#find(id).info.place !== index + 1) this.#announce(id, { place: index + 1 });
    });
  }

  #announce(jobId: string, change: Partial<JobInfo>): void {
    const job = this.#find(jobId);
    job.info = { ...job.info, ...change };
    for (const listener of this.#listeners) listener(job.info);
  }
}

function cancelledError(): AppError {
  return new AppError('cancelled', 'The job was cancelled; what was stored before stays.');
}

/** Promise.withResolvers, which the Node inside older Electrons lacks. */
function withSettlers<T>(): {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
} {
  let settle: { resolve(value: T): void; reject(error: unknown): void } | undefined;
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
  return { promise, ...settle! };
}

/** Of the current stage; null until a rate is known. */
function secondsLeft({ done, total, rate }: Omit<JobProgress, 'secondsLeft'>): number | null {
  return rate > 0 && total > 0 ? (total - done) / rate : null;
}

function pausedNow({ pausedMs, pausedAt }: JobInfo): number {
  return pausedMs + (pausedAt ? Date.now() - Date.parse(pausedAt) : 0);
}

/** " after 12 s of work, 3.0 s paused"; nothing for a job that never started. */
function spentWords({ startedAt, finishedAt, pausedMs }: JobInfo): string {
  if (!startedAt || !finishedAt) return '';
  const worked = Date.parse(finishedAt) - Date.parse(startedAt) - pausedMs;
  return ` after ${tookWords(Math.max(0, worked))} of work${pausedMs > 0 ? `, ${tookWords(pausedMs)} paused` : ''}`;
}
