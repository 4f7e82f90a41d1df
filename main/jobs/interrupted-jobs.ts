import { resolve } from 'node:path';
import type { JobInfo, JobRecord, KeptRequest } from '#core/domain/job.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { RunRequest } from '../app/services.ts';
import { jobsAtWork } from './work-folder.ts';

/** A job whose program ended before it did, and what it asked. */
export interface InterruptedJob {
  info: JobInfo;
  request: RunRequest;
}

/** What a job asked, in the form that the project keeps. */
export function keptRequest({ recipe, recipeText, baseFolder }: RunRequest): KeptRequest {
  const { provider, threads } = recipe;
  return { recipeText, baseFolder: resolve(baseFolder), provider, threads };
}

/** The project's jobs that were interrupted and can be started again, oldest first; none that another program works on. */
export async function interruptedJobs(
  database: DatabaseMethods,
  projectPath: string,
): Promise<InterruptedJob[]> {
  const atWork = await jobsAtWork(projectPath);
  const records = (await database.jobs()).filter(
    ({ id, state }) => state === 'interrupted' && !atWork.has(id),
  );
  const jobs: InterruptedJob[] = [];
  for (const record of records.reverse()) {
    const request = record.request && (await requestOf(record.request, record.title));
    if (request) jobs.push({ request, info: infoOf(record) });
  }
  return jobs;
}

/** The same is asked again: earlier jobs that were interrupted are not to be taken up any more. */
export async function supersede(
  database: DatabaseMethods,
  request: RunRequest,
  by: string,
): Promise<string[]> {
  const asked = JSON.stringify(keptRequest(request));
  const same = (await database.jobs()).filter(
    ({ id, state, request: of }) =>
      id !== by && state === 'interrupted' && of !== null && JSON.stringify(keptInOrder(of)) === asked,
  );
  for (const record of same) await database.putJob({ ...record, request: null });
  return same.map(({ id }) => id);
}

function keptInOrder({ recipeText, baseFolder, provider, threads }: KeptRequest): KeptRequest {
  return { recipeText, baseFolder, provider, threads };
}

/** Null where this version does not understand the recipe. */
async function requestOf(
  { recipeText, baseFolder, provider, threads }: KeptRequest,
  label: string,
): Promise<RunRequest | null> {
  const { parseRecipe } = await import('../recipe/load.ts');
  try {
    const recipe = { ...parseRecipe(recipeText, label), provider, threads };
    return { recipe, recipeText, baseFolder };
  } catch {
    return null;
  }
}

function infoOf(record: JobRecord): JobInfo {
  const { id, title, state, createdAt, startedAt, finishedAt, pausedMs, log } = record;
  return {
    ...{ id, title, state, createdAt, finishedAt, pausedMs, log },
    ...(startedAt !== null && { startedAt }),
    progress: { stage: 'starting', done: 0, total: 0, unit: '', rate: 0, secondsLeft: null },
    notes: [],
    canRetry: true,
  };
}
