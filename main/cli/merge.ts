import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exitStatusOf, toPlainError } from '#core/errors.ts';
import { formatCount } from '#core/figure/ticks.ts';
import { mergeFiles, readShards, writeSecondStart, type Merged } from '../cluster/merge-files.ts';
import { openDatabase } from '../database/client.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { printJson, printLine } from './output.ts';
import { withProgress } from './pass-progress.ts';
import { follow, removeIfEmpty, report } from './run.ts';

export interface MergeOptions {
  project: string;
  second?: string;
  threads?: number;
  json?: true;
}

/** `consilience merge`. */
export async function merge(paths: string[], options: MergeOptions): Promise<void> {
  const started = performance.now() - process.uptime() * 1000;
  const read = await readShards(paths);
  const projectPath = resolve(options.project);
  const isNew = !existsSync(projectPath);
  const engine = createEngineService();
  const database = await openDatabase(projectPath, 'open-or-create', read.shards[0].file.origin.title);
  const jobId = randomUUID();
  // Not among the folders of jobs: what lies there from an earlier program is removed with the first job.
  const workFolder = `${projectPath}-merge`;
  const parts = { engine, database, jobId, workFolder };
  try {
    const { answer, notes } = await withProgress(engine, jobId, () => mergeFiles(read, parts));
    answer.notes.push(...notes);
    if (options.threads) answer.request.recipe.threads = options.threads;
    for (const note of read.notes) process.stderr.write(`note: ${note}\n`);
    const isOnlyMerged = options.second !== undefined && answer.kind === 'first' && answer.needsSecond;
    if (isOnlyMerged) {
      await writeSecondStart(options.second as string, read, parts);
      tellMerged(answer, projectPath, options);
      return;
    }
    if (!options.json) printLine(mergedWords(answer));
    const outcome = await follow(engine, database, answer.request);
    outcome.notes.unshift(...answer.notes);
    await report(outcome, database, projectPath, started, options);
  } catch (error) {
    if (isNew && exitStatusOf(toPlainError(error).code) === 2) await removeIfEmpty(database);
    throw error;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
    await database.close();
    await engine.stop();
  }
}

function mergedWords({ shards, images, kind, isStored }: Merged): string {
  const what = `${formatCount(shards)} shards of the ${kind} pass over ${formatCount(images)} inputs`;
  return kind === 'first' && isStored
    ? `The project has the moments of these ${what} already.`
    : `Merged ${what}.`;
}

function tellMerged(merged: Merged, project: string, { second, json }: MergeOptions): void {
  const file = resolve(second ?? '');
  if (json) {
    const { shards, images, notes } = merged;
    printJson({ project, shards, images, notes, second: file });
    return;
  }
  printLine(mergedWords(merged));
  printLine(`Second passes start from ${file}: consilience shard RECIPE --second ${file} ...`);
}
