import { existsSync, renameSync, rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { syncFile } from './making-files.ts';
import type { Migration } from './migrations/migration.ts';

export function userVersion(db: Database): number {
  return db.pragma('user_version', { simple: true }) as number;
}

export function latestVersion(migrations: readonly Migration[]): number {
  return Math.max(...migrations.map((migration) => migration.version));
}

/** Applies every migration newer than the file, each in one transaction. */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  for (const migration of migrations) {
    db.transaction(() => {
      // Read under the write lock: another program may have migrated the file meanwhile.
      if (userVersion(db) >= migration.version) return;
      migration.apply(db);
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  }
}

/**
 * Copies the open file as it is now to `<path>.backup-v<user_version>`, with `-2`, `-3` ... appended where that
 * exists: an earlier backup is never overwritten. Returns the backup's path.
 */
export function backUp(db: Database, path: string): string {
  const base = `${path}.backup-v${userVersion(db)}`;
  let target = base;
  for (let n = 2; existsSync(target); n++) target = `${base}-${n}`;
  const partial = `${target}.part`;
  rmSync(partial, { force: true });
  try {
    db.prepare('VACUUM INTO ?').run(partial);
    syncFile(partial);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
  return target;
}
