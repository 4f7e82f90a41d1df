import { existsSync, rmSync } from 'node:fs';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import type { Content, Kept, KilledFile } from './killed-file.ts';

/** Project files. */
export const projects: KilledFile = { contentOf, keptIn, checkWhole, remove: rmSync };

function keptIn(project: string): Kept {
  return reading(project, { first: 0, second: 0, results: 0, isCaptured: false }, (db) => {
    const rows = db.prepare('SELECT capture_id AS id, position FROM checkpoints').all() as {
      id: string;
      position: string;
    }[];
    const doneOf = (isSecond: boolean) => {
      const row = rows.find(({ id }) => id.endsWith('-second') === isSecond);
      return row ? (JSON.parse(row.position) as { done: number }).done : 0;
    };
    const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
    return {
      first: doneOf(false),
      second: doneOf(true),
      results: count('results'),
      isCaptured: count('captures') > 0,
    };
  });
}

export function contentOf(project: string): Content {
  const queries = [
    `SELECT r.result_id || ' ' || l.name, a.sha256 FROM results r JOIN result_arrays l USING (result_key)
      JOIN arrays a USING (array_id)`,
    `SELECT c.capture_id || ' ' || l.name, a.sha256 FROM captures c JOIN capture_arrays l USING (capture_key)
      JOIN arrays a USING (array_id)`,
    `SELECT result_id || ' headline', headline FROM results`,
    `SELECT result_id || ' provenance', provenance FROM results`,
    `SELECT run_id || ' run', data || networks || layers FROM runs`,
    `SELECT capture_id || ' summary', json_remove(summary, '$.timings') FROM captures`,
  ];
  return reading<Content>(project, new Map<string, string>(), (db) => {
    const rows = queries.flatMap((query) => db.prepare(query).raw().all() as [string, string][]);
    return new Map(rows);
  });
}

/** @throws where the file is damaged, or holds checkpoints or empty pages of a run that is done */
function checkWhole(project: string): void {
  reading(project, undefined, (db) => {
    const problems = [
      ['integrity', db.pragma('integrity_check', { simple: true }), 'ok'],
      ['checkpoints', db.prepare('SELECT count(*) FROM checkpoints').pluck().get(), 0],
      ['empty pages', db.pragma('freelist_count', { simple: true }), 0],
    ].filter(([, found, wanted]) => found !== wanted);
    if (problems.length > 0) throw new Error(`${project}: ${JSON.stringify(problems)}`);
  });
  if (existsSync(`${project}-work`)) throw new Error(`${project}-work is left behind.`);
}

function reading<T>(project: string, none: T, read: (db: Database) => T): T {
  if (!existsSync(project)) return none;
  const db = new SqliteDatabase(project);
  try {
    return read(db);
  } finally {
    db.close();
  }
}
