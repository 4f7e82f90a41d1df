import { AppError } from '#core/errors.ts';
import type { NewRun } from '#core/ipc/database.ts';
import type { ProjectRun } from '#core/domain/project.ts';
import { captureKey, noCapture } from './capture-store.ts';
import { inserts, keyedQueries, listQueries } from './queries.ts';
import { entryOf, resultKey } from './result-store.ts';
import type { EntryRow } from './result-store.ts';
import type { Sql } from './sql.ts';

interface RunRow {
  run_key: number;
  run_id: string;
  title: string;
  created_at: string;
  recipe: string;
  data: string;
  networks: string;
  layers: string;
}

function runOf(sql: Sql, row: RunRow): ProjectRun {
  return {
    id: row.run_id,
    title: row.title,
    createdAt: row.created_at,
    recipe: row.recipe,
    data: JSON.parse(row.data) as ProjectRun['data'],
    networks: JSON.parse(row.networks) as ProjectRun['networks'],
    layers: JSON.parse(row.layers) as ProjectRun['layers'],
    results: sql.all<EntryRow>(keyedQueries.runResults, row.run_key).map(entryOf),
  };
}

/** Newest first. */
export function listRuns(sql: Sql): ProjectRun[] {
  return sql.all<RunRow>(listQueries.runs).map((row) => runOf(sql, row));
}

/**
 * Stores a run of results and a capture that are stored already; the same id again replaces the run.
 * @throws AppError `not-found` naming the result or capture that is missing
 */
export function putRun(sql: Sql, run: NewRun): void {
  sql.write(() => {
    const capture = captureKey(sql, run.captureId);
    if (capture === undefined) throw noCapture(run.captureId);
    const { id, title, recipe } = run;
    const [data, networks, layers] = [run.data, run.networks, run.layers].map((part) => JSON.stringify(part));
    sql.run(inserts.run, id, title, new Date().toISOString(), recipe, data, networks, layers, capture);
    // The key is asked for: an upsert that updates reports no row id.
    const key = sql.get<{ run_key: number }>(keyedQueries.runKey, id)!.run_key;
    sql.run(keyedQueries.deleteRunResults, key);
    run.resultIds.forEach((resultId, position) => {
      const result = resultKey(sql, resultId);
      if (result === undefined)
        throw new AppError('not-found', `The project holds no result ${resultId}.`, { resultId });
      sql.run(inserts.runResult, key, position, result);
    });
  });
}

/** @throws AppError `not-found` */
export function captureOfRun(sql: Sql, runId: string): string {
  const row = sql.get<{ id: string }>(keyedQueries.captureOfRun, runId);
  if (!row) throw new AppError('not-found', `The project holds no run ${runId}.`, { runId });
  return row.id;
}

/** The newest run that holds the result. @throws AppError `not-found` */
export function runOfResult(sql: Sql, resultId: string): ProjectRun {
  const row = sql.get<RunRow>(keyedQueries.runOfResult, resultId);
  if (row) return runOf(sql, row);
  throw new AppError('not-found', `No run of the project holds result ${resultId}.`, { resultId });
}
