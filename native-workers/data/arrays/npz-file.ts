import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { AppError } from '#core/errors.ts';
import {
  labelOf,
  refusedKey,
  type ArrayBytes,
  type ArrayContainer,
  type ArrayMember,
} from './array-container.ts';
import { plainBytes } from './file-bytes.ts';
import { npyMember } from './npy-file.ts';
import { npyPrefixBytes } from './npy-header.ts';

/** More arrays than any experiment saves in one file; each costs a look at its header. */
const mostMembers = 10_000;
/** Deflate packs a byte into no less than a 1032nd of one: more is a forged archive. */
const mostRatio = 1040;

export function isZip(start: Buffer): boolean {
  return start.length >= 4 && [0x04034b50, 0x06054b50].includes(start.readUInt32LE(0));
}

/** The arrays of a .npz: an archive of .npy files, stored or packed. */
export async function npzContainer(path: string, fileName: string, size: number): Promise<ArrayContainer> {
  const zip = await openZip(path, fileName);
  try {
    const entries = (await zipEntries(zip, fileName)).filter((entry) => entry.fileName.endsWith('.npy'));
    requireHonest(entries, size, fileName);
    const members: ArrayMember[] = [];
    for (const entry of entries) members.push(await memberOf(zip, entry, path, fileName));
    if (members.length === 0)
      throw new AppError('bad-data', `${fileName} holds no .npy arrays; save it with numpy.savez.`);
    return { fileName, members };
  } finally {
    zip.close();
  }
}

/** Entries that share their bytes, or that unpack to more than packing can save, are a zip bomb. */
function requireHonest(entries: readonly Entry[], size: number, fileName: string): void {
  const packed = entries.reduce((sum, entry) => sum + entry.compressedSize, 0);
  const bomb = entries.find(
    (entry) => entry.uncompressedSize > mostRatio * Math.max(1, entry.compressedSize),
  );
  if (packed <= size && !bomb) return;
  throw new AppError(
    'bad-data',
    `${fileName} is no honest archive: ${bomb ? `"${bomb.fileName.slice(0, 60)}" claims to unpack to ${bomb.uncompressedSize} bytes` : 'its entries overlap'}; save the arrays again with numpy.savez.`,
  );
}

async function memberOf(zip: ZipFile, entry: Entry, path: string, fileName: string): Promise<ArrayMember> {
  const key = entry.fileName.slice(0, -'.npy'.length);
  const refused = refusedKey(key, fileName);
  if (refused) return { key: JSON.stringify(key.slice(0, 60)), header: refused };
  const label = labelOf(fileName, key);
  let first: Uint8Array;
  let start: number | null;
  try {
    start = await storedStart(zip, entry);
    first = await firstBytes(await entryStream(zip, entry, fileName));
  } catch (error) {
    if (error instanceof AppError) return { key, header: error };
    const reason = error instanceof Error ? error.message : String(error);
    const words = `${label} cannot be unpacked: ${reason}; copy it again.`;
    return { key, header: new AppError('bad-data', words, {}, error) };
  }
  return npyMember(key, fileName, first, ({ headerBytes }, bytes): ArrayBytes => {
    const needed = headerBytes + bytes;
    if (entry.uncompressedSize !== needed)
      throw new AppError(
        'bad-data',
        `${label} is damaged: its header promises ${needed} bytes, the archive holds ${entry.uncompressedSize}.`,
      );
    if (start !== null) return plainBytes(path, label, start + headerBytes, bytes);
    const open = async () => {
      const opened = await openZip(path, fileName);
      const stream = await entryStream(opened, entry, fileName);
      stream.once('close', () => opened.close());
      return skipBytes(stream, headerBytes);
    };
    return { open };
  });
}

/** Where the bytes of an archive's entry begin in the file, if they are stored as they are. */
async function storedStart(zip: ZipFile, entry: Entry): Promise<number | null> {
  if (entry.compressionMethod !== 0) return null;
  return (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
}

function damaged(fileName: string, error: Error): AppError {
  return new AppError(
    'bad-data',
    `${fileName} is a damaged .npz (zip) file: ${error.message.replace(/\.+$/, '')}; copy or save it again.`,
    {},
    error,
  );
}

function openZip(path: string, fileName: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    // Names are judged one by one: see `refusedKey`.
    const options = { lazyEntries: true, autoClose: false, strictFileNames: true, decodeStrings: true };
    yauzl.open(path, options, (error, zip) => {
      if (error) reject(damaged(fileName, error));
      else resolve(zip);
    });
  });
}

function zipEntries(zip: ZipFile, fileName: string): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      if (entries.length > mostMembers)
        reject(
          new AppError(
            'bad-data',
            `${fileName} holds more than ${mostMembers} files; it is no .npz of arrays.`,
          ),
        );
      else zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', (error: Error) => reject(damaged(fileName, error)));
    zip.readEntry();
  });
}

function entryStream(zip: ZipFile, entry: Entry, fileName: string): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error)
        reject(new AppError('bad-data', `${fileName} cannot be unpacked: ${error.message}.`, {}, error));
      else resolve(stream);
    });
  });
}

async function firstBytes(stream: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= 10 && length >= headerEnd(Buffer.concat(chunks))) break;
  }
  stream.destroy();
  return Buffer.concat(chunks);
}

/** Bytes up to the end of the header, as far as the first ten bytes tell; never more than a header may be long. */
function headerEnd(bytes: Buffer): number {
  const length =
    bytes[6] === 1 ? bytes.readUInt16LE(8) + 10 : bytes.length >= 12 ? bytes.readUInt32LE(8) + 12 : 12;
  return Math.min(length, npyPrefixBytes);
}

async function skipBytes(stream: Readable, count: number): Promise<Readable> {
  let left = count;
  while (left > 0) {
    const chunk = stream.read(left) as Buffer | null;
    if (chunk) left -= chunk.length;
    else if (stream.readableEnded) break;
    else
      await new Promise((resolve, reject) =>
        stream.once('readable', resolve).once('end', resolve).once('error', reject),
      );
  }
  return stream;
}
