import type { AsyncBuffer, Compressors } from 'hyparquet';
import { AppError } from '#core/errors.ts';
import { readStart } from './file-bytes.ts';

/** A row group's column is unpacked whole, and its values take several times their size while they are. */
export const mostGroupBytes = 128 * 2 ** 20;

/** Reads at once: the library starts reads that it then forgets when another fails. */
export function fileBuffer(path: string, size: number): AsyncBuffer {
  return {
    byteLength: size,
    slice(start, end = size) {
      const [from, to] = [Math.max(0, start), Math.min(size, end)];
      const length = Math.max(0, to - from);
      if (!Number.isSafeInteger(length) || length > mostGroupBytes)
        throw new Error('a part of it lies outside of what it may hold');
      const bytes = readStart(path, length, from);
      if (bytes.length < length) throw new Error('the file ends before a part of it');
      return exactBuffer(bytes);
    },
  };
}

function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** A page that claims to unpack to more than a row group may hold is refused before it is unpacked. */
export async function cappedCompressors(label: string): Promise<Compressors> {
  const { compressors } = await import('hyparquet-compressors');
  const capped = Object.entries(compressors).map(
    ([codec, unpack]): [string, NonNullable<Compressors['GZIP']>] => [
      codec,
      (input, length) => {
        if (length >= 0 && length <= mostGroupBytes) return unpack(input, length);
        throw new AppError(
          'bad-data',
          `${label} has a page that claims ${length} bytes; the file is damaged.`,
        );
      },
    ],
  );
  return Object.fromEntries(capped);
}

/** The library's failures, in a plain sentence that begins with `what`. */
export async function guard<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('bad-data', `${what}: ${reasonOf(error)}; it is damaged: copy it again.`, {}, error);
  }
}

/** The library's own words; where it stumbled over what it took for sound, those would mean nothing to anybody. */
function reasonOf(error: unknown): string {
  const isOwn = error instanceof Error && error.constructor === Error;
  if (!isOwn) return 'its parts contradict each other';
  return error.message
    .replace(/[^ -~]/g, '?')
    .replace(/undefined/g, 'unknown')
    .replace(/\.+$/, '')
    .slice(0, 160);
}
