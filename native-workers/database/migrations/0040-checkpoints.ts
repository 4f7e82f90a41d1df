import type { Database } from 'better-sqlite3';
import type { Migration } from './migration.ts';

/** How far interrupted passes over the data had come: the state of their accumulators. */
export const checkpoints: Migration = {
  version: 40,
  apply(db: Database): void {
    db.exec(`
  CREATE TABLE checkpoints (
    checkpoint_key INTEGER PRIMARY KEY,
    capture_id TEXT NOT NULL UNIQUE,
    saved_at TEXT NOT NULL,
    position TEXT NOT NULL CHECK (json_valid(position)),
    arrays TEXT NOT NULL CHECK (json_valid(arrays))
  ) STRICT;
  CREATE TABLE checkpoint_parts (
    checkpoint_key INTEGER NOT NULL REFERENCES checkpoints ON DELETE CASCADE,
    part INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (checkpoint_key, part)
  ) STRICT;`);
  },
};
