import { randomUUID } from 'node:crypto';
import { basename, extname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '#core/errors.ts';
import type { ClusterJob, ClusterStage } from '#core/domain/cluster.ts';
import type { ProviderName } from '#core/domain/provider.ts';
import { originOf } from '../cluster/make-shard.ts';
import { clusterState } from '../cluster/slurm/cluster-state.ts';
import { clusterSentences, failureWords } from '../cluster/slurm/cluster-words.ts';
import { jobFolderOf, readPlan, type JobPlan } from '../cluster/slurm/job-folder.ts';
import { createSlurmCommands } from '../cluster/slurm/slurm-commands.ts';
import { submitJobs, writeJobs } from '../cluster/slurm/submit.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { hashOf } from '../jobs/job-keys.ts';
import { passRequestOf } from '../jobs/pass-request.ts';
import { loadRecipe } from '../recipe/load.ts';
import { printJson, printLine } from './output.ts';

export interface SlurmOptions {
  shards?: number;
  project?: string;
  partition?: string;
  account?: string;
  time?: string;
  mem?: string;
  threads?: number;
  gpus?: number;
  provider?: ProviderName;
  dryRun?: true;
  wait: boolean;
  follow?: string;
  cancel?: string;
  json?: true;
}

const usualThreads = 4;
const soonestMs = 1000;
const latestMs = 10_000;
/** A task that has left the queue may not show its file yet: network file systems take a while. */
const looksBeforeFailed = 3;

/** `consilience slurm`. */
export async function slurm(recipePath: string | undefined, options: SlurmOptions): Promise<void> {
  if (options.cancel !== undefined) return cancel(resolve(options.cancel));
  if (options.follow !== undefined) return follow(resolve(options.follow), options);
  if (recipePath === undefined || options.shards === undefined)
    throw new AppError(
      'bad-request',
      'Name a recipe and a number of shards (consilience slurm RECIPE.yaml --shards 8), or --follow FOLDER.',
    );
  const folder = await write(recipePath, options.shards, options);
  if (options.dryRun) {
    tell(options, { folder, submitted: false }, [
      `Wrote the job scripts to ${folder}; nothing was submitted.`,
      'Look at them, then run the same command without --dry-run.',
    ]);
    return;
  }
  const { jobs } = await submitJobs(folder, await readPlan(folder), createSlurmCommands());
  const numbers = Object.entries(jobs).map(([stage, id]) => `${stage} ${id}`);
  say(`Submitted to Slurm: ${numbers.join(', ')}. Scripts, logs and shards: ${folder}`);
  if (!options.wait) {
    tell(options, { folder, submitted: true, jobs }, [followWords(folder)]);
    return;
  }
  await follow(folder, options);
}

/** Writes the scripts; hashes the data once, so that the tasks need not. */
async function write(recipePath: string, shards: number, options: SlurmOptions): Promise<string> {
  const engine = createEngineService();
  try {
    const request = await loadRecipe(recipePath, engine.methods);
    const { recipe } = request;
    if (options.provider) recipe.provider = options.provider;
    const recipeFile = basename(recipePath);
    const project = resolve(options.project ?? `${basename(recipePath, extname(recipePath))}.consilience`);
    const folder = jobFolderOf(project);
    const out = join(folder, 'shards', 'first-1.shard');
    const { origin, wanted } = await originOf(engine, request, { out, recipeFile });
    const pass = passRequestOf(request, { jobId: randomUUID(), outFile: out });
    await engine.methods.requireShards({ ...pass, shard: { index: 1, of: shards } });
    const stages: ClusterStage[] = wanted ? ['first', 'merge', 'second', 'finish'] : ['first', 'merge'];
    const keys = { first: origin.captureKey, second: wanted && hashOf(wanted) };
    const plan = { title: recipe.title, recipe: resolve(recipePath), project, shards, stages, keys };
    const { partition, account, time, mem, gpus, provider, threads = usualThreads } = options;
    const resources = { partition, account, time, mem, gpus, provider, threads };
    await writeJobs({ folder, plan, resources, command: [process.execPath, resolve(process.argv[1])] });
    return folder;
  } finally {
    await engine.stop();
  }
}

async function cancel(folder: string): Promise<void> {
  const { jobs } = await readPlan(folder);
  await createSlurmCommands().cancel(Object.values(jobs));
  printLine(
    `Cancelled the jobs of ${folder}; shards that are done stay, and the same command goes on from them.`,
  );
}

/** Shows how the jobs are doing until they have ended. Ctrl-C leaves them at work. */
async function follow(folder: string, options: SlurmOptions): Promise<void> {
  const commands = createSlurmCommands();
  const plan = await readPlan(folder);
  const interrupt = () => {
    say(`The jobs go on. ${followWords(folder)}\nCancel: consilience slurm --cancel ${folder}`);
    process.exit(130);
  };
  process.on('SIGINT', interrupt);
  const said = new Set<string>();
  let [looks, pause] = [0, soonestMs];
  try {
    for (;;) {
      const job = await clusterState(folder, commands);
      const news = clusterSentences(job).filter((sentence) => !said.has(sentence));
      for (const sentence of news) {
        said.add(sentence);
        say(sentence);
      }
      pause = news.length === 0 ? Math.min(latestMs, pause * 1.5) : soonestMs;
      looks = job.state === 'failed' ? looks + 1 : 0;
      if (job.state === 'done') {
        await finished(job, plan, options);
        return;
      }
      if (job.state === 'unknown')
        throw new AppError('not-available', `squeue cannot be asked here. ${followWords(folder)}`);
      if (looks >= looksBeforeFailed) {
        if (options.json) printJson({ project: plan.project, ...job });
        throw new AppError('run-failed', failureWords(job));
      }
      await wait(job.state === 'failed' ? soonestMs : pause);
    }
  } finally {
    process.off('SIGINT', interrupt);
  }
}

async function finished(job: ClusterJob, { project }: JobPlan, options: SlurmOptions): Promise<void> {
  const { readJson } = await import('../app/json-file.ts');
  const result = (await readJson(join(job.folder, 'result.json'))) as { results?: unknown[] } | null;
  const results = result?.results?.length ?? 0;
  tell(options, { project, ...job, results }, [`Done: ${results} results.`, `Project: ${project}`]);
}

function followWords(folder: string): string {
  return `Follow: consilience slurm --follow ${folder}`;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function tell({ json }: SlurmOptions, value: unknown, lines: readonly string[]): void {
  if (json) printJson(value);
  else for (const line of lines) printLine(line);
}
