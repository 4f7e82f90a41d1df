import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterJob, ClusterStage, ClusterStep, FailedTask } from '#core/domain/cluster.ts';
import { logOf, outputOf, readPlan, tasksOf, type JobPlan } from './job-folder.ts';
import type { QueuedTask, SlurmCommands } from './slurm-commands.ts';

/** Logs of this many failed or running tasks are shown; the folder has all of them. */
const shownTasks = 5;
const shownLines = 4;
const readBytes = 64 * 2 ** 10;
const atWork = new Set(['RUNNING', 'COMPLETING', 'CONFIGURING', 'STAGE_OUT', 'SUSPENDED', 'RESIZING']);

/** How the jobs of a folder are doing: what they have made, and what the queue says of the rest. */
export async function clusterState(folder: string, slurm: SlurmCommands): Promise<ClusterJob> {
  const plan = await readPlan(folder);
  const jobIds = Object.values(plan.jobs);
  const queue = jobIds.length > 0 ? await slurm.queue(jobIds) : [];
  const steps: ClusterStep[] = [];
  for (const stage of plan.stages) steps.push(await stepOf(folder, stage, plan, queue, slurm));
  const { title, shards, submittedAt } = plan;
  return { title, folder, shards, submittedAt, steps, state: stateOf(steps, queue) };
}

function stateOf(steps: readonly ClusterStep[], queue: QueuedTask[] | null): ClusterJob['state'] {
  const last = steps.at(-1);
  if (last?.done === last?.tasks) return 'done';
  if (queue === null) return 'unknown';
  if (steps.some(({ running, waiting }) => running + waiting > 0)) return 'running';
  return 'failed';
}

async function stepOf(
  folder: string,
  stage: ClusterStage,
  plan: JobPlan,
  queue: QueuedTask[] | null,
  slurm: SlurmCommands,
): Promise<ClusterStep> {
  const jobId = plan.jobs[stage] ?? null;
  const tasks = tasksOf(stage, plan);
  const queued = new Map(
    (queue ?? []).filter((task) => task.jobId === jobId).map((task) => [task.index, task]),
  );
  const step: ClusterStep = {
    ...{
      stage,
      jobId,
      tasks: tasks.length,
      done: 0,
      running: 0,
      waiting: 0,
      failed: [],
      requeued: 0,
      now: [],
      waitsFor: null,
    },
  };
  for (const index of tasks) {
    const task = queued.get(index);
    if (existsSync(join(folder, outputOf(stage, index, plan)))) step.done++;
    else if (task && atWork.has(task.state)) {
      step.running++;
      if (step.now.length < shownTasks) step.now.push(...(await linesOf(folder, stage, index)).slice(-1));
    } else if (task) {
      step.waiting++;
      step.waitsFor ??= task.reason;
    } else if (jobId && queue !== null)
      step.failed.push(await failedTask(folder, stage, index, jobId, slurm, step.failed.length));
    step.requeued += await requeuesOf(folder, stage, index);
  }
  return step;
}

async function failedTask(
  folder: string,
  stage: ClusterStage,
  index: number,
  jobId: string,
  slurm: SlurmCommands,
  before: number,
): Promise<FailedTask> {
  if (before >= shownTasks) return { index, state: null, reason: 'See its log in the folder.', log: [] };
  const log = await linesOf(folder, stage, index);
  const state = await slurm.ended(jobId, index);
  return { index, state, reason: reasonOf(state, log), log: log.slice(-shownLines) };
}

const reasons: Partial<Record<string, string>> = {
  OUT_OF_MEMORY: 'It needed more memory than it was given; submit again with more (--mem).',
  TIMEOUT: 'It ran out of time; submit again with more (--time), or with more shards.',
  NODE_FAIL: 'Its node failed; submit again.',
  CANCELLED: 'It was cancelled; submit again to go on.',
  PREEMPTED: 'Another job took its place; submit again.',
  PENDING: 'It waits for a job that failed.',
};

function reasonOf(state: string | null, log: readonly string[]): string {
  const known = state === null ? undefined : reasons[state];
  if (known) return known;
  return log.at(-1) ?? 'It ended without a word; its node may have failed. Submit again.';
}

/** The last lines of a task's log; empty where it has none yet. */
async function linesOf(folder: string, stage: ClusterStage, index: number): Promise<string[]> {
  const text = await tailOf(join(folder, logOf(stage, index)));
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

async function requeuesOf(folder: string, stage: ClusterStage, index: number): Promise<number> {
  const text = await tailOf(join(folder, logOf(stage, index)));
  return text.split('puts this task back into the queue').length - 1;
}

async function tailOf(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.min(size, readBytes));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
