import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { compareImageNames, isImageName } from '#core/domain/image-names.ts';
import { AppError } from '#core/errors.ts';
import { badImage, mostEncodedBytes, type ImageFiles } from './image-files.ts';

const block = 512;
/** A long name or a pax record of more than this is no name. */
const mostNameBytes = 1 << 16;

interface Member {
  name: string;
  at: number;
  bytes: number;
}

/** Images of an uncompressed tar (ustar, GNU and pax names), such as a WebDataset's shard. */
export function openTar(path: string): Promise<ImageFiles> {
  const label = basename(path);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    throw new AppError('not-found', `The archive ${path} cannot be read; check the path.`, { path }, error);
  }
  try {
    const members = membersOf(file, label);
    const images = members.filter(({ name }) => isImageName(name));
    images.sort((one, other) => compareImageNames(one.name, other.name));
    const ignored = members.filter(({ name }) => !isImageName(name)).map(({ name }) => name);
    return Promise.resolve({
      label,
      names: images.map(({ name }) => name),
      ignored,
      read(index: number) {
        const { name, at, bytes } = images[index];
        if (bytes > mostEncodedBytes) throw badImage(name, 'is larger than 256 MiB; it is no picture.');
        const encoded = new Uint8Array(bytes);
        if (readSync(file, encoded, 0, bytes, at) < bytes) throw badImage(name, `is cut off in ${label}.`);
        return Promise.resolve(encoded);
      },
      close: () => closeSync(file),
    });
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function membersOf(file: number, label: string): Member[] {
  const { size: total } = fstatSync(file);
  const members: Member[] = [];
  const header = Buffer.alloc(block);
  let longName: string | null = null;
  for (let at = 0; at + block <= total;) {
    readSync(file, header, 0, block, at);
    // An archive ends with blocks of zeros; one without was cut off between two files, or inside a header.
    if (header.every((byte) => byte === 0)) return members;
    if (!hasRightSum(header))
      throw new AppError('bad-data', `${label} is no tar archive, or damaged at byte ${at}; copy it again.`);
    const bytes = sizeOf(header);
    const start = at + block;
    if (!Number.isSafeInteger(bytes) || start + bytes > total) throw cutOff(label);
    const type = String.fromCharCode(header[156]);
    if ((type === 'L' || type === 'x') && bytes <= mostNameBytes) {
      const text = Buffer.alloc(bytes);
      readSync(file, text, 0, bytes, start);
      longName = type === 'L' ? textOf(text) : (paxPath(text) ?? longName);
    } else if (type !== 'g' && type !== 'K') {
      const name: string = (longName ?? shortName(header)).replace(/^(\.?\/)+/, '');
      if ((type === '0' || type === '\0' || type === '7') && name !== '')
        members.push({ name, at: start, bytes });
      longName = null;
    }
    at = start + Math.ceil(bytes / block) * block;
  }
  throw cutOff(label);
}

function cutOff(label: string): AppError {
  return new AppError('bad-data', `${label} is cut off; copy it again.`);
}

function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

function shortName(header: Buffer): string {
  const isUstar = header.toString('latin1', 257, 262) === 'ustar';
  const prefix = isUstar ? textOf(header.subarray(345, 500)) : '';
  const name = textOf(header.subarray(0, 100));
  return prefix ? `${prefix}/${name}` : name;
}

/** Octal, or base 256 where the first bit is set. */
function sizeOf(header: Buffer): number {
  const field = header.subarray(124, 136);
  if (field[0] & 0x80) return field.subarray(1).reduce((value, byte) => value * 256 + byte, field[0] & 0x7f);
  return Number.parseInt(
    field
      .toString('latin1')
      .replace(/[\0 ]+$/, '')
      .trim() || '0',
    8,
  );
}

function hasRightSum(header: Buffer): boolean {
  const stated = Number.parseInt(textOf(header.subarray(148, 156)).trim(), 8);
  let sum = 0;
  for (let at = 0; at < block; at++) sum += at >= 148 && at < 156 ? 32 : header[at];
  return sum === stated;
}

/** `path` among records `length key=value\n`. */
function paxPath(text: Buffer): string | null {
  for (let at = 0; at < text.length;) {
    const space = text.indexOf(32, at);
    const length = Number.parseInt(text.toString('latin1', at, space), 10);
    if (space < 0 || !(length > 0)) return null;
    const record = text.toString('utf8', space + 1, at + length - 1);
    if (record.startsWith('path=')) return record.slice('path='.length);
    at += length;
  }
  return null;
}
