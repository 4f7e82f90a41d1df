import { AppError } from '#core/errors.ts';
import { headerOf, type ArrayDtype, type ArrayHeader } from './array-header.ts';

export interface NpyHeader extends ArrayHeader {
  /** Bytes before the first value. */
  headerBytes: number;
  /** The first axis runs fastest. */
  isFortran: boolean;
}

/** An array of texts: names of samples, which are never numbers. */
export interface NpyTexts {
  headerBytes: number;
  /** Bytes of one text; `U`: four a character, `S`: one. */
  itemBytes: number;
  kind: 'U' | 'S';
  bigEndian: boolean;
  count: number;
}

const dtypes: Partial<Record<string, ArrayDtype>> = {
  b1: 'bool',
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

/** A header longer than this is no array's: the format's authors write 128 bytes. */
const maximumHeaderBytes = 1 << 16;
export const npyPrefixBytes = maximumHeaderBytes + 12;

/**
 * Reads the header of a .npy file (numpy.lib.format versions 1-3) from its first bytes. Python objects (pickles)
 * are refused. `label` names the file and array in messages.
 */
export function parseNpyHeader(bytes: Uint8Array, label: string): NpyHeader {
  const { descr, shape, isFortran, headerBytes, bad } = parsePreamble(bytes, label);
  const dtype = dtypes[descr.slice(1)];
  if (!dtype || !/^[<>|=]$/.test(descr[0]))
    return bad(
      `has dtype ${shown(descr)}; integers, bool and float16/32/64 are read: convert it with astype.`,
    );
  const header = headerOf(dtype, shape, label, descr[0] === '>');
  return { ...header, headerBytes, isFortran: isFortran && shape.length > 1 };
}

/** The same of an array of texts (dtype `U` or `S`, one axis); null where it is none. */
export function parseNpyTexts(bytes: Uint8Array, label: string): NpyTexts | null {
  const { descr, shape, headerBytes } = parsePreamble(bytes, label);
  const [, order, kind, length] = /^([<>|=])([US])(\d{1,6})$/.exec(descr) ?? [];
  if (kind === undefined || shape.length !== 1) return null;
  const itemBytes = Number(length) * (kind === 'U' ? 4 : 1);
  return { headerBytes, itemBytes, kind: kind as 'U' | 'S', bigEndian: order === '>', count: shape[0] };
}

function shown(descr: string): string {
  return descr.replace(/[^ -~]/g, '?').slice(0, 40);
}

function parsePreamble(bytes: Uint8Array, label: string) {
  const bad = (what: string): never => {
    throw new AppError('bad-data', `${label} ${what}`);
  };
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 10 || magic.some((byte, index) => bytes[index] !== byte)) {
    return bad(
      'is not a NumPy array (its first bytes are not those of .npy); save it with numpy.save or savez.',
    );
  }
  const version = bytes[6];
  if (version < 1 || version > 3) return bad(`has .npy version ${version}; versions 1 to 3 are read.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (version > 1 && bytes.length < 12) return bad('is cut off inside its header; copy it again.');
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const start = version === 1 ? 10 : 12;
  if (length > maximumHeaderBytes)
    return bad('has a header longer than 64 KiB, which no array needs; it is damaged.');
  if (start + length > bytes.length) return bad('is cut off inside its header; copy it again.');
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(
    bytes.subarray(start, start + length),
  );
  return { ...parseDictionary(text, bad), headerBytes: start + length, bad };
}

function parseDictionary(
  text: string,
  bad: (what: string) => never,
): { descr: string; shape: number[]; isFortran: boolean } {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shapeText = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (/'descr'\s*:\s*\[/.test(text))
    return bad('is a structured array; save each field as an array of its own.');
  if (descr === undefined || fortran === undefined || shapeText === undefined) {
    return bad('has a header without descr, fortran_order and shape; it is damaged.');
  }
  if (descr.includes('O'))
    return bad('holds Python objects (a pickle), which are never loaded; save plain numbers.');
  const parts = shapeText
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const shape = parts.map((part) => (/^\d{1,15}L?$/.test(part) ? Number.parseInt(part, 10) : Number.NaN));
  if (shape.some((size) => !Number.isSafeInteger(size)))
    return bad(`has an unreadable shape (${shown(shapeText)}).`);
  return { descr, shape, isFortran: fortran === 'True' };
}
