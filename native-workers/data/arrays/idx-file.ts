import { AppError } from '#core/errors.ts';
import type { ArrayContainer } from './array-container.ts';
import { headerOf, type ArrayDtype, type ArrayHeader } from './array-header.ts';
import { plainBytes } from './file-bytes.ts';

const dtypes: Partial<Record<number, ArrayDtype>> = {
  0x08: 'uint8',
  0x09: 'int8',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
};
/** Axes of the data sets that are spread in this format: labels 1, grey images 3, colour images 4. */
const mostAxes = 8;

export function isIdx(start: Uint8Array): boolean {
  return (
    start.length >= 4 && start[0] === 0 && start[1] === 0 && dtypes[start[2]] !== undefined && start[3] > 0
  );
}

/** MNIST's format: two zero bytes, the type, the number of axes, their sizes and the values, all big-endian. */
export function parseIdxHeader(start: Buffer, label: string): ArrayHeader & { headerBytes: number } {
  const axes = start[3];
  const dtype = dtypes[start[2]];
  if (!dtype || axes > mostAxes)
    throw new AppError('bad-data', `${label} is an IDX file of ${axes} axes; up to ${mostAxes} are read.`);
  const headerBytes = 4 + 4 * axes;
  if (start.length < headerBytes)
    throw new AppError('bad-data', `${label} is cut off inside its header; copy it again.`);
  const shape = Array.from({ length: axes }, (_, axis) => start.readUInt32BE(4 + 4 * axis));
  return { ...headerOf(dtype, shape, label, true), headerBytes };
}

export function idxContainer(path: string, fileName: string, start: Buffer, size: number): ArrayContainer {
  const header = parseIdxHeader(start, fileName);
  const needed = header.headerBytes + header.count * header.itemBytes;
  if (size !== needed)
    throw new AppError(
      'bad-data',
      `${fileName} is ${size < needed ? 'cut off' : 'damaged'}: its header promises ${needed} bytes, it has ${size}; copy it again.`,
    );
  const bytes = () => plainBytes(path, fileName, header.headerBytes, needed - header.headerBytes);
  return { fileName, members: [{ key: '', header, bytes }] };
}
