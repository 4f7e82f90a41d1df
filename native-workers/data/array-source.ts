import { basename, extname } from 'node:path';
import { AppError } from '#core/errors.ts';
import {
  chooseMember,
  labelOf,
  type ArrayBytes,
  type ArrayContainer,
  type ArrayMember,
} from './arrays/array-container.ts';
import type { ArrayHeader } from './arrays/array-header.ts';
import { cifarContainer } from './arrays/cifar-file.ts';
import { fileSize, readStart } from './arrays/file-bytes.ts';
import { gzipContainer, isGzip } from './arrays/gzip-file.ts';
import { hdf5PrefixBytes, isHdf5 } from './arrays/hdf5-signature.ts';
import { idxContainer, isIdx } from './arrays/idx-file.ts';
import { isNpy, npyContainer } from './arrays/npy-file.ts';
import { isZip, npzContainer } from './arrays/npz-file.ts';
import { isSafetensors, safetensorsContainer } from './arrays/safetensors-file.ts';

/** One array that can be streamed from its first value on, any number of times. */
export interface ArraySource extends ArrayBytes {
  fileName: string;
  key: string;
  /** `file` or `file, array "key"`, for messages. */
  label: string;
  header: ArrayHeader;
}

/** What a file's first bytes are not; by its ending, what a person took it for. */
const expected: Partial<Record<string, string>> = {
  '.npy': 'is not a NumPy array (its first bytes are not those of .npy); save it with numpy.save or savez.',
  '.npz': 'is not a .npz archive (its first bytes are not those of a zip file); save it with numpy.savez.',
  '.h5': 'is not an HDF5 file (its first bytes are not those of one); copy or save it again.',
  '.hdf5': 'is not an HDF5 file (its first bytes are not those of one); copy or save it again.',
  '.safetensors':
    'is not a safetensors file (it does not begin with a length and a header); save it with save_file.',
  '.bin': 'is no CIFAR binary (records of labels and 32 x 32 pixels); save the array as .npy.',
  '.parquet': 'is not a Parquet file (its first bytes are not PAR1); copy or save it again.',
};

/** The arrays of a file, by its headers alone; what kind of file it is, its content says. */
export async function openContainer(path: string): Promise<ArrayContainer> {
  const size = fileSize(path);
  const fileName = basename(path);
  const start = readStart(path, Math.min(size, hdf5PrefixBytes));
  if (isNpy(start)) return npyContainer(path, fileName, size);
  if (isZip(start)) return npzContainer(path, fileName, size);
  // These readers are large, and loaded with the first file of theirs.
  if (isHdf5(start)) return (await import('./arrays/hdf5-file.ts')).hdf5Container(path, fileName);
  if (start.toString('latin1', 0, 4) === 'PAR1')
    return (await import('./arrays/parquet-file.ts')).parquetContainer(path, fileName, size);
  if (isGzip(start)) return gzipContainer(path, fileName);
  if (isSafetensors(start)) return safetensorsContainer(path, fileName, size);
  if (isIdx(start)) return idxContainer(path, fileName, start, size);
  const cifar = cifarContainer(path, fileName, size);
  if (cifar) return cifar;
  const words = expected[extname(fileName).toLowerCase()];
  if (words !== undefined) throw new AppError('bad-data', `${fileName} ${words}`);
  throw new AppError(
    'bad-data',
    `${fileName} is no file of arrays that is read (.npy, .npz, HDF5, safetensors, Parquet, IDX, CIFAR binary); save it as one.`,
    { isUnknown: true },
  );
}

/** The encoded images of that name; where none is named, those of the only such array. Null: an array of numbers. */
export function encodedImages(
  { members }: ArrayContainer,
  key: string | undefined,
): NonNullable<ArrayMember['images']> | null {
  const found = members.filter((member) => member.images && (key === undefined || member.key === key));
  return found.length === 1 ? (found[0].images ?? null) : null;
}

/** Opens one array of a data file; the key may be left out where there is only one. */
export async function openArraySource(
  path: string,
  key: string | undefined,
  field = 'data.key',
): Promise<ArraySource> {
  const container = await openContainer(path);
  return sourceOf(container, key, field);
}

export async function sourceOf(
  container: ArrayContainer,
  key: string | undefined,
  field: string,
): Promise<ArraySource> {
  const { fileName } = container;
  const member = chooseMember(container, key, field);
  if (member.header instanceof AppError) throw member.header;
  if (!member.bytes) throw new AppError('internal', `${labelOf(fileName, member.key)} cannot be opened.`);
  const { header } = member;
  return {
    fileName,
    key: member.key,
    label: labelOf(fileName, member.key),
    header,
    ...(await member.bytes()),
  };
}
