import { gunzipSync, gzipSync } from 'node:zlib';
import { inserts, keyedQueries } from './queries.ts';
import type { Sql } from './sql.ts';

/** Keeps a vocabulary as gzip of its JSON; the same file again replaces it. */
export function putVocabulary(sql: Sql, sha256: string, words: readonly (string | null)[]): void {
  const packed = gzipSync(JSON.stringify(words));
  sql.write(() => sql.run(inserts.vocabulary, sha256, packed));
}

export function getVocabulary(sql: Sql, sha256: string): (string | null)[] | null {
  const row = sql.get<{ words: Buffer }>(keyedQueries.vocabulary, sha256);
  return row ? (JSON.parse(gunzipSync(row.words).toString('utf8')) as (string | null)[]) : null;
}
