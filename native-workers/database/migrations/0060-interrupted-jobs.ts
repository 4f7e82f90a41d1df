import type { Database } from 'better-sqlite3';
import type { Migration } from './migration.ts';

/** Jobs that did not end by themselves, and what a job asked, so that it can be started again. */
export const interruptedJobs: Migration = {
  version: 60,
  apply(db: Database): void {
    db.exec(`
  ALTER TABLE jobs RENAME TO jobs_before;
  CREATE TABLE jobs (
    job_key INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed', 'cancelled', 'interrupted')),
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT NOT NULL,
    paused_ms REAL NOT NULL CHECK (paused_ms >= 0),
    run_id TEXT,
    error TEXT CHECK (error IS NULL OR json_valid(error)),
    log TEXT NOT NULL CHECK (json_valid(log)),
    request TEXT CHECK (request IS NULL OR json_valid(request))
  ) STRICT;
  INSERT INTO jobs SELECT *, NULL FROM jobs_before;
  DROP TABLE jobs_before;`);
  },
};
