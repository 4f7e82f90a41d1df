import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openProjectFile } from '#workers/database/project-file.ts';
import { keyedQueries } from '#workers/database/queries.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

function plan(path: string, text: string): string[] {
  const db = new SqliteDatabase(path, { readonly: true });
  const params = Array.from(text.matchAll(/\?/g), () => 1);
  const rows = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...params) as { detail: string }[];
  db.close();
  return rows.map((row) => row.detail);
}

it.each(Object.entries(keyedQueries))('%s searches by an index and scans no table', (_name, text) => {
  const path = join(temporaryFolder(), 'p.consilience');
  openProjectFile(path, 'create').close();
  const steps = plan(path, text);
  expect(steps.some((step) => step.startsWith('SEARCH'))).toBe(true);
  expect(steps.filter((step) => /^SCAN (?!CONSTANT)/.test(step))).toEqual([]);
});

it('would show a scan where there is one', () => {
  const path = join(temporaryFolder(), 'p.consilience');
  openProjectFile(path, 'create').close();
  expect(plan(path, 'SELECT * FROM results WHERE layer_a = ?')).toEqual(['SCAN results']);
});

it('finds what refers to an array, for the trigger that removes it, by an index', () => {
  const path = join(temporaryFolder(), 'p.consilience');
  openProjectFile(path, 'create').close();
  for (const table of ['result_arrays', 'capture_arrays'])
    expect(plan(path, `SELECT 1 FROM ${table} WHERE array_id = ?`)).toEqual([
      expect.stringContaining(`SEARCH ${table} USING COVERING INDEX`),
    ]);
});
