import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import type { ClusterStage } from '#core/domain/cluster.ts';
import { readJson, writeJson } from '../../app/json-file.ts';

/** What was submitted, as kept in the folder beside the project. */
export interface JobPlan {
  format: 1;
  title: string;
  recipe: string;
  project: string;
  shards: number;
  /** Stages in the order that they run. */
  stages: ClusterStage[];
  /** What the shards are of: those of anything else are not kept. */
  keys: { first: string; second: string | null };
  /** The last job of every stage that was submitted. */
  jobs: Partial<Record<ClusterStage, string>>;
  submittedAt: string;
}

const stageSchema = z.enum(['first', 'merge', 'second', 'finish']);
const planSchema = z.strictObject({
  format: z.literal(1),
  title: z.string(),
  recipe: z.string(),
  project: z.string(),
  shards: z.int().min(1).max(100_000),
  stages: z.array(stageSchema).min(2).max(4),
  keys: z.strictObject({ first: z.string(), second: z.string().nullable() }),
  jobs: z.partialRecord(stageSchema, z.string().regex(/^\d+$/)),
  submittedAt: z.string(),
});

/** Where a project's cluster jobs have their scripts, logs and shards: beside it. */
export function jobFolderOf(projectPath: string): string {
  return `${resolve(projectPath)}.slurm`;
}

export async function readPlan(folder: string): Promise<JobPlan> {
  const parsed = planSchema.safeParse(await readJson(join(folder, 'plan.json')));
  if (parsed.success) return parsed.data;
  throw new AppError(
    'not-found',
    `${folder} holds no plan of cluster jobs (plan.json); name the folder that consilience slurm wrote.`,
  );
}

export function writePlan(folder: string, plan: JobPlan): Promise<void> {
  return writeJson(join(folder, 'plan.json'), plan);
}

export function hasPlan(folder: string): boolean {
  return existsSync(join(folder, 'plan.json'));
}

/** What a task leaves when it is done; relative to the folder. */
export function outputOf(stage: ClusterStage, index: number, { stages }: Pick<JobPlan, 'stages'>): string {
  if (stage === 'first' || stage === 'second') return join('shards', `${stage}-${index}.shard`);
  return stage === stages.at(-1) ? 'result.json' : join('shards', 'second.start');
}

export function logOf(stage: ClusterStage, index: number): string {
  return join('logs', isArray(stage) ? `${stage}-${index}.log` : `${stage}.log`);
}

export function isArray(stage: ClusterStage): boolean {
  return stage === 'first' || stage === 'second';
}

/** Numbers of a stage's tasks; 0 for a stage of one task. */
export function tasksOf(stage: ClusterStage, { shards }: Pick<JobPlan, 'shards'>): number[] {
  return isArray(stage) ? Array.from({ length: shards }, (_, at) => at + 1) : [0];
}

/** Numbers of the tasks of a stage that are still to be done. */
export function openTasks(folder: string, stage: ClusterStage, plan: JobPlan): number[] {
  return tasksOf(stage, plan).filter((index) => !existsSync(join(folder, outputOf(stage, index, plan))));
}
