import type { Client } from '#core/ipc/contract.ts';
import type { JobInfo, JobStage, JobState } from '#core/domain/job.ts';
import { formatCount } from '#core/figure/ticks.ts';
import { formatDuration } from '../ui/format.ts';

const unfinished: JobState[] = ['queued', 'running'];

/** Jobs of the open project, newest last, as main announces them. */
export class Jobs {
  #jobs = $state.raw<JobInfo[]>([]);
  #dismissed = $state.raw<ReadonlySet<string>>(new Set());
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  get running(): JobInfo | null {
    return this.#jobs.find((job) => unfinished.includes(job.state)) ?? null;
  }

  /** The job that the bar shows: the one at work, else the newest one that ended and was not put away. */
  get shown(): JobInfo | null {
    const latest = this.#jobs.at(-1);
    return this.running ?? (latest && !this.#dismissed.has(latest.id) ? latest : null);
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
  }

  dismiss(jobId: string): void {
    this.#dismissed = new Set([...this.#dismissed, jobId]);
  }

  cancel(jobId: string) {
    return this.#client.job.cancel({ jobId });
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

/** One line on where a job is: "Reading images, 1,200 of 2,000, 850 images/s, 4 s left". */
export function progressLine(job: JobInfo): string {
  if (job.state === 'queued') return 'Waiting for its turn';
  const { stage, done, total, unit, rate, secondsLeft } = job.progress;
  const parts: string[] = [stageWords[stage]];
  if (total > 0 && unit) parts.push(`${formatCount(done)} of ${formatCount(total)} ${unit}`);
  if (rate > 0 && unit) parts.push(`${formatCount(rate)} ${unit}/s`);
  if (secondsLeft !== null) parts.push(`${formatDuration(secondsLeft)} left`);
  return parts.join(' · ');
}

export function progressShare(job: JobInfo): number {
  const { done, total } = job.progress;
  return job.state === 'done' ? 1 : total > 0 ? Math.min(1, done / total) : 0;
}
