import { AppError } from '#core/errors.ts';
import { badImage, mostEncodedBytes, rowName, type ImageFiles } from '../images/image-files.ts';
import { labelOf, type ArrayMember } from './array-container.ts';
import { Hdf5File, type Metadata } from './hdf5-library.ts';

/** Packed rows are unpacked a chunk at a time; chunks up to this size so fast that any order does. */
const quickBytes = 2 * 2 ** 20;

/** Whether a dataset [N] may hold encoded images: byte arrays, each of its own length (vlen) or all of one (opaque). */
export function isImageDataset({ type, shape, size, vlen_type: inner }: Metadata): boolean {
  if (shape?.length !== 1) return false;
  if (type === classes.opaque) return size > 0;
  return type === classes.variable && inner?.type === classes.integer && inner.size === 1;
}

const classes = { integer: 0, opaque: 5, variable: 9 };

export function imageMember(path: string, fileName: string, key: string, metadata: Metadata): ArrayMember {
  const words = `${labelOf(fileName, key)} holds bytes, not numbers; encoded images are read from it as data.images.`;
  return {
    key,
    header: new AppError('bad-data', words),
    images: {
      count: metadata.shape?.[0] ?? 0,
      open: () => hdf5Images(path, fileName, key, metadata),
    },
  };
}

async function hdf5Images(
  path: string,
  fileName: string,
  key: string,
  metadata: Metadata,
): Promise<ImageFiles> {
  const file = await Hdf5File.open(path, fileName);
  const rows = metadata.shape?.[0] ?? 0;
  const isOpaque = metadata.type === classes.opaque;
  // Of variable lengths only the places of the bytes lie in chunks.
  const atOnce = isOpaque ? Math.max(1, metadata.chunks?.[0] ?? 1) : 1;
  let known: { first: number; bytes: Uint8Array } | null = null;
  const opaque = (row: number) => {
    const first = row - (row % atOnce);
    const { size } = metadata;
    if (known?.first !== first)
      known = { first, bytes: file.read(key, [first], [Math.min(atOnce, rows - first)], size) };
    return known.bytes.subarray((row - first) * size, (row - first + 1) * size);
  };
  return {
    label: labelOf(fileName, key),
    names: Array.from({ length: rows }, (_, row) => rowName(row, fileName)),
    ignored: [],
    isSlowOutOfOrder: isOpaque && atOnce * metadata.size > quickBytes,
    close: () => file.close(),
    read(row) {
      const bytes = isOpaque ? opaque(row) : file.variable(key, row, mostEncodedBytes);
      const name = rowName(row, fileName);
      if (bytes === null) throw badImage(name, 'is larger than 256 MiB; it is no picture.');
      return Promise.resolve(bytes);
    },
  };
}
