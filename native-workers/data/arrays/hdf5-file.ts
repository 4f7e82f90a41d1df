import { Readable } from 'node:stream';
import { AppError } from '#core/errors.ts';
import {
  labelOf,
  refusedKey,
  type ArrayBytes,
  type ArrayContainer,
  type ArrayMember,
} from './array-container.ts';
import { headerOf, rowBytes, type ArrayDtype, type ArrayHeader } from './array-header.ts';
import { imageMember, isImageDataset } from './hdf5-images.ts';
import { withJoinedGroups } from './hdf5-groups.ts';
import { Hdf5File, type Metadata } from './hdf5-library.ts';
import { rowsAsBytes, slabBytes } from './row-bytes.ts';
import { requireTextsFit } from './texts.ts';

const mostDatasets = 200_000;
/** A chunk is unpacked whole; and the library's memory is 2 GiB in all. */
const mostChunkBytes = 256 * 2 ** 20;
const mostRowBytes = 256 * 2 ** 20;

/** Filters the library has: deflate, shuffle, fletcher32, nbit, scale-offset. */
const knownFilters = [1, 2, 3, 5, 6];

const classes = { integer: 0, float: 1, text: 3, enumeration: 8 };

/** The datasets of an HDF5 file, by their paths without the first slash, and groups of samples as one array. */
export async function hdf5Container(path: string, fileName: string): Promise<ArrayContainer> {
  const file = await Hdf5File.open(path, fileName);
  try {
    const names = file.names().filter((name) => file.isDataset(name));
    if (names.length > mostDatasets)
      throw new AppError(
        'bad-data',
        `${fileName} holds ${names.length} datasets; up to ${mostDatasets} are read.`,
      );
    const members = names.map((name) => memberOf(file, name.replace(/^\//, ''), path, fileName));
    if (members.length === 0)
      throw new AppError('bad-data', `${fileName} holds no datasets; save arrays in it with create_dataset.`);
    return { fileName, members: withJoinedGroups(members, path, fileName) };
  } finally {
    file.close();
  }
}

function memberOf(file: Hdf5File, key: string, path: string, fileName: string): ArrayMember {
  const refused = refusedKey(key, fileName);
  if (refused) return { key: JSON.stringify(key.slice(0, 60)), header: refused };
  const label = labelOf(fileName, key);
  try {
    const metadata = file.metadata(key);
    if (metadata.type === classes.text) return textMember(key, metadata, path, fileName);
    if (isImageDataset(metadata)) {
      requireReadable(file, key, metadata, metadata.size, label);
      return imageMember(path, fileName, key, metadata);
    }
    const header = headerOfDataset(metadata, label);
    requireReadable(file, key, metadata, header.itemBytes, label);
    if (rowBytes(header) > mostRowBytes)
      throw new AppError(
        'bad-data',
        `${label} has samples of ${rowBytes(header)} bytes; up to ${mostRowBytes} are read.`,
      );
    return { key, header, bytes: () => datasetBytes(path, fileName, key, header, metadata.chunks) };
  } catch (error) {
    if (error instanceof AppError) return { key, header: error };
    throw error;
  }
}

function textMember(key: string, metadata: Metadata, path: string, fileName: string): ArrayMember {
  const label = labelOf(fileName, key);
  const words = `${label} holds texts; integers, bool and float16/32/64 are read.`;
  const header = new AppError('bad-data', words);
  if (metadata.shape?.length !== 1) return { key, header };
  const [count] = metadata.shape;
  const read = async () => {
    requireTextsFit(count, count * metadata.size, label);
    const file = await Hdf5File.open(path, fileName);
    try {
      return file.texts(key, metadata);
    } finally {
      file.close();
    }
  };
  return { key, header, texts: { count, read } };
}

function headerOfDataset(metadata: Metadata, label: string): ArrayHeader {
  const dtype = dtypeOf(metadata);
  if (!dtype)
    throw new AppError(
      'bad-data',
      `${label} is of a type that holds no plain numbers (compound, reference or the like); integers, bool and float16/32/64 are read.`,
    );
  // The library hands out values in this machine's order, whatever the file's.
  return headerOf(dtype, metadata.shape ?? [], label);
}

function dtypeOf({ type, size, signed, enum_type: names }: Metadata): ArrayDtype | undefined {
  if (type === classes.float) return ({ 2: 'float16', 4: 'float32', 8: 'float64' } as const)[size];
  if (type === classes.enumeration)
    return size === 1 && Object.keys(names?.members ?? {}).join() === 'FALSE,TRUE' ? 'bool' : undefined;
  if (type !== classes.integer) return undefined;
  const unsigned = { 1: 'uint8', 2: 'uint16', 4: 'uint32', 8: 'uint64' } as const;
  const withSign = { 1: 'int8', 2: 'int16', 4: 'int32', 8: 'int64' } as const;
  return (signed ? withSign : unsigned)[size as 1 | 2 | 4 | 8];
}

function requireReadable(
  file: Hdf5File,
  key: string,
  { chunks, virtual_sources: sources }: Metadata,
  itemBytes: number,
  label: string,
): void {
  const bad = (what: string) => new AppError('bad-data', `${label} ${what}`);
  if ((sources?.length ?? 0) > 0)
    throw bad('is a virtual dataset of other files, which are never opened; save the values in one file.');
  const unknown = file.filters(key).find(({ id }) => !knownFilters.includes(id));
  if (unknown)
    throw bad(
      `is packed with the filter "${unknown.name.replace(/[^ -~]/g, '?').slice(0, 40)}"; gzip is read: save it with compression="gzip".`,
    );
  const chunkBytes = chunks?.reduce((product, size) => product * size, itemBytes) ?? 0;
  if (chunkBytes > mostChunkBytes)
    throw bad(
      `has chunks of ${chunkBytes} bytes; up to ${mostChunkBytes} are read: save it in smaller chunks.`,
    );
}

/** Slabs of whole chunks, so that each is unpacked once when they are read in order. */
function datasetBytes(
  path: string,
  fileName: string,
  key: string,
  header: ArrayHeader,
  chunks: number[] | null,
): ArrayBytes {
  const { shape, itemBytes } = header;
  const rest = shape.slice(1);
  const box = (file: Hdf5File, first: number, count: number) =>
    shape.length === 0
      ? file.read(key, [], [], itemBytes)
      : file.read(key, [first, ...rest.map(() => 0)], [count, ...rest], itemBytes);
  const once = async (first: number, count: number) => {
    const file = await Hdf5File.open(path, fileName);
    try {
      return box(file, first, count);
    } finally {
      file.close();
    }
  };
  const rows = Math.max(1, Math.floor(slabBytes / Math.max(1, rowBytes(header))));
  const chunkRows = chunks?.[0] ?? 1;
  // As many whole chunks as the slab holds; where one is larger, as much of it as may be held.
  const most = Math.max(1, Math.floor((4 * slabBytes) / Math.max(1, rowBytes(header))));
  const atOnce = rows >= chunkRows ? rows - (rows % chunkRows) : Math.min(chunkRows, most);
  const { readAt } = rowsAsBytes(header, once, atOnce);
  async function* slabs(): AsyncGenerator<Uint8Array> {
    const file = await Hdf5File.open(path, fileName);
    try {
      const all = shape[0] ?? 1;
      for (let first = 0; first < all; first += atOnce) yield box(file, first, Math.min(atOnce, all - first));
    } finally {
      file.close();
    }
  }
  return {
    open: () => Promise.resolve(Readable.from(slabs(), { objectMode: false, highWaterMark: 0 })),
    // Of packed chunks every single read unpacks a whole one.
    ...(chunks === null && { readAt }),
  };
}
