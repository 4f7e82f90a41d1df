import { randomUUID } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, extname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { AppError } from '#core/errors.ts';
import type { ProjectSummary } from '#core/domain/project.ts';
import { describeFailure } from './failures.ts';
import { removeAbandoned, syncFile } from './making-files.ts';
import { applicationId, checkProjectFile, checkWritable, newerSentence } from './file-checks.ts';
import { backUp, latestVersion, migrate, userVersion } from './migrate.ts';
import { migrations as released } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { inserts, listQueries } from './queries.ts';
import { listRuns } from './run-store.ts';
import { createSql } from './sql.ts';
import type { Sql } from './sql.ts';

export type OpenMode = 'create' | 'open' | 'open-or-create';

/** How long a statement waits for another program's transaction. */
const busyTimeoutMs = 5000;
/** Large pages: most of a project is blobs of 2 MiB. Part of new files only; any page size can be read. */
const pageBytes = 16384;
const journalLimitBytes = 64 * 1024 * 1024;

export interface ProjectFile {
  path: string;
  sql: Sql;
  summary(): ProjectSummary;
  /** Moves the log into the file and closes it. */
  close(): void;
}

/**
 * Opens a project file for reading and writing, migrating an older one after a backup. A new file is made whole
 * under another name and then renamed, so that no half-made project is ever seen.
 * @throws AppError `not-found`, `bad-project`, `project-newer`, `storage`, `bad-request`
 */
export function openProjectFile(
  path: string,
  mode: OpenMode,
  title?: string,
  migrations: readonly Migration[] = released,
): ProjectFile {
  let db: Database | undefined;
  try {
    const exists = existsSync(path);
    if (!exists && mode === 'open')
      throw new AppError('not-found', `There is no project file ${path}. Check its name, or create it.`, {
        file: path,
      });
    if (exists) checkProjectFile(path);
    checkWritable(path);
    if (!exists) createFile(path, title ?? basename(path, extname(path)), migrations);
    db = connect(path);
    bringUpToDate(db, path, migrations);
    const file = projectFile(db, path);
    if (exists && mode === 'create') startAfresh(file, title);
    file.summary();
    return file;
  } catch (error) {
    db?.close();
    throw describeFailure(error, path);
  }
}

function connect(path: string): Database {
  const nativeBinding = process.env.CONSILIENCE_SQLITE_BINDING;
  try {
    const db = new SqliteDatabase(path, {
      timeout: busyTimeoutMs,
      ...(nativeBinding ? { nativeBinding } : {}),
    });
    db.pragma('foreign_keys = ON');
    db.pragma('trusted_schema = OFF');
    return db;
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (code.startsWith('SQLITE_')) throw error;
    throw new AppError(
      'not-available',
      `The SQLite library could not be loaded (${(error as Error).message}). Install the application's packages again.`,
      { binding: nativeBinding ?? null },
      error,
    );
  }
}

function bringUpToDate(db: Database, path: string, migrations: readonly Migration[]): void {
  const version = userVersion(db);
  const latest = latestVersion(migrations);
  if (version > latest)
    throw new AppError('project-newer', newerSentence(path, version, latest), {
      file: path,
      version,
      latest,
    });
  // With the write-ahead log a killed program loses nothing that was committed; NORMAL leaves to a power cut at
  // worst the last transactions, never the file.
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma(`journal_size_limit = ${journalLimitBytes}`);
  if (version < latest) {
    // Fails on a file that has our mark and no project in it, before anything is written beside it.
    db.prepare(listQueries.project).get();
    backUp(db, path);
    migrate(db, migrations);
  }
}

function createFile(path: string, title: string, migrations: readonly Migration[]): void {
  removeAbandoned(path);
  const making = `${path}.new-${randomUUID().slice(0, 8)}`;
  try {
    const db = connect(making);
    try {
      db.pragma(`page_size = ${pageBytes}`);
      // What a checkpoint took can be given back; to be said before there are tables.
      db.pragma('auto_vacuum = INCREMENTAL');
      db.pragma(`application_id = ${applicationId}`);
      migrate(db, migrations);
      createSql(db).run(inserts.project, title, new Date().toISOString());
    } finally {
      db.close();
    }
    syncFile(making);
    renameSync(making, path);
  } catch (error) {
    rmSync(making, { force: true });
    throw error;
  }
}

/** A new project may take the place of an empty one; one that holds results is never given a new title unasked. */
function startAfresh(file: ProjectFile, title: string | undefined): void {
  const { runs } = file.summary();
  const stored = file.sql.get('SELECT 1 FROM results LIMIT 1');
  if (runs.length > 0 || stored)
    throw new AppError(
      'bad-request',
      `${file.path} is a project with results already. Open it, or choose another name for the new one.`,
      { file: file.path },
    );
  if (title !== undefined) file.sql.write(() => file.sql.run(inserts.retitle, title));
}

function projectFile(db: Database, path: string): ProjectFile {
  const sql = createSql(db);
  return {
    path,
    sql,
    summary() {
      const project = sql.get<{ title: string }>(listQueries.project);
      if (!project)
        throw new AppError(
          'bad-project',
          `${path} has no project in it. Open a backup of it, or choose another file.`,
          { file: path },
        );
      return {
        title: project.title,
        fileName: basename(path),
        schemaVersion: userVersion(db),
        runs: listRuns(sql),
      };
    },
    close() {
      // Closing empties the log too, but only as the last of all programs that have the file open; PASSIVE waits
      // for none of them.
      db.pragma('wal_checkpoint(PASSIVE)');
      db.close();
    },
  };
}
