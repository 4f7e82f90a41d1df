import type { Database } from 'better-sqlite3';
import type { Migration } from './migration.ts';

/** Jobs that ended, with their logs, whether they made a run or not. `run_id` may name a run that is gone. */
export const jobs: Migration = {
  version: 20,
  apply(db: Database): void {
    db.exec(`
  CREATE TABLE jobs (
    job_key INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed', 'cancelled')),
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT NOT NULL,
    paused_ms REAL NOT NULL CHECK (paused_ms >= 0),
    run_id TEXT,
    error TEXT CHECK (error IS NULL OR json_valid(error)),
    log TEXT NOT NULL CHECK (json_valid(log))
  ) STRICT;`);
  },
};
