import { AppError } from '#core/errors.ts';

export interface NpyHeader {
  /** numpy's own name, e.g. `uint8`. */
  dtype: NpyDtype;
  bigEndian: boolean;
  shape: number[];
  /** Bytes before the first value. */
  headerBytes: number;
  itemBytes: number;
  /** Product of the shape. */
  count: number;
}

const dtypes = {
  b1: ['bool', 1],
  u1: ['uint8', 1],
  i1: ['int8', 1],
  u2: ['uint16', 2],
  i2: ['int16', 2],
  u4: ['uint32', 4],
  i4: ['int32', 4],
  i8: ['int64', 8],
  u8: ['uint64', 8],
  f2: ['float16', 2],
  f4: ['float32', 4],
  f8: ['float64', 8],
} as const;
export type NpyDtype = (typeof dtypes)[keyof typeof dtypes][0];

/** A header longer than this is no array's: the format's authors write 128 bytes. */
const maximumHeaderBytes = 1 << 16;
export const npyPrefixBytes = maximumHeaderBytes + 12;

/**
 * Reads the header of a .npy file (numpy.lib.format versions 1-3) from its first bytes. Python objects (pickles)
 * and Fortran order are refused. `label` names the file and array in messages.
 */
export function parseNpyHeader(bytes: Uint8Array, label: string): NpyHeader {
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
  return { ...parseDictionary(text, bad), headerBytes: start + length };
}

function parseDictionary(text: string, bad: (what: string) => never): Omit<NpyHeader, 'headerBytes'> {
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
  const known = dtypes[descr.slice(1) as keyof typeof dtypes];
  if (!known || !/^[<>|=]$/.test(descr[0])) {
    return bad(`has dtype ${descr}; integers, bool and float16/32/64 are read: convert it with astype.`);
  }
  const parts = shapeText
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const shape = parts.map((part) => (/^\d{1,15}L?$/.test(part) ? Number.parseInt(part, 10) : Number.NaN));
  if (shape.some((size) => !Number.isSafeInteger(size)))
    return bad(`has an unreadable shape (${shapeText}).`);
  const count = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(count * known[1]))
    return bad(`claims a shape (${shapeText}) that no memory can hold.`);
  if (fortran === 'True' && shape.length > 1) {
    return bad('is in Fortran order; save numpy.ascontiguousarray of it.');
  }
  return { dtype: known[0], itemBytes: known[1], bigEndian: descr[0] === '>', shape, count };
}
