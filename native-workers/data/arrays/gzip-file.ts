import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { AppError } from '#core/errors.ts';
import type { ArrayBytes, ArrayContainer } from './array-container.ts';
import { readStart } from './file-bytes.ts';
import { isIdx, parseIdxHeader } from './idx-file.ts';
import { isNpy, npyMember } from './npy-file.ts';
import { npyPrefixBytes } from './npy-header.ts';

/** Packed bytes that hold any header when unpacked. */
const packedPrefix = npyPrefixBytes + 1024;
const mostPrefix = 2 ** 28;

export function isGzip(start: Uint8Array): boolean {
  return start.length >= 2 && start[0] === 0x1f && start[1] === 0x8b;
}

/** A packed IDX or .npy file. It is unpacked as it is read, and never further than its header promises. */
export function gzipContainer(path: string, fileName: string): ArrayContainer {
  const prefix = unpackedStart(path, fileName);
  const part = ({ headerBytes }: { headerBytes: number }, length: number): ArrayBytes => ({
    open: () =>
      Promise.resolve(
        Readable.from(unpacked(path, headerBytes, headerBytes + length), { objectMode: false }),
      ),
  });
  if (isNpy(prefix)) return { fileName, members: [npyMember('', fileName, prefix, part)] };
  if (isIdx(prefix)) {
    const header = parseIdxHeader(prefix, fileName);
    const bytes = () => part(header, header.count * header.itemBytes);
    return { fileName, members: [{ key: '', header, bytes }] };
  }
  throw new AppError(
    'bad-data',
    `${fileName} is a gzip file of something else; packed IDX and .npy files are read: unpack it first.`,
  );
}

function unpackedStart(path: string, fileName: string): Buffer {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: mostPrefix };
    return gunzipSync(readStart(path, packedPrefix), options).subarray(0, npyPrefixBytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('bad-data', `${fileName} cannot be unpacked: ${reason}; copy it again.`, {}, error);
  }
}

/** Unpacked bytes from `from` up to `end`. */
async function* unpacked(path: string, from: number, end: number): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const gunzip = file.pipe(createGunzip({ chunkSize: 1 << 18 }));
  file.once('error', (error) => gunzip.destroy(error));
  let at = 0;
  try {
    for await (const chunk of gunzip) {
      const bytes = chunk as Buffer;
      const part = bytes.subarray(Math.max(0, from - at), end - at);
      at += bytes.length;
      if (part.length > 0) yield part;
      if (at >= end) return;
    }
  } finally {
    file.destroy();
  }
}
