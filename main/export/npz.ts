import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { writing } from '../app/write-file.ts';
import { fields, writeAt } from './bytes.ts';
import { npyHeader, npyPieces } from './npy.ts';
import { bytesOf, type StoredArray } from './stored-array.ts';

/** Of the ZIP specification (PKWARE APPNOTE 6.3.10). */
const signatures = {
  member: 0x04034b50,
  entry: 0x02014b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
  end: 0x06054b50,
};
/** 4.5: ZIP64. Every member has 64-bit sizes, so that there is one path for small arrays and those above 4 GiB. */
const version = 45;
/** 1 January 1980, the first day that ZIP knows: the same arrays give the same bytes. */
const [noTime, noDate] = [0, 0x21];
const all32 = 0xffffffff;

interface Member {
  name: Buffer;
  bytes: number;
  offset: number;
  crc: number;
}

/** NumPy's NPZ: a ZIP of NPY files, stored as they are, written member by member. */
export async function writeNpz(path: string, arrays: readonly StoredArray[]): Promise<void> {
  await writing(path, async () => {
    const file = await open(path, 'w');
    try {
      const members: Member[] = [];
      let offset = 0;
      for (const array of arrays) {
        const member = await writeMember(file, array, offset);
        members.push(member);
        offset += memberHeader(member).length + member.bytes;
      }
      await writeAt(file, directory(members, offset), offset);
    } finally {
      await file.close();
    }
  });
}

async function writeMember(file: FileHandle, array: StoredArray, offset: number): Promise<Member> {
  const bytes = npyHeader(array).length + bytesOf(array);
  const member: Member = { name: Buffer.from(`${array.name}.npy`), bytes, offset, crc: 0 };
  let at = offset + memberHeader(member).length;
  for await (const piece of npyPieces(array)) {
    member.crc = crc32(piece, member.crc);
    await writeAt(file, piece, at);
    at += piece.length;
  }
  // The checksum stands before what it is of.
  await writeAt(file, memberHeader(member), offset);
  return member;
}

function memberHeader({ name, bytes, crc }: Member): Buffer {
  const extra = fields([2, 1], [2, 16], [8, bytes], [8, bytes]);
  return Buffer.concat([
    fields([4, signatures.member], [2, version], [2, 0], [2, 0], [2, noTime], [2, noDate], [4, crc]),
    fields([4, all32], [4, all32], [2, name.length], [2, extra.length]),
    name,
    extra,
  ]);
}

function directoryEntry({ name, bytes, offset, crc }: Member): Buffer {
  const extra = fields([2, 1], [2, 24], [8, bytes], [8, bytes], [8, offset]);
  return Buffer.concat([
    fields(
      [4, signatures.entry],
      [2, version],
      [2, version],
      [2, 0],
      [2, 0],
      [2, noTime],
      [2, noDate],
      [4, crc],
    ),
    fields(
      [4, all32],
      [4, all32],
      [2, name.length],
      [2, extra.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, all32],
    ),
    name,
    extra,
  ]);
}

function directory(members: readonly Member[], offset: number): Buffer {
  const entries = Buffer.concat(members.map(directoryEntry));
  const count = members.length;
  const end = offset + entries.length;
  return Buffer.concat([
    entries,
    fields(
      [4, signatures.end64],
      [8, 44],
      [2, version],
      [2, version],
      [4, 0],
      [4, 0],
      [8, count],
      [8, count],
    ),
    fields([8, entries.length], [8, offset]),
    fields([4, signatures.locator64], [4, 0], [8, end], [4, 1]),
    fields([4, signatures.end], [2, 0], [2, 0], [2, 0xffff], [2, 0xffff], [4, all32], [4, all32], [2, 0]),
  ]);
}
