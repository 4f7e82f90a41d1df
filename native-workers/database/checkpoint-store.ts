import { closeSync, fstatSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { NewCheckpoint } from '#core/ipc/database.ts';
import type { ArrayFile, CheckpointPosition, PassState } from '#core/ipc/engine.ts';
import { describeFailure } from './failures.ts';
import { inserts, keyedQueries, listQueries } from './queries.ts';
import type { Sql } from './sql.ts';

const partBytes = 4 * 2 ** 20;
/** Captures that were never taken up again are forgotten when this many newer ones were interrupted. */
const keptPasses = 3;

/**
 * Keeps how far a pass has come; the same capture again replaces it, all or nothing.
 *
 * @returns milliseconds of this thread's processor time, or of any time where the system does not tell
 */
export function putCheckpoint(sql: Sql, { captureId, position, arrays }: NewCheckpoint): number {
  const began = threadMs();
  const file = openSync(arrays.path, 'r');
  try {
    sql.write(() => {
      sql.run(keyedQueries.deleteCheckpoint, captureId);
      const entries = JSON.stringify(arrays.arrays);
      const now = new Date().toISOString();
      const key = sql.run(inserts.checkpoint, captureId, now, JSON.stringify(position), entries);
      const size = fstatSync(file).size;
      for (let at = 0, part = 0; at < size; at += partBytes, part++)
        sql.run(inserts.checkpointPart, key, part, readPart(file, at, Math.min(partBytes, size - at)));
      sql.run(listQueries.deleteOldCheckpoints, keptPasses);
    });
  } finally {
    closeSync(file);
  }
  return threadMs() - began;
}

/** Node inside older Electrons cannot tell the time of a thread. */
function threadMs(): number {
  const usage = (process as Partial<typeof process>).threadCpuUsage?.();
  return usage ? (usage.user + usage.system) / 1000 : performance.now();
}

/** Writes the checkpoint's arrays to `path` and says where it stopped; null where there is none. */
export function exportCheckpoint(sql: Sql, captureId: string, path: string): PassState | null {
  const row = sql.get<{ key: number; position: string; arrays: string }>(keyedQueries.checkpoint, captureId);
  if (!row) return null;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'w');
    for (let part = 0; ; part++) {
      const found = sql.get<{ data: Buffer }>(keyedQueries.checkpointPart, row.key, part);
      if (!found) break;
      for (let done = 0; done < found.data.length;) done += writeSync(descriptor, found.data, done);
    }
    closeSync(descriptor);
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(path, { force: true });
    throw (error as { syscall?: string }).syscall ? describeFailure(error, path) : error;
  }
  return {
    position: JSON.parse(row.position) as CheckpointPosition,
    arrays: { path, arrays: JSON.parse(row.arrays) as ArrayFile['arrays'] },
  };
}

/** Forgets the checkpoints of passes that have ended or cannot be taken up again; the file is made as small as it can be. */
export function dropCheckpoint(sql: Sql, captureId: string): void {
  sql.write(() => deleteCheckpoints(sql, captureId));
  sql.shrink();
}

/** Of all passes of a capture. */
export function deleteCheckpoints(sql: Sql, captureId: string): void {
  sql.run(keyedQueries.deleteCheckpoints, captureId, captureId, captureId);
}

function readPart(file: number, at: number, bytes: number): Buffer {
  const part = Buffer.allocUnsafe(bytes);
  for (let done = 0; done < bytes;) {
    const got = readSync(file, part, done, bytes - done, at + done);
    if (got === 0) throw new Error('The checkpoint became shorter while it was read.');
    done += got;
  }
  return part;
}
