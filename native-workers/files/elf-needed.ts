import { closeSync, openSync, readSync, statSync } from 'node:fs';

const magic = 0x464c457f;
const headerBytes = 64;
const programHeaderBytes = 56;
const sectionHeaderBytes = 64;
const dynamicEntryBytes = 16;
/** Of program headers. */
const [typeLoad, typeDynamic] = [1, 2];
/** Of entries of the dynamic section. */
const [tagEnd, tagNeeded, tagStringTable, tagStringBytes] = [0, 1, 5, 10];

/**
 * Names of the libraries that a 64-bit little-endian ELF file is linked to (DT_NEEDED), in its order; null where it is
 * no such file, or was cut short (System V ABI, chapters 4 and 5).
 */
export function neededByElf(path: string): string[] | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const size = statSync(path).size;
    const read = (offset: number, bytes: number) => {
      if (offset < 0 || offset + bytes > size) return null;
      const piece = Buffer.alloc(bytes);
      return readSync(file, piece, 0, bytes, offset) === bytes ? piece : null;
    };
    const header = read(0, headerBytes);
    if (header?.readUInt32LE(0) !== magic || header[4] !== 2 || header[5] !== 1) return null;
    const number = (piece: Buffer, at: number) => Number(piece.readBigUInt64LE(at));
    // Sections lie at the end of what a linker writes.
    if (number(header, 40) + header.readUInt16LE(60) * sectionHeaderBytes > size) return null;
    const count = header.readUInt16LE(56);
    const programs = read(number(header, 32), count * programHeaderBytes);
    if (!programs) return null;
    const segments = Array.from({ length: count }, (_, at) => {
      const segment = programs.subarray(at * programHeaderBytes, (at + 1) * programHeaderBytes);
      return {
        type: segment.readUInt32LE(0),
        offset: number(segment, 8),
        address: number(segment, 16),
        bytes: number(segment, 32),
      };
    });
    const dynamic = segments.find(({ type }) => type === typeDynamic);
    if (!dynamic) return [];
    const entries = read(dynamic.offset, dynamic.bytes);
    if (!entries) return null;
    const names: number[] = [];
    let [tableAddress, tableBytes] = [0, 0];
    for (let at = 0; at + dynamicEntryBytes <= entries.length; at += dynamicEntryBytes) {
      const [tag, value] = [number(entries, at), number(entries, at + 8)];
      if (tag === tagEnd) break;
      if (tag === tagNeeded) names.push(value);
      if (tag === tagStringTable) tableAddress = value;
      if (tag === tagStringBytes) tableBytes = value;
    }
    const home = segments.find(
      ({ type, address, bytes }) =>
        type === typeLoad && tableAddress >= address && tableAddress < address + bytes,
    );
    const strings = home && read(home.offset + tableAddress - home.address, tableBytes);
    if (!strings) return null;
    return names.map((at) => strings.toString('latin1', at, strings.indexOf(0, at)));
  } finally {
    closeSync(file);
  }
}
