import { createReadStream, openSync, closeSync, readSync, statSync, fstatSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import type { ArrayEntry, DataInspection } from '#core/domain/dataset.ts';
import { AppError } from '#core/errors.ts';
import { listInWords, nearestNames } from '#core/text/nearest-names.ts';
import { npyPrefixBytes, parseNpyHeader, type NpyHeader } from './npy-header.ts';

/** One array that can be streamed from its first value on, any number of times. */
export interface ArraySource {
  fileName: string;
  key: string;
  /** `file` or `file, array "key"`, for messages. */
  label: string;
  header: NpyHeader;
  /** The array's values as bytes, header removed. */
  open(): Promise<Readable>;
  /** Reads those bytes from `at` on; left out where the array is compressed. */
  readAt?: (at: number, into: Uint8Array) => Promise<void>;
}

interface NpzMember {
  key: string;
  entry: Entry;
  header: NpyHeader;
}

/** An array of an archive that cannot be used; the archive's other arrays still can. */
interface RefusedMember {
  key: string;
  refusal: AppError;
}

function fileSize(path: string): number {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return stats.size;
  } catch (error) {
    throw new AppError('not-found', `The data file ${path} cannot be read; check the path.`, { path }, error);
  }
  throw new AppError('bad-data', `${path} is not a file; this version reads .npy and .npz files.`);
}

function openData(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new AppError('bad-data', `${path} cannot be read; check its permissions.`, { path }, error);
  }
}

function isZip(path: string): boolean {
  const first = Buffer.alloc(4);
  const file = openData(path);
  try {
    readSync(file, first, 0, 4, 0);
  } finally {
    closeSync(file);
  }
  return first.readUInt32LE(0) === 0x04034b50 || first.readUInt32LE(0) === 0x06054b50;
}

/** What arrays a .npy or .npz file holds, by their headers alone. */
export async function inspectArrayFile(path: string): Promise<DataInspection> {
  const bytes = fileSize(path);
  const fileName = basename(path);
  const entry = (key: string, header: NpyHeader): ArrayEntry => ({
    key,
    dtype: header.dtype,
    shape: header.shape,
  });
  if (!isZip(path))
    return { file: fileName, bytes, arrays: [entry('', npyFileHeader(path, fileName, bytes))] };
  return withZip(path, fileName, async (zip) => {
    const members = await npzMembers(zip, fileName);
    const usable = members.flatMap((member) => ('header' in member ? [member] : []));
    const refused = members.find((member) => 'refusal' in member);
    if (usable.length === 0 && refused) throw refused.refusal;
    return { file: fileName, bytes, arrays: usable.map((member) => entry(member.key, member.header)) };
  });
}

/** Opens one array of a data file; the key may be left out where there is only one. */
export async function openArraySource(path: string, key: string | undefined): Promise<ArraySource> {
  const bytes = fileSize(path);
  const fileName = basename(path);
  if (!isZip(path)) {
    if (key) {
      throw new AppError(
        'bad-data',
        `${fileName} is a single array without names; leave out data.key ("${key}").`,
      );
    }
    const header = npyFileHeader(path, fileName, bytes);
    const openFile = () =>
      Promise.resolve(createReadStream(path, { start: header.headerBytes, highWaterMark: 1 << 20 }));
    const readAt = (at: number, into: Uint8Array) => readPart(path, fileName, header.headerBytes + at, into);
    return { fileName, key: '', label: fileName, header, open: openFile, readAt };
  }
  const { member, start } = await withZip(path, fileName, async (zip) => {
    const chosen = chooseMember(await npzMembers(zip, fileName), key, fileName);
    return { member: chosen, start: await storedStart(zip, chosen.entry) };
  });
  const openMember = async () => {
    const zip = await openZip(path, fileName);
    const stream = await entryStream(zip, member.entry, fileName);
    stream.once('close', () => zip.close());
    return skipBytes(stream, member.header.headerBytes);
  };
  const label = `${fileName}, array "${member.key}"`;
  const first = start === null ? null : start + member.header.headerBytes;
  return {
    fileName,
    key: member.key,
    label,
    header: member.header,
    open: openMember,
    ...(first !== null && {
      readAt: (at: number, into: Uint8Array) => readPart(path, label, first + at, into),
    }),
  };
}

/** Where the bytes of an archive's entry begin in the file, if they are stored as they are. */
async function storedStart(zip: ZipFile, entry: Entry): Promise<number | null> {
  if (entry.compressionMethod !== 0) return null;
  return (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
}

async function readPart(path: string, label: string, at: number, into: Uint8Array): Promise<void> {
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

function npyFileHeader(path: string, fileName: string, bytes: number): NpyHeader {
  const prefix = Buffer.alloc(Math.min(bytes, npyPrefixBytes));
  const file = openSync(path, 'r');
  try {
    readSync(file, prefix, 0, prefix.length, 0);
    const header = parseNpyHeader(prefix, fileName);
    const needed = header.headerBytes + header.count * header.itemBytes;
    if (fstatSync(file).size < needed) {
      throw new AppError(
        'bad-data',
        `${fileName} is cut off: its header promises ${needed} bytes, it has ${bytes}; copy it again.`,
      );
    }
    return header;
  } finally {
    closeSync(file);
  }
}

function openZip(path: string, fileName: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error)
        reject(
          new AppError(
            'bad-data',
            `${fileName} is a damaged .npz (zip) file: ${error.message.replace(/\.+$/, '')}; copy or save it again.`,
            {},
            error,
          ),
        );
      else resolve(zip);
    });
  });
}

async function withZip<T>(path: string, fileName: string, use: (zip: ZipFile) => Promise<T>): Promise<T> {
  const zip = await openZip(path, fileName);
  try {
    return await use(zip);
  } finally {
    zip.close();
  }
}

function zipEntries(zip: ZipFile, fileName: string): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', (error: Error) =>
      reject(
        new AppError(
          'bad-data',
          `${fileName} is a damaged .npz (zip) file: ${error.message.replace(/\.+$/, '')}; copy or save it again.`,
          {},
          error,
        ),
      ),
    );
    zip.readEntry();
  });
}

async function npzMembers(zip: ZipFile, fileName: string): Promise<(NpzMember | RefusedMember)[]> {
  const members: (NpzMember | RefusedMember)[] = [];
  for (const entry of await zipEntries(zip, fileName)) {
    if (!entry.fileName.endsWith('.npy')) continue;
    const key = entry.fileName.slice(0, -'.npy'.length);
    try {
      const header = await memberHeader(zip, entry, fileName, `${fileName}, array "${key}"`);
      members.push({ key, entry, header });
    } catch (refusal) {
      if (!(refusal instanceof AppError)) throw refusal;
      members.push({ key, refusal });
    }
  }
  if (members.length === 0) {
    throw new AppError('bad-data', `${fileName} holds no .npy arrays; save it with numpy.savez.`);
  }
  return members;
}

async function memberHeader(zip: ZipFile, entry: Entry, fileName: string, label: string): Promise<NpyHeader> {
  const stream = await entryStream(zip, entry, fileName);
  const first = await firstBytes(stream).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('bad-data', `${label} cannot be unpacked: ${reason}; copy it again.`, {}, error);
  });
  const header = parseNpyHeader(first, label);
  const needed = header.headerBytes + header.count * header.itemBytes;
  if (entry.uncompressedSize === needed) return header;
  throw new AppError(
    'bad-data',
    `${label} is damaged: its header promises ${needed} bytes, the archive holds ${entry.uncompressedSize}.`,
  );
}

function chooseMember(
  members: (NpzMember | RefusedMember)[],
  key: string | undefined,
  fileName: string,
): NpzMember {
  const usable = (member: NpzMember | RefusedMember): NpzMember => {
    if ('refusal' in member) throw member.refusal;
    return member;
  };
  const keys = members.map((member) => member.key);
  if (key === undefined) {
    if (members.length === 1) return usable(members[0]);
    throw new AppError('bad-data', `${fileName} holds ${listInWords(keys, 'and')}; name one as data.key.`);
  }
  const found = members.find((member) => member.key === key);
  if (found) return usable(found);
  const near = nearestNames(key, keys);
  throw new AppError('bad-data', `${fileName} has no array "${key}"; it holds ${listInWords(near, 'and')}.`, {
    nearest: near,
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
    else await new Promise((resolve, reject) => stream.once('readable', resolve).once('error', reject));
  }
  return stream;
}
