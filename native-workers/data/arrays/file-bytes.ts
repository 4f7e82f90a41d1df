import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError } from '#core/errors.ts';
import type { ArrayBytes } from './array-container.ts';

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
export async function readPart(path: string, label: string, at: number, into: Uint8Array): Promise<void> {
  const file = await open(path, 'r');
  try {
    for (let done = 0; done < into.length;) {
      const { bytesRead } = await file.read(into, done, into.length - done, at + done);
      if (bytesRead === 0)
        throw new AppError('bad-data', `${label} ends before its last sample; the file is cut off.`);
      done += bytesRead;
    }
  } finally {
    await file.close();
  }
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
    isPlain: true,
  };
}
