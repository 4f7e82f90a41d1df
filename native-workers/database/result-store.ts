import { AppError } from '#core/errors.ts';
import type { NewResult } from '#core/ipc/database.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import type { ArrayInfo, Provenance, ResultEntry, StoredResult } from '#core/domain/result.ts';
import { ArraySource } from './array-source.ts';
import { putArray } from './array-store.ts';
import type { StoredArray } from './array-store.ts';
import { numbersFromJson, numbersToJson } from './json.ts';
import { inserts, keyedQueries, listQueries } from './queries.ts';
import type { Sql } from './sql.ts';

export interface EntryRow {
  result_id: string;
  analysis: AnalysisName;
  network_a: string;
  layer_a: string;
  network_b: string;
  layer_b: string;
  params: string;
  headline: string;
}

interface ResultRow extends EntryRow {
  result_key: number;
  created_at: string;
  elapsed_ms: number;
  provenance: string;
}

export function entryOf(row: EntryRow): ResultEntry {
  return {
    id: row.result_id,
    analysis: row.analysis,
    a: { network: row.network_a, layer: row.layer_a },
    b: { network: row.network_b, layer: row.layer_b },
    params: JSON.parse(row.params) as Record<string, unknown>,
    headline: numbersFromJson(row.headline),
  };
}

/** The result's row key, or undefined when it is not stored. */
export function resultKey(sql: Sql, id: string): number | undefined {
  return sql.get<{ result_key: number }>(keyedQueries.resultKey, id)?.result_key;
}

/** A result is written in one transaction with its arrays, so one that is listed is complete. */
export function storedResults(sql: Sql, ids: string[]): string[] {
  return ids.filter((id) => resultKey(sql, id) !== undefined);
}

/** Stores a result. The id is the hash of the job: one that is stored already is the same answer and stays. */
export function putResult(sql: Sql, result: NewResult): void {
  if (resultKey(sql, result.id) !== undefined) return;
  const source = new ArraySource(result.arrays);
  try {
    sql.write(() => {
      // Another program may have stored it since.
      if (resultKey(sql, result.id) !== undefined) return;
      const key = insertResult(sql, result);
      result.arrays.arrays.forEach((array, position) =>
        sql.run(inserts.resultArray, key, array.name, position, putArray(sql, source, array)),
      );
    });
  } finally {
    source.close();
  }
}

function insertResult(sql: Sql, result: NewResult): number {
  return sql.run(
    inserts.result,
    result.id,
    result.analysis,
    result.a.network,
    result.a.layer,
    result.b.network,
    result.b.layer,
    JSON.stringify(result.params),
    numbersToJson(result.headline),
    new Date().toISOString(),
    result.elapsedMs,
    JSON.stringify(result.provenance),
  );
}

/** Every result, in the order stored. */
export function listResults(sql: Sql): ResultEntry[] {
  return sql.all<EntryRow>(listQueries.results).map(entryOf);
}

/** @throws AppError `not-found` */
export function getResult(sql: Sql, id: string): StoredResult {
  const row = sql.get<ResultRow>(keyedQueries.result, id);
  if (!row) throw new AppError('not-found', `The project holds no result ${id}.`, { resultId: id });
  return {
    ...entryOf(row),
    createdAt: row.created_at,
    elapsedMs: row.elapsed_ms,
    provenance: JSON.parse(row.provenance) as Provenance,
    arrays: sql.all<ArrayInfo>(keyedQueries.resultArrays, row.result_key),
  };
}

/** @throws AppError `not-found` */
export function resultArray(sql: Sql, id: string, name: string): StoredArray {
  const array = sql.get<StoredArray>(keyedQueries.resultArray, id, name);
  if (array) return array;
  const known = getResult(sql, id).arrays.map((other) => other.name);
  throw new AppError(
    'not-found',
    `Result ${id} has no array ${name}. It has ${known.join(', ') || 'none'}.`,
    { resultId: id, array: name, known },
  );
}
