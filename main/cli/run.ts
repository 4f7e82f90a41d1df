import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { exitStatusOf, toPlainError } from '#core/errors.ts';
import type { ProviderName } from '#core/domain/provider.ts';
import type { RunTimings } from '#core/domain/job.ts';
import { allLayers, headlineNumber, type ResultEntry } from '#core/domain/result.ts';
import { runFindings } from '#core/text/run-findings.ts';
import type { DatabaseService, EngineService, RunOutcome, RunRequest } from '../app/services.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { printJson, printLine, printTable } from './output.ts';
import { progressLine } from './progress-line.ts';

export interface RunOptions {
  project?: string;
  provider?: ProviderName;
  threads?: number;
  json?: true;
}

/** `consilience run`. */
export async function run(recipePath: string, options: RunOptions): Promise<void> {
  // From the command's start, module loading included.
  const started = performance.now() - process.uptime() * 1000;
  // The engine starts beside everything else, the loading of modules included; a failure shows where it is waited for.
  const engine = createEngineService();
  engine.start().catch(() => undefined);
  try {
    await runWith(engine, recipePath, options, started);
  } finally {
    await engine.stop();
  }
}

async function runWith(
  engine: EngineService,
  recipePath: string,
  options: RunOptions,
  started: number,
): Promise<void> {
  const { loadRecipe } = await import('../recipe/load.ts');
  const { openDatabase } = await import('../database/client.ts');
  const request = await loadRecipe(recipePath, engine.methods);
  if (options.provider) request.recipe.provider = options.provider;
  if (options.threads) request.recipe.threads = options.threads;
  const projectPath = resolve(options.project ?? `${basename(recipePath, extname(recipePath))}.consilience`);
  const isNew = !existsSync(projectPath);
  const database = await openDatabase(projectPath, 'open-or-create', request.recipe.title);
  try {
    const outcome = await follow(engine, database, request);
    await report(outcome, database, projectPath, started, options);
  } catch (error) {
    if (isNew && exitStatusOf(toPlainError(error).code) === 2) await removeIfEmpty(database);
    throw error;
  } finally {
    await database.close();
  }
}

/** Runs the job with progress on standard error; Ctrl-C cancels it and leaves a valid project. */
export async function follow(
  engine: EngineService,
  database: DatabaseService,
  request: RunRequest,
): Promise<RunOutcome> {
  const { createJobService } = await import('../jobs/job-service.ts');
  const jobs = createJobService({ engine, database });
  const line = progressLine();
  jobs.subscribe((job) => line.update(job));
  const job = jobs.start(request);
  const interrupt = () => {
    if (!jobs.cancel(job.id)) process.exit(130);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await jobs.finished(job.id);
  } finally {
    line.end();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** A new file into which nothing was stored is not left behind by a request that was wrong. */
export async function removeIfEmpty(database: DatabaseService): Promise<void> {
  const { runs } = await database.methods.summary();
  const results = await database.methods.results();
  if (runs.length > 0 || results.length > 0) return;
  await database.close();
  for (const suffix of ['', '-wal', '-shm']) await rm(`${database.path}${suffix}`, { force: true });
}

/** Prints what a run found, and where it is stored. */
export async function report(
  outcome: RunOutcome,
  database: DatabaseService,
  projectPath: string,
  started: number,
  options: RunOptions,
): Promise<void> {
  const byId = new Map((await database.methods.results()).map((entry) => [entry.id, entry]));
  const entries = outcome.resultIds.flatMap((id) => byId.get(id) ?? []);
  const elapsedMs = performance.now() - started;
  if (options.json) {
    const { reused, computed, notes, timings } = outcome;
    printJson({
      project: projectPath,
      run: outcome.runId,
      reused,
      computed,
      notes,
      timings,
      results: entries,
    });
    return;
  }
  printLayerMeans(entries);
  printLine();
  for (const sentence of findingsOf(entries)) printLine(sentence);
  printLine(
    `${outcome.computed} results computed, ${outcome.reused} reused, in ${(elapsedMs / 1000).toFixed(2)} s (${breakdown(outcome.timings)}).`,
  );
  printLine(`Project: ${projectPath}`);
}

/** Sentences where more than correlation and matching was computed: the table says those already. */
function findingsOf(entries: readonly ResultEntry[]): string[] {
  const isMore = entries.some(({ analysis }) => analysis !== 'correlation' && analysis !== 'matching');
  const layers = [...new Set(entries.map((entry) => entry.a.layer))].filter((layer) => layer !== allLayers);
  return isMore ? [...runFindings(entries, layers), ''] : [];
}

/** Mean semi-match and match of every layer over the network pairs. */
function printLayerMeans(entries: readonly ResultEntry[]): void {
  const matchings = entries.filter((entry) => entry.analysis === 'matching');
  const layers = [...new Set(matchings.map((entry) => entry.a.layer))];
  if (layers.length === 0) return;
  const mean = (layer: string, key: string) => {
    const values = matchings
      .filter((entry) => entry.a.layer === layer)
      .map((entry) => headlineNumber(entry.headline, key) ?? Number.NaN);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Number.isNaN(mean) ? '–' : mean.toFixed(3);
  };
  const pairs = (layer: string) => matchings.filter((entry) => entry.a.layer === layer).length;
  printTable(
    ['layer', 'pairs', 'semi-match', 'match', 'agreement', 'held-out match'],
    layers.map((layer) => [
      layer,
      pairs(layer),
      mean(layer, 'semiMean'),
      mean(layer, 'matchMean'),
      mean(layer, 'agreement'),
      mean(layer, 'heldOutMatchMean'),
    ]),
  );
}

function breakdown(timings: RunTimings): string {
  const parts: [string, number][] = [
    ['inputs', timings.checkMs],
    ['engine', timings.engineStartMs],
    ['models', timings.sessionMs],
    ['inference', timings.inferenceMs],
    ['moments', timings.accumulateMs],
    ['waiting for data', timings.decodeWaitMs],
    ['alignment', timings.analyseMs],
    ['storing', timings.storeMs],
  ];
  return parts.map(([name, ms]) => `${name} ${(ms / 1000).toFixed(2)}`).join(', ');
}
