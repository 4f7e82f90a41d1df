import { AppError } from '#core/errors.ts';
import { refusedKey, labelOf, type ArrayContainer, type ArrayMember } from './array-container.ts';
import { headerOf, type ArrayDtype } from './array-header.ts';
import { plainBytes, readStart } from './file-bytes.ts';

const dtypes: Partial<Record<string, ArrayDtype>> = {
  BOOL: 'bool',
  U8: 'uint8',
  I8: 'int8',
  U16: 'uint16',
  I16: 'int16',
  U32: 'uint32',
  I32: 'int32',
  U64: 'uint64',
  I64: 'int64',
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
};
/** The format's own limit is 100 MB; this is the header of half a million tensors. */
const mostHeaderBytes = 64 * 2 ** 20;

interface Tensor {
  dtype?: unknown;
  shape?: unknown;
  data_offsets?: unknown;
}

/** Eight bytes of length, then a JSON object: nothing else that is read begins so. */
export function isSafetensors(start: Buffer): boolean {
  return start.length >= 9 && start[8] === 0x7b && start.readUInt32LE(4) === 0;
}

/** https://github.com/huggingface/safetensors: a JSON header, then the tensors side by side without gaps. */
export function safetensorsContainer(path: string, fileName: string, size: number): ArrayContainer {
  const bad = (what: string) => new AppError('bad-data', `${fileName} ${what}`);
  const length = readStart(path, 8).readUInt32LE(0);
  if (length > mostHeaderBytes)
    throw bad(`has a header of ${length} bytes; up to ${mostHeaderBytes} are read: it is damaged.`);
  if (8 + length > size) throw bad('is cut off inside its header; copy it again.');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(readStart(path, length, 8)));
  } catch {
    throw bad('has a header that is no JSON; it is damaged: copy or save it again.');
  }
  const tensors = Object.entries(header as Record<string, Tensor>).filter(([key]) => key !== '__metadata__');
  const ranges = tensors.map(([key, tensor]) => rangeOf(key, tensor, fileName));
  requireContiguous(ranges, size - 8 - length, fileName);
  const members = ranges.map((range): ArrayMember => {
    const refused = refusedKey(range.key, fileName);
    if (refused) return { key: JSON.stringify(range.key.slice(0, 60)), header: refused };
    return memberOf(path, fileName, range, 8 + length);
  });
  if (members.length === 0) throw bad('holds no tensors; save it with save_file.');
  return { fileName, members };
}

interface Range {
  key: string;
  dtype: string;
  shape: number[];
  begin: number;
  end: number;
}

function rangeOf(key: string, tensor: Tensor | null, fileName: string): Range {
  const isSize = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  const isSizes = (value: unknown): value is number[] => Array.isArray(value) && value.every(isSize);
  const { dtype, shape, data_offsets: offsets } = tensor ?? {};
  if (typeof dtype === 'string' && isSizes(shape) && isSizes(offsets) && offsets.length === 2)
    return { key, dtype, shape, begin: offsets[0], end: offsets[1] };
  const shown = JSON.stringify(key.slice(0, 60));
  throw new AppError(
    'bad-data',
    `${fileName}, tensor ${shown}, has no dtype, shape and data_offsets as the format asks; it is damaged.`,
  );
}

/** Tensors may neither overlap nor leave gaps, in which other files could hide. */
function requireContiguous(ranges: readonly Range[], bytes: number, fileName: string): void {
  let next = 0;
  for (const { key, begin, end } of ranges.toSorted(
    (one, other) => one.begin - other.begin || one.end - other.end,
  )) {
    if (begin !== next || end < begin)
      throw new AppError(
        'bad-data',
        `${fileName}, tensor ${JSON.stringify(key.slice(0, 60))}: its values are at bytes ${begin} to ${end}, where ${next} was due; the file is damaged.`,
      );
    next = end;
  }
  if (next === bytes) return;
  throw new AppError(
    'bad-data',
    `${fileName} is ${bytes < next ? 'cut off' : 'damaged'}: its tensors need ${next} bytes, it has ${bytes}; copy it again.`,
  );
}

function memberOf(path: string, fileName: string, range: Range, start: number): ArrayMember {
  const { key, dtype, shape, begin, end } = range;
  const label = labelOf(fileName, key);
  const known = dtypes[dtype];
  if (!known) {
    const words = `${label} has dtype ${dtype.slice(0, 20)}; BOOL, U8 to I64, F16, BF16, F32 and F64 are read: convert it.`;
    return { key, header: new AppError('bad-data', words) };
  }
  try {
    const header = headerOf(known, shape, label);
    const needed = header.count * header.itemBytes;
    if (needed !== end - begin)
      throw new AppError(
        'bad-data',
        `${label} is damaged: its shape needs ${needed} bytes, it has ${end - begin}.`,
      );
    return { key, header, bytes: () => plainBytes(path, label, start + begin, needed) };
  } catch (error) {
    if (error instanceof AppError) return { key, header: error };
    throw error;
  }
}
