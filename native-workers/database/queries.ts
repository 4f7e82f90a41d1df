/** Every statement that a key selects; none may scan a table (tested with EXPLAIN QUERY PLAN). */
export const keyedQueries = {
  resultKey: 'SELECT result_key FROM results WHERE result_id = ?',
  result: 'SELECT * FROM results WHERE result_id = ?',
  resultArrays: `SELECT l.name, a.dtype, a.row_count AS rows, a.col_count AS cols
    FROM result_arrays l JOIN arrays a USING (array_id) WHERE l.result_key = ? ORDER BY l.position`,
  resultArray: `SELECT a.array_id AS id, l.name, a.dtype, a.row_count AS rows, a.col_count AS cols, a.levels,
      a.min_value AS min, a.max_value AS max
    FROM results r JOIN result_arrays l USING (result_key) JOIN arrays a USING (array_id)
    WHERE r.result_id = ? AND l.name = ?`,
  captureKey: 'SELECT capture_key FROM captures WHERE capture_id = ?',
  capture: 'SELECT summary FROM captures WHERE capture_id = ?',
  captureArray: `SELECT a.array_id AS id, l.name, a.dtype, a.row_count AS rows, a.col_count AS cols, a.levels,
      a.min_value AS min, a.max_value AS max
    FROM captures c JOIN capture_arrays l USING (capture_key) JOIN arrays a USING (array_id)
    WHERE c.capture_id = ? AND l.name = ?`,
  captureArrays: `SELECT a.array_id AS id, l.name, a.dtype, a.row_count AS rows, a.col_count AS cols, a.levels,
      a.min_value AS min, a.max_value AS max
    FROM capture_arrays l JOIN arrays a USING (array_id) WHERE l.capture_key = ? ORDER BY l.position`,
  captureOfRun: `SELECT c.capture_id AS id FROM runs r JOIN captures c USING (capture_key) WHERE r.run_id = ?`,
  runOfResult: `SELECT r.* FROM runs r
    WHERE r.run_key = (SELECT max(l.run_key) FROM results s JOIN run_results l USING (result_key)
      WHERE s.result_id = ?)`,
  runKey: 'SELECT run_key FROM runs WHERE run_id = ?',
  runResults: `SELECT s.result_id, s.analysis, s.network_a, s.layer_a, s.network_b, s.layer_b, s.params, s.headline
    FROM run_results l JOIN results s USING (result_key) WHERE l.run_key = ? ORDER BY l.position`,
  arrayByHash: 'SELECT array_id AS id FROM arrays WHERE sha256 = ?',
  tile: 'SELECT data FROM tiles WHERE array_id = ? AND level = ? AND tile_row = ? AND tile_col = ?',
  /** Part of the one blob of a one-row array: first byte (from 1) and number of bytes. */
  blobPart: `SELECT substr(data, ?, ?) AS data FROM tiles
    WHERE array_id = ? AND level = 0 AND tile_row = 0 AND tile_col = 0`,
  fileHash: 'SELECT sha256 FROM file_hashes WHERE path = ? AND bytes = ? AND mtime_ms = ?',
  figure: 'SELECT * FROM figures WHERE figure_id = ?',
  renameFigure: 'UPDATE figures SET name = ? WHERE figure_id = ?',
  deleteFigure: 'DELETE FROM figures WHERE figure_id = ?',
  checkpoint: `SELECT checkpoint_key AS key, position, arrays FROM checkpoints WHERE capture_id = ?`,
  checkpointPart: 'SELECT data FROM checkpoint_parts WHERE checkpoint_key = ? AND part = ?',
  deleteCheckpoint: 'DELETE FROM checkpoints WHERE capture_id = ?',
  // Of all passes of a capture; '.' follows '-'.
  deleteCheckpoints: `DELETE FROM checkpoints
      WHERE capture_id = ? OR (capture_id > ? || '-pass-' AND capture_id < ? || '-pass.')`,
  vocabulary: 'SELECT words FROM vocabularies WHERE sha256 = ?',
  deleteRunResults: 'DELETE FROM run_results WHERE run_key = ?',
} as const;

/** Statements that list a whole table on purpose. */
export const listQueries = {
  project: 'SELECT title, created_at FROM project WHERE id = 1',
  results: `SELECT result_id, analysis, network_a, layer_a, network_b, layer_b, params, headline
    FROM results ORDER BY result_key`,
  runs: 'SELECT * FROM runs ORDER BY run_key DESC',
  jobs: 'SELECT * FROM jobs ORDER BY finished_at DESC, job_key DESC LIMIT 200',
  figures: 'SELECT * FROM figures ORDER BY saved_at DESC, figure_key DESC',
  // Passes of one capture (ID, ID-pass-1, ...) come and go together.
  deleteOldCheckpoints: `WITH passes AS (
      SELECT checkpoint_key, substr(capture_id, 1, instr(capture_id || '-pass-', '-pass-') - 1) AS capture
        FROM checkpoints)
    DELETE FROM checkpoints WHERE checkpoint_key IN (
      SELECT checkpoint_key FROM passes WHERE capture NOT IN (
        SELECT capture FROM passes GROUP BY capture ORDER BY max(checkpoint_key) DESC LIMIT ?))`,
  fileHashes: 'SELECT path, sha256 FROM file_hashes',
} as const;

export const inserts = {
  project: 'INSERT INTO project (id, title, created_at) VALUES (1, ?, ?)',
  retitle: 'UPDATE project SET title = ? WHERE id = 1',
  array: `INSERT INTO arrays (sha256, dtype, row_count, col_count, levels) VALUES (?, ?, ?, ?, ?)`,
  arrayRange: 'UPDATE arrays SET min_value = ?, max_value = ? WHERE array_id = ?',
  tile: 'INSERT INTO tiles (array_id, level, tile_row, tile_col, data) VALUES (?, ?, ?, ?, ?)',
  result: `INSERT INTO results (result_id, analysis, network_a, layer_a, network_b, layer_b, params, headline,
      created_at, elapsed_ms, provenance) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  resultArray: 'INSERT INTO result_arrays (result_key, name, position, array_id) VALUES (?, ?, ?, ?)',
  capture: 'INSERT INTO captures (capture_id, created_at, summary) VALUES (?, ?, ?)',
  captureArray: 'INSERT INTO capture_arrays (capture_key, name, position, array_id) VALUES (?, ?, ?, ?)',
  run: `INSERT INTO runs (run_id, title, created_at, recipe, data, networks, layers, capture_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (run_id) DO UPDATE SET title = excluded.title, recipe = excluded.recipe, data = excluded.data,
      networks = excluded.networks, layers = excluded.layers, capture_key = excluded.capture_key`,
  runResult: 'INSERT INTO run_results (run_key, position, result_key) VALUES (?, ?, ?)',
  job: `INSERT INTO jobs (job_id, title, state, created_at, started_at, finished_at, paused_ms, run_id, error, log,
      request)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (job_id) DO UPDATE SET title = excluded.title, state = excluded.state,
      started_at = excluded.started_at, finished_at = excluded.finished_at, paused_ms = excluded.paused_ms,
      run_id = excluded.run_id, error = excluded.error, log = excluded.log, request = excluded.request`,
  figure: `INSERT INTO figures (figure_id, name, page, sources, created_at, saved_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (figure_id) DO UPDATE SET name = excluded.name, page = excluded.page, sources = excluded.sources,
      saved_at = excluded.saved_at`,
  checkpoint: 'INSERT INTO checkpoints (capture_id, saved_at, position, arrays) VALUES (?, ?, ?, ?)',
  checkpointPart: 'INSERT INTO checkpoint_parts (checkpoint_key, part, data) VALUES (?, ?, ?)',
  vocabulary: `INSERT INTO vocabularies (sha256, words) VALUES (?, ?)
    ON CONFLICT (sha256) DO UPDATE SET words = excluded.words`,
  fileHash: `INSERT INTO file_hashes (path, bytes, mtime_ms, sha256) VALUES (?, ?, ?, ?)
    ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes, mtime_ms = excluded.mtime_ms, sha256 = excluded.sha256`,
} as const;
