import type { Readable } from 'node:stream';
import { AppError } from '#core/errors.ts';
import { listInWords, nearestNames } from '#core/text/nearest-names.ts';
import type { ImageFiles } from '../images/image-files.ts';
import type { ArrayHeader } from './array-header.ts';

/** How the values of an array are read: as bytes in row-major order, as `ArrayHeader` describes them. */
export interface ArrayBytes {
  /** The values from the first on; as often as asked. */
  open(): Promise<Readable>;
  /** Those bytes from `at` on; left out where only the whole can be unpacked. */
  readAt?: (at: number, into: Uint8Array) => Promise<void>;
  /** As `open`, from byte `at` on; left out where what comes before has to be unpacked too. */
  openAt?: (at: number) => Promise<Readable>;
  /** The bytes lie in the file as they are: `readAt` costs no more than what it reads. */
  isPlain?: boolean;
}

/** One array of a file. One that cannot be used says why; the file's other arrays still can be. */
export interface ArrayMember {
  /** Empty where the file has one array without a name. */
  key: string;
  header: ArrayHeader | AppError;
  bytes?: () => Promise<ArrayBytes> | ArrayBytes;
  /** Of an array of texts, which `header` refuses as numbers: how many there are, and the texts in order. */
  texts?: { count: number; read(): Promise<string[]> };
  /** Of an array of bytes, which may be encoded images: how many there are, and the images in order. */
  images?: { count: number; open(): Promise<ImageFiles> };
}

/** A file of arrays, by its headers alone. */
export interface ArrayContainer {
  fileName: string;
  members: ArrayMember[];
}

/** `file` or `file, array "key"`, for messages. */
export function labelOf(fileName: string, key: string): string {
  return key === '' ? fileName : `${fileName}, array "${key}"`;
}

/** The member of that name; the key may be left out where there is only one. `field` is what named it. */
export function chooseMember(
  { fileName, members }: ArrayContainer,
  key: string | undefined,
  field: string,
): ArrayMember {
  const keys = members.map((member) => member.key);
  if (key === undefined) {
    if (members.length === 1) return members[0];
    throw new AppError('bad-data', `${fileName} holds ${listInWords(keys, 'and')}; name one as ${field}.`);
  }
  if (members.length === 1 && keys[0] === '')
    throw new AppError(
      'bad-data',
      `${fileName} is a single array without names; leave out ${field} ("${key}").`,
    );
  const found = members.find((member) => member.key === key);
  if (found) return found;
  const near = nearestNames(key, keys);
  throw new AppError('bad-data', `${fileName} has no array "${key}"; it holds ${listInWords(near, 'and')}.`, {
    nearest: near,
  });
}

/** Names from a file end up in sentences, recipes and lists: no paths out of a folder, no control characters. */
export function refusedKey(key: string, fileName: string): AppError | null {
  const parts = key.split(/[/\\]/);
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  const isClean = key.length <= 400 && !/[\u0000-\u001f\u007f-\u009f]/.test(key);
  if (isClean && !parts.includes('..') && !/^([a-z]:|[/\\])/i.test(key)) return null;
  const shown = JSON.stringify(key.slice(0, 60));
  return new AppError(
    'bad-data',
    `${fileName} holds an array named ${shown}, which is no plain name; save it under another.`,
  );
}
