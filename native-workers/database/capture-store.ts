import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { AppError } from '#core/errors.ts';
import type { NewCapture } from '#core/ipc/database.ts';
import { isPackedMoments, type ArrayFile, type CaptureSummary } from '#core/ipc/engine.ts';
import { itemBytes } from './array-format.ts';
import { ArraySource } from './array-source.ts';
import { bandsOf, putArray } from './array-store.ts';
import type { StoredArray } from './array-store.ts';
import { deleteCheckpoints } from './checkpoint-store.ts';
import { describeFailure } from './failures.ts';
import { inserts, keyedQueries } from './queries.ts';
import type { Sql } from './sql.ts';

export type KeptSummary = Omit<CaptureSummary, 'arrays'>;

/** The capture's row key, or undefined when it is not stored. */
export function captureKey(sql: Sql, id: string): number | undefined {
  return sql.get<{ capture_key: number }>(keyedQueries.captureKey, id)?.capture_key;
}

/** Stores a capture; one that is stored already is the same and stays. */
export function putCapture(sql: Sql, capture: NewCapture): void {
  if (captureKey(sql, capture.id) !== undefined) return;
  const source = new ArraySource(capture.arrays);
  try {
    sql.write(() => {
      if (captureKey(sql, capture.id) !== undefined) return;
      const summary = JSON.stringify(capture.summary);
      const key = sql.run(inserts.capture, capture.id, new Date().toISOString(), summary);
      deleteCheckpoints(sql, capture.id);
      capture.arrays.arrays.forEach((array, position) => {
        const levels = isPackedMoments(array.name) ? 1 : undefined;
        sql.run(inserts.captureArray, key, array.name, position, putArray(sql, source, array, levels));
      });
    });
  } finally {
    source.close();
  }
}

/** @throws AppError `not-found` */
export function getCapture(sql: Sql, id: string): KeptSummary {
  const row = sql.get<{ summary: string }>(keyedQueries.capture, id);
  if (!row) throw noCapture(id);
  return JSON.parse(row.summary) as KeptSummary;
}

/** @throws AppError `not-found` */
export function captureArray(sql: Sql, id: string, name: string): StoredArray {
  const array = sql.get<StoredArray>(keyedQueries.captureArray, id, name);
  if (array) return array;
  getCapture(sql, id);
  throw new AppError('not-found', `Capture ${id} has no array ${name}.`, { captureId: id, array: name });
}

/**
 * Writes every array of the capture to `path` for the engine, band by band, each array 8-byte aligned. A file that
 * could not be written wholly is removed.
 */
export function exportCapture(sql: Sql, id: string, path: string): ArrayFile {
  const key = captureKey(sql, id);
  if (key === undefined) throw noCapture(id);
  const arrays = sql.all<StoredArray>(keyedQueries.captureArrays, key);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'w');
    const file = writeArrays(sql, arrays, descriptor);
    closeSync(descriptor);
    return { path, arrays: file };
  } catch (error) {
    if (descriptor !== undefined) {
      closeSync(descriptor);
      rmSync(path, { force: true });
    }
    // A failure of the file system is about `path`; one of SQLite is about the project, which the caller names.
    throw (error as { syscall?: string }).syscall ? describeFailure(error, path) : error;
  }
}

function writeArrays(sql: Sql, arrays: StoredArray[], descriptor: number): ArrayFile['arrays'] {
  let offset = 0;
  return arrays.map((array) => {
    const { name, dtype, rows, cols } = array;
    const bytes = rows * cols * itemBytes[dtype];
    const entry = { name, dtype, rows, cols, offset, bytes };
    let at = offset;
    for (const band of bandsOf(sql, array)) {
      writeFully(descriptor, new Uint8Array(band.buffer), at);
      at += band.byteLength;
    }
    offset = Math.ceil((offset + bytes) / 8) * 8;
    return entry;
  });
}

function writeFully(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}

export function noCapture(id: string): AppError {
  return new AppError('not-found', `The project holds no capture ${id}.`, { captureId: id });
}
