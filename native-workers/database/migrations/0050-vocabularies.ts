import type { Database } from 'better-sqlite3';
import type { Migration } from './migration.ts';

/** Words that token ids stand for, by the hash of the file that they were read from. */
export const vocabularies: Migration = {
  version: 50,
  apply(db: Database): void {
    db.exec(`
  CREATE TABLE vocabularies (
    sha256 TEXT PRIMARY KEY,
    words BLOB NOT NULL
  ) STRICT;`);
  },
};
