import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { AppError } from '#core/errors.ts';
import type { NamedArray } from '#core/domain/result.ts';
import type { ArrayFile } from '#core/ipc/engine.ts';

const alignment = 8;
const constructors = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

/**
 * Writes arrays one after the other into a new raw file.
 *
 * @param isHashed notes the SHA-256 of every array
 */
export function writeArrayFile(path: string, arrays: Iterable<NamedArray>, isHashed = false): ArrayFile {
  let file: number | undefined;
  try {
    file = openSync(path, 'w');
    let offset = 0;
    const entries: ArrayFile['arrays'] = [];
    for (const { name, dtype, rows, cols, data } of arrays) {
      if (data.length !== rows * cols)
        throw new Error(`Array ${name}: ${data.length} values for ${rows} x ${cols}.`);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      writeWhole(file, bytes, offset);
      const sha256 = isHashed ? createHash('sha256').update(bytes).digest('hex') : undefined;
      const entry = { name, dtype, rows, cols, offset, bytes: data.byteLength };
      entries.push(sha256 === undefined ? entry : { ...entry, sha256 });
      offset = Math.ceil((offset + data.byteLength) / alignment) * alignment;
    }
    return { path, arrays: entries };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('storage', `Results cannot be written to ${path}: ${reason}`, { path }, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Reads one array of a raw file into a new buffer (shared between threads when asked). */
export function readArray(file: ArrayFile, name: string, isShared = false): NamedArray {
  const entry = file.arrays.find((array) => array.name === name);
  if (!entry) throw new AppError('internal', `${file.path} has no array "${name}".`);
  const buffer = isShared ? new SharedArrayBuffer(entry.bytes) : new ArrayBuffer(entry.bytes);
  const handle = openSync(file.path, 'r');
  try {
    const bytes = new Uint8Array(buffer);
    let done = 0;
    while (done < entry.bytes) {
      const count = readSync(handle, bytes, done, entry.bytes - done, entry.offset + done);
      if (count === 0) throw new AppError('storage', `${file.path} is shorter than its index says.`);
      done += count;
    }
    requireHash(file, entry, bytes);
  } finally {
    closeSync(handle);
  }
  return {
    name,
    dtype: entry.dtype,
    rows: entry.rows,
    cols: entry.cols,
    data: new constructors[entry.dtype](buffer as ArrayBuffer),
  };
}

function requireHash(
  { path }: ArrayFile,
  { name, sha256 }: ArrayFile['arrays'][number],
  bytes: Uint8Array,
): void {
  if (sha256 === undefined || createHash('sha256').update(bytes).digest('hex') === sha256) return;
  throw new AppError(
    'bad-data',
    `${path} is damaged: its array ${name} is not what was written; make this file again.`,
    { path, array: name },
  );
}

function writeWhole(file: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}
