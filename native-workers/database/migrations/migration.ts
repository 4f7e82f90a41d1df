import type { Database } from 'better-sqlite3';

/**
 * One step of the file format. `version` becomes the file's `user_version`; numbers rise in tens so that a fix may
 * be put between two. A migration runs inside one transaction and is never changed once released.
 */
export interface Migration {
  version: number;
  apply(db: Database): void;
}
