import { closeSync, createReadStream, openSync, read, readSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError } from '#core/errors.ts';
import type { ArrayBytes, BytesAt } from './array-container.ts';

export function fileSize(path: string): number {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return stats.size;
  } catch (error) {
    throw new AppError('not-found', `The data file ${path} cannot be read; check the path.`, { path }, error);
  }
  throw new AppError('bad-data', `${path} is not a file; name a file of arrays.`);
}

/** Bytes from `at` on, as many as there are up to `length`. */
export function readStart(path: string, length: number, at = 0): Buffer {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw new AppError('bad-data', `${path} cannot be read; check its permissions.`, { path }, error);
  }
  const bytes = Buffer.alloc(length);
  try {
    let done = 0;
    for (let part = -1; part !== 0 && done < length; done += part)
      part = readSync(file, bytes, done, length - done, at + done);
    return bytes.subarray(0, done);
  } finally {
    closeSync(file);
  }
}

/** Fills `into` from a place in the file; a file that ends early is refused. */
export function readPart(path: string, label: string, at: number, into: Uint8Array): Promise<void> {
  return readParts(path, label, [{ at, into }]);
}

/** The same for many places, the file opened once. */
async function readParts(path: string, label: string, parts: readonly BytesAt[]): Promise<void> {
  const file = await open(path, 'r');
  try {
    await Promise.all(parts.map(({ at, into }) => fill(file.fd, label, at, into)));
  } finally {
    await file.close();
  }
}

/** By callbacks: a promise for every row of a batch takes longer than reading it. */
function fill(file: number, label: string, at: number, into: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const from = (done: number): void => {
      if (done === into.length) return resolve();
      read(file, into, done, into.length - done, at + done, (error, count) => {
        if (error) reject(error);
        else if (count === 0)
          reject(new AppError('bad-data', `${label} ends before its last sample; the file is cut off.`));
        else from(done + count);
      });
    };
    from(0);
  });
}

/** Values that lie in the file as they are, from byte `start` on. */
export function plainBytes(path: string, label: string, start: number, length: number): ArrayBytes {
  const openAt = (at: number) => {
    const [first, last] = [start + at, start + length - 1];
    return Promise.resolve(
      createReadStream(path, { start: first, end: Math.max(first, last), highWaterMark: 1 << 20 }),
    );
  };
  return {
    open: () => openAt(0),
    openAt,
    readAt: (at, into) => readPart(path, label, start + at, into),
    readParts: (parts) =>
      readParts(
        path,
        label,
        parts.map(({ at, into }) => ({ at: start + at, into })),
      ),
    isPlain: true,
  };
}
