import { AppError } from '#core/errors.ts';
import { labelOf, type ArrayBytes, type ArrayContainer, type ArrayMember } from './array-container.ts';
import { plainBytes, readStart } from './file-bytes.ts';
import { fromFortranOrder } from './fortran-order.ts';
import {
  npyPrefixBytes,
  parseNpyHeader,
  parseNpyTexts,
  type NpyHeader,
  type NpyTexts,
} from './npy-header.ts';
import { decodeTexts, requireTextsFit } from './texts.ts';

export function isNpy(start: Uint8Array): boolean {
  return start.length >= 6 && start[0] === 0x93 && Buffer.from(start.subarray(1, 6)).toString() === 'NUMPY';
}

export function npyContainer(path: string, fileName: string, size: number): ArrayContainer {
  const prefix = readStart(path, npyPrefixBytes);
  const part = (header: { headerBytes: number }, bytes: number) => {
    const needed = header.headerBytes + bytes;
    if (size < needed)
      throw new AppError(
        'bad-data',
        `${fileName} is cut off: its header promises ${needed} bytes, it has ${size}; copy it again.`,
      );
    return plainBytes(path, fileName, header.headerBytes, bytes);
  };
  const member = npyMember('', fileName, prefix, part);
  if (member.header instanceof AppError && !member.texts) throw member.header;
  return { fileName, members: [member] };
}

/**
 * An array by the first bytes of its .npy. `part` gives the values' bytes behind the header, and throws where the file
 * has another number of them.
 */
export function npyMember(
  key: string,
  fileName: string,
  prefix: Uint8Array,
  part: (header: { headerBytes: number }, bytes: number) => ArrayBytes,
): ArrayMember {
  const label = labelOf(fileName, key);
  try {
    const header = parseNpyHeader(prefix, label);
    const bytes = part(header, header.count * header.itemBytes);
    return { key, header, bytes: () => (header.isFortran ? fromFortranOrder(header, bytes, label) : bytes) };
  } catch (refusal) {
    if (!(refusal instanceof AppError)) throw refusal;
    return { key, header: refusal, ...textsOf(label, prefix, part) };
  }
}

function textsOf(
  label: string,
  prefix: Uint8Array,
  part: (header: NpyHeader | NpyTexts, bytes: number) => ArrayBytes,
): Pick<ArrayMember, 'texts'> {
  try {
    const texts = parseNpyTexts(prefix, label);
    if (!texts) return {};
    const bytes = part(texts, texts.count * texts.itemBytes);
    const read = () => {
      requireTextsFit(texts.count, texts.count * texts.itemBytes, label);
      return decodeTexts(bytes, texts);
    };
    return { texts: { count: texts.count, read } };
  } catch (error) {
    if (error instanceof AppError) return {};
    throw error;
  }
}
