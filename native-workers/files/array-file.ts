import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { AppError } from '#core/errors.ts';
import type { NamedArray } from '#core/domain/result.ts';
import type { ArrayFile } from '#core/ipc/engine.ts';
import { filePieces, readWhole, writeWhole } from './whole-bytes.ts';

const alignment = 8;
const constructors = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

/** A matrix that is made while it is written, a band of rows at a time: it is never in memory as a whole. */
export interface BandedArray extends NamedArray {
  /** Bands from the top; together they are `rows` x `cols` values. */
  bands(): Iterable<NamedArray['data']>;
}

/**
 * Writes arrays one after the other into a new raw file, or behind those of one that is there.
 *
 * @param isHashed notes the SHA-256 of every array
 */
export function writeArrayFile(
  place: string | ArrayFile,
  arrays: Iterable<NamedArray | BandedArray>,
  isHashed = false,
): ArrayFile {
  const { path, arrays: before } = typeof place === 'string' ? { path: place, arrays: [] } : place;
  let file: number | undefined;
  try {
    file = openSync(path, typeof place === 'string' ? 'w' : 'r+');
    const entries: ArrayFile['arrays'] = [...before];
    const last = entries.at(-1);
    let offset = last ? aligned(last.offset + last.bytes) : 0;
    for (const array of arrays) {
      const { name, dtype, rows, cols } = array;
      const hash = isHashed ? createHash('sha256') : null;
      let [values, written] = [0, 0];
      for (const data of 'bands' in array ? array.bands() : [array.data]) {
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        writeWhole(file, bytes, offset + written);
        hash?.update(bytes);
        values += data.length;
        written += bytes.length;
      }
      if (values !== rows * cols) throw new Error(`Array ${name}: ${values} values for ${rows} x ${cols}.`);
      const entry = { name, dtype, rows, cols, offset, bytes: written };
      entries.push(hash === null ? entry : { ...entry, sha256: hash.digest('hex') });
      offset = aligned(offset + written);
    }
    return { path, arrays: entries };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('storage', `Results cannot be written to ${path}: ${reason}`, { path }, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function aligned(offset: number): number {
  return Math.ceil(offset / alignment) * alignment;
}

/** Reads one array of a raw file into a new buffer (shared between threads when asked). */
export function readArray(file: ArrayFile, name: string, isShared = false): NamedArray {
  const { dtype, rows, cols, bytes } = entryOf(file, name);
  const buffer = isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  const data = new constructors[dtype](buffer as ArrayBuffer);
  readArrayInto(file, name, data);
  return { name, dtype, rows, cols, data };
}

/** Reads one array of a raw file into memory that is there: large ones are then never in memory twice. */
export function readArrayInto(file: ArrayFile, name: string, into: NamedArray['data']): void {
  const entry = entryOf(file, name);
  const { offset, bytes: length } = entry;
  if (into.byteLength !== length) throw new Error(`Array ${name}: ${length} bytes for ${into.byteLength}.`);
  const bytes = new Uint8Array(into.buffer, into.byteOffset, length);
  const handle = openSync(file.path, 'r');
  try {
    readWhole(handle, bytes, offset, file.path);
    requireHash(file, entry, bytes);
  } finally {
    closeSync(handle);
  }
}

/** Holds an array to its SHA-256 without having it in memory. @throws AppError where it is another */
export function requireIntact(file: ArrayFile, name: string): void {
  const entry = entryOf(file, name);
  if (entry.sha256 === undefined) return;
  const hash = createHash('sha256');
  for (const piece of filePieces(file.path, entry)) hash.update(piece);
  if (hash.digest('hex') !== entry.sha256) throw damaged(file, name);
}

function entryOf(file: ArrayFile, name: string): ArrayFile['arrays'][number] {
  const entry = file.arrays.find((array) => array.name === name);
  if (!entry) throw new AppError('internal', `${file.path} has no array "${name}".`);
  return entry;
}

function requireHash(
  file: ArrayFile,
  { name, sha256 }: ArrayFile['arrays'][number],
  bytes: Uint8Array,
): void {
  if (sha256 === undefined || createHash('sha256').update(bytes).digest('hex') === sha256) return;
  throw damaged(file, name);
}

function damaged({ path }: ArrayFile, name: string): AppError {
  return new AppError(
    'bad-data',
    `${path} is damaged: its array ${name} is not what was written; make this file again.`,
    { path, array: name },
  );
}
