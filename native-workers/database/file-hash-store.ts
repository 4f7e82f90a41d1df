import { inserts, keyedQueries, listQueries } from './queries.ts';
import type { Sql } from './sql.ts';

/** What tells whether a file is still the one that was hashed. */
export interface FileState {
  path: string;
  bytes: number;
  mtimeMs: number;
}

/** The remembered SHA-256, or null where the file is unknown or has changed. */
export function recalledHash(sql: Sql, { path, bytes, mtimeMs }: FileState): string | null {
  return sql.get<{ sha256: string }>(keyedQueries.fileHash, path, bytes, mtimeMs)?.sha256 ?? null;
}

export function storeHash(sql: Sql, { path, bytes, mtimeMs }: FileState, sha256: string): void {
  sql.write(() => sql.run(inserts.fileHash, path, bytes, mtimeMs, sha256));
}

export function pathsOfHash(sql: Sql, sha256: string): string[] {
  return sql
    .all<{ path: string; sha256: string }>(listQueries.fileHashes)
    .filter((file) => file.sha256 === sha256)
    .map(({ path }) => path);
}
