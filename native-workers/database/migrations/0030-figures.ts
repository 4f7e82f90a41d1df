import type { Database } from 'better-sqlite3';
import type { Migration } from './migration.ts';

/** Figures that a person saved, with the results they were drawn from; `sources` may name results that are gone. */
export const figures: Migration = {
  version: 30,
  apply(db: Database): void {
    db.exec(`
  CREATE TABLE figures (
    figure_key INTEGER PRIMARY KEY,
    figure_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    page TEXT NOT NULL CHECK (json_valid(page)),
    sources TEXT NOT NULL CHECK (json_valid(sources)),
    created_at TEXT NOT NULL,
    saved_at TEXT NOT NULL
  ) STRICT;`);
  },
};
