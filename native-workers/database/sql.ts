import type { Database, Statement } from 'better-sqlite3';

/** Parameters and columns as SQLite has them. */
export type SqlValue = string | number | bigint | Buffer | null;

/** The open file as the stores use it: every statement is prepared once and kept. */
export interface Sql {
  get<Row>(text: string, ...params: SqlValue[]): Row | undefined;
  all<Row>(text: string, ...params: SqlValue[]): Row[];
  /** Returns the row id of an insert. */
  run(text: string, ...params: SqlValue[]): number;
  /** Runs `work` in one transaction that takes the write lock first. */
  write<T>(work: () => T): T;
  /** Gives pages that hold nothing any more back to the disk; in files of earlier versions they stay, to be used again. */
  shrink(): void;
}

export function createSql(db: Database): Sql {
  const prepared = new Map<string, Statement<unknown[], unknown>>();
  const statement = (text: string) => {
    let found = prepared.get(text);
    if (!found) prepared.set(text, (found = db.prepare(text)));
    return found;
  };
  return {
    get: <Row>(text: string, ...params: SqlValue[]) => statement(text).get(...params) as Row | undefined,
    all: <Row>(text: string, ...params: SqlValue[]) => statement(text).all(...params) as Row[],
    run: (text, ...params) => Number(statement(text).run(...params).lastInsertRowid),
    write: (work) => db.transaction(work).immediate(),
    shrink() {
      try {
        db.pragma('incremental_vacuum');
      } catch {
        // Another program is writing: the pages are used again, or given back the next time.
      }
    },
  };
}
