import type { Client } from '#core/ipc/contract.ts';
import { hasEnded, type JobInfo, type JobRecord, type JobStage } from '#core/domain/job.ts';
import { formatCount } from '#core/figure/ticks.ts';
import { Resource } from '../ui/resource.svelte.ts';
import { formatDuration } from '../ui/format.ts';

/** A job as the project tells of it. */
type KeptJob = Omit<JobRecord, 'request'>;

/** A job that ended, in this session or an earlier one. */
export interface PastJob extends KeptJob {
  canRetry: boolean;
}

/** Jobs of the open project, newest last, as main announces them. */
export class Jobs {
  #jobs = $state.raw<JobInfo[]>([]);
  /** What the project keeps of jobs that ended, those of earlier sessions too. */
  readonly history = new Resource<KeptJob[]>();
  #dismissed = $state.raw<ReadonlySet<string>>(new Set());
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The job whose turn it is, at work or paused; else the first that waits. */
  get running(): JobInfo | null {
    return this.active ?? this.queue[0] ?? null;
  }

  /** The job whose turn it is. */
  get active(): JobInfo | null {
    return this.#jobs.find((job) => !hasEnded(job.state) && job.place === undefined) ?? null;
  }

  /** Jobs that wait for their turn, next first. */
  get queue(): JobInfo[] {
    return this.#jobs
      .filter((job) => !hasEnded(job.state) && job.place !== undefined)
      .sort((one, other) => (one.place ?? 0) - (other.place ?? 0));
  }

  /** Jobs that ended, newest first; those of earlier sessions as the project keeps them. */
  get past(): PastJob[] {
    const known = this.#jobs.flatMap((job) => pastJob(job) ?? []).reverse();
    const ids = new Set(known.map((job) => job.id));
    const earlier = (this.history.value ?? []).filter((job) => !ids.has(job.id));
    return [...known, ...earlier.map((job) => ({ ...job, canRetry: false }))].sort((one, other) =>
      other.finishedAt.localeCompare(one.finishedAt),
    );
  }

  /** The job that the bar shows: the one at work, else the newest one that ended and was not put away. */
  get shown(): JobInfo | null {
    const latest = this.#jobs.at(-1);
    return this.running ?? (latest && !this.#dismissed.has(latest.id) ? latest : null);
  }

  /** The newest run that the program's end interrupted, and that can go on. */
  get interrupted(): JobInfo | null {
    return this.#jobs.findLast((job) => job.state === 'interrupted' && job.canRetry) ?? null;
  }

  async refresh(): Promise<void> {
    const answer = await this.#client.job.list({});
    if (answer.ok) this.#jobs = [...answer.value.jobs].sort((x, y) => x.createdAt.localeCompare(y.createdAt));
  }

  receive(job: JobInfo): void {
    const others = this.#jobs.filter((known) => known.id !== job.id);
    const at = this.#jobs.findIndex((known) => known.id === job.id);
    this.#jobs = at < 0 ? [...others, job] : this.#jobs.with(at, job);
  }

  clear(): void {
    this.#jobs = [];
    this.history.clear();
  }

  async readHistory(): Promise<void> {
    await this.history.load(async () => {
      const answer = await this.#client.job.history({});
      return answer.ok ? { ok: true, value: answer.value.jobs } : answer;
    });
  }

  dismiss(jobId: string): void {
    this.#dismissed = new Set([...this.#dismissed, jobId]);
  }

  cancel(jobId: string) {
    return this.#client.job.cancel({ jobId });
  }

  pause(jobId: string) {
    return this.#client.job.pause({ jobId });
  }

  resume(jobId: string) {
    return this.#client.job.resume({ jobId });
  }

  move(jobId: string, to: 'first' | 'earlier' | 'later' | 'last') {
    return this.#client.job.move({ jobId, to });
  }

  async retry(jobId: string) {
    const answer = await this.#client.job.retry({ jobId });
    if (answer.ok) {
      this.dismiss(jobId);
      await this.refresh();
    }
    return answer;
  }
}

const stageWords: Record<JobStage, string> = {
  starting: 'Starting the engine',
  checking: 'Checking the recipe',
  capturing: 'Reading images',
  counting: 'Counting values',
  analysing: 'Comparing units',
  storing: 'Storing results',
  finished: 'Finished',
};

const stagePhrases: Record<JobStage, string> = {
  starting: 'starting the engine',
  checking: 'checking the recipe',
  capturing: 'reading images',
  counting: 'counting values',
  analysing: 'comparing units',
  storing: 'storing results',
  finished: 'finishing',
};

/** The stages of a job in their order; counting is left out by most. */
export const stages: JobStage[] = ['checking', 'starting', 'capturing', 'counting', 'analysing'];

export function stageLabel(stage: JobStage): string {
  return stageWords[stage];
}

/** One line on where a job is: "Reading images, 1,200 of 2,000, 850 images/s, 4 s left". */
export function progressLine(job: JobInfo): string {
  if (job.place !== undefined) return job.state === 'paused' ? 'Held in the queue' : 'Waiting for its turn';
  const { stage, done, total, unit, rate, secondsLeft } = job.progress;
  const isPaused = job.state === 'paused';
  const parts: string[] = [isPaused ? `Paused while ${stagePhrases[stage]}` : stageWords[stage]];
  if (total > 0 && unit) parts.push(`${formatCount(done)} of ${formatCount(total)} ${unit}`);
  if (rate > 0 && unit && !isPaused) parts.push(`${formatCount(rate)} ${unit}/s`);
  if (secondsLeft !== null)
    parts.push(`${formatDuration(secondsLeft)} left${isPaused ? ' once resumed' : ''}`);
  return parts.join(' · ');
}

export function progressShare(job: JobInfo): number {
  const { done, total } = job.progress;
  return job.state === 'done' ? 1 : total > 0 ? Math.min(1, done / total) : 0;
}

/** Seconds of work so far: without the time that it was paused, and without the time in the queue. */
export function workedSeconds(job: JobInfo, now: number): number {
  if (!job.startedAt) return 0;
  const until = job.finishedAt ?? job.pausedAt;
  const end = until ? Date.parse(until) : now;
  return Math.max(0, (end - Date.parse(job.startedAt) - job.pausedMs) / 1000);
}

function pastJob(job: JobInfo): PastJob | null {
  const { id, title, state, createdAt, startedAt, finishedAt, pausedMs, runId, error, log, canRetry } = job;
  if (!hasEnded(state) || !finishedAt) return null;
  const ends = { startedAt: startedAt ?? null, runId: runId ?? null, error: error ?? null };
  return { id, title, state, createdAt, finishedAt, pausedMs, log, canRetry, ...ends };
}
