import type { Database } from 'better-sqlite3';
import type { Migration } from './migration.ts';

const project = `
  CREATE TABLE project (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    title TEXT NOT NULL,
    created_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE file_hashes (
    path TEXT PRIMARY KEY,
    bytes INTEGER NOT NULL,
    mtime_ms REAL NOT NULL,
    sha256 TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;`;

// min_value and max_value are NULL where an array has no cell that is a number.
const arrays = `
  CREATE TABLE arrays (
    array_id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    dtype TEXT NOT NULL CHECK (dtype IN ('float64', 'float32', 'int32', 'uint8')),
    row_count INTEGER NOT NULL CHECK (row_count >= 0),
    col_count INTEGER NOT NULL CHECK (col_count >= 0),
    levels INTEGER NOT NULL CHECK (levels >= 1),
    min_value REAL,
    max_value REAL
  ) STRICT;
  CREATE TABLE tiles (
    tile_id INTEGER PRIMARY KEY,
    array_id INTEGER NOT NULL REFERENCES arrays ON DELETE CASCADE,
    level INTEGER NOT NULL,
    tile_row INTEGER NOT NULL,
    tile_col INTEGER NOT NULL,
    data BLOB NOT NULL,
    UNIQUE (array_id, level, tile_row, tile_col)
  ) STRICT;`;

const results = `
  CREATE TABLE results (
    result_key INTEGER PRIMARY KEY,
    result_id TEXT NOT NULL UNIQUE,
    analysis TEXT NOT NULL,
    network_a TEXT NOT NULL,
    layer_a TEXT NOT NULL,
    network_b TEXT NOT NULL,
    layer_b TEXT NOT NULL,
    params TEXT NOT NULL CHECK (json_valid(params)),
    headline TEXT NOT NULL CHECK (json_valid(headline)),
    created_at TEXT NOT NULL,
    elapsed_ms REAL NOT NULL,
    provenance TEXT NOT NULL CHECK (json_valid(provenance))
  ) STRICT;
  CREATE TABLE result_arrays (
    result_key INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    array_id INTEGER NOT NULL REFERENCES arrays,
    PRIMARY KEY (result_key, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX result_arrays_by_array ON result_arrays (array_id);`;

const captures = `
  CREATE TABLE captures (
    capture_key INTEGER PRIMARY KEY,
    capture_id TEXT NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    summary TEXT NOT NULL CHECK (json_valid(summary))
  ) STRICT;
  CREATE TABLE capture_arrays (
    capture_key INTEGER NOT NULL REFERENCES captures ON DELETE CASCADE,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    array_id INTEGER NOT NULL REFERENCES arrays,
    PRIMARY KEY (capture_key, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX capture_arrays_by_array ON capture_arrays (array_id);`;

const runs = `
  CREATE TABLE runs (
    run_key INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    created_at TEXT NOT NULL,
    recipe TEXT NOT NULL,
    data TEXT NOT NULL CHECK (json_valid(data)),
    networks TEXT NOT NULL CHECK (json_valid(networks)),
    layers TEXT NOT NULL CHECK (json_valid(layers)),
    capture_key INTEGER NOT NULL REFERENCES captures
  ) STRICT;
  CREATE INDEX runs_by_capture ON runs (capture_key);
  CREATE TABLE run_results (
    run_key INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    position INTEGER NOT NULL,
    result_key INTEGER NOT NULL REFERENCES results,
    PRIMARY KEY (run_key, position)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX run_results_by_result ON run_results (result_key, run_key);`;

/** An array goes with the last result or capture that names it, whoever deletes that. */
function dropUnreferenced(table: string): string {
  return `
  CREATE TRIGGER ${table}_drop_array AFTER DELETE ON ${table} BEGIN
    DELETE FROM arrays WHERE array_id = OLD.array_id
      AND NOT EXISTS (SELECT 1 FROM result_arrays WHERE array_id = OLD.array_id)
      AND NOT EXISTS (SELECT 1 FROM capture_arrays WHERE array_id = OLD.array_id);
  END;`;
}

/** The first file format: project, runs, captures, results, content-addressed arrays in tiles. */
export const initial: Migration = {
  version: 10,
  apply(db: Database): void {
    for (const part of [project, arrays, results, captures, runs]) db.exec(part);
    db.exec(dropUnreferenced('result_arrays'));
    db.exec(dropUnreferenced('capture_arrays'));
  },
};
