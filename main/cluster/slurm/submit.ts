import { mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { ClusterStage } from '#core/domain/cluster.ts';
import { spanList } from '../check-shards.ts';
import {
  hasPlan,
  isArray,
  openTasks,
  outputOf,
  readPlan,
  tasksOf,
  writePlan,
  type JobPlan,
} from './job-folder.ts';
import { scriptOf, type Resources } from './scripts.ts';
import type { SlurmCommands } from './slurm-commands.ts';

export interface JobOptions {
  folder: string;
  plan: Omit<JobPlan, 'jobs' | 'submittedAt' | 'format'>;
  resources: Resources;
  /** How Consilience is started on a node. */
  command: readonly string[];
}

/** Writes the folder of scripts; what shards of the same recipe have made already stays. */
export async function writeJobs({ folder, plan, resources, command }: JobOptions): Promise<JobPlan> {
  const whole: JobPlan = { format: 1, ...plan, jobs: {}, submittedAt: new Date().toISOString() };
  for (const name of ['logs', 'shards']) await mkdir(join(folder, name), { recursive: true });
  if (hasPlan(folder)) await dropStale(folder, await readPlan(folder), plan);
  for (const stage of plan.stages)
    await writeFile(join(folder, `${stage}.sbatch`), scriptOf(stage, whole, resources, command));
  await writePlan(folder, whole);
  return whole;
}

/** Removes what was made of other shards, and what the last stage made. */
async function dropStale(folder: string, old: JobPlan, plan: JobOptions['plan']): Promise<void> {
  const isSame = old.keys.first === plan.keys.first && old.shards === plan.shards;
  const isSecondSame = isSame && old.keys.second === plan.keys.second && existsSync(plan.project);
  const kept = (stage: ClusterStage) =>
    stage !== old.stages.at(-1) && (stage === 'first' ? isSame : isSecondSame);
  for (const stage of old.stages)
    if (!kept(stage))
      for (const index of tasksOf(stage, old))
        await rm(join(folder, outputOf(stage, index, old)), { force: true });
}

/** Submits what is still to be done, every stage after the one before it. */
export async function submitJobs(folder: string, plan: JobPlan, slurm: SlurmCommands): Promise<JobPlan> {
  const jobs: JobPlan['jobs'] = {};
  let before: string | null = null;
  try {
    for (const stage of plan.stages) {
      const open = openTasks(folder, stage, plan);
      if (open.length === 0) continue;
      before = await slurm.submit(folder, `${stage}.sbatch`, optionsOf(stage, open, before));
      jobs[stage] = before;
    }
  } catch (error) {
    // Half a chain would wait for ever.
    await slurm.cancel(Object.values(jobs));
    throw error;
  }
  if (before === null) throw new AppError('internal', 'Nothing was left to submit.');
  const submitted = { ...plan, jobs, submittedAt: new Date().toISOString() };
  await writePlan(folder, submitted);
  return submitted;
}

function optionsOf(stage: ClusterStage, open: readonly number[], before: string | null): string[] {
  const array = spanList(open).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  return [
    ...(isArray(stage) ? [`--array=${array.join(',')}`] : []),
    ...(before ? [`--dependency=afterok:${before}`, '--kill-on-invalid-dep=yes'] : []),
  ];
}
