import { AppError } from '#core/errors.ts';
import type { ArrayBytes } from './array-container.ts';
import type { ArrayHeader } from './array-header.ts';
import { rowsAsBytes } from './row-bytes.ts';

/** Arrays up to this size are held whole; packed ones must be. */
const heldBytes = 256 * 2 ** 20;
/** More values in a row than this are not gathered one by one. */
const mostColumns = 2 ** 24;
/** Rows of an array in a file are gathered from as many places as a row has values: the slab is worth large reads. */
const gatheredBytes = 64 * 2 ** 20;

/**
 * An array stored in Fortran order (first axis fastest), read in row-major order: slab after slab of rows, each
 * gathered column by column; a packed one is unpacked into memory first.
 */
export function fromFortranOrder(header: ArrayHeader, bytes: ArrayBytes, label: string): ArrayBytes {
  const { shape, itemBytes, count } = header;
  const [rows] = shape;
  const columns = rows === 0 ? 0 : count / rows;
  if (columns > mostColumns)
    throw new AppError(
      'not-available',
      `${label} is in Fortran order with ${columns} values a sample; save numpy.ascontiguousarray of it.`,
    );
  const { readAt } = bytes;
  let places: Float64Array | null = null;
  let held: Promise<Uint8Array> | null = null;
  const readColumn = async (at: number, into: Uint8Array) => {
    if (readAt && count * itemBytes > heldBytes) return readAt(at, into);
    held ??= readWhole(bytes, count * itemBytes, label);
    into.set((await held).subarray(at, at + into.length));
  };
  const readRows = async (first: number, wanted: number) => {
    places ??= rowMajorPlaces(shape.slice(1));
    const slab = new Uint8Array(wanted * columns * itemBytes);
    const column = new Uint8Array(wanted * itemBytes);
    for (let index = 0; index < columns; index++) {
      await readColumn((index * rows + first) * itemBytes, column);
      scatter(column, slab, places[index] * itemBytes, columns * itemBytes, itemBytes);
    }
    return slab;
  };
  const atOnce = Math.max(1, Math.floor(gatheredBytes / Math.max(1, columns * itemBytes)));
  return rowsAsBytes(header, readRows, atOnce);
}

/** Place in row-major order of every column, counted in Fortran order. */
function rowMajorPlaces(shape: readonly number[]): Float64Array {
  const columns = shape.reduce((product, size) => product * size, 1);
  const places = new Float64Array(columns);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  for (let index = 0; index < columns; index++) {
    let rest = index;
    let place = 0;
    shape.forEach((size, axis) => {
      place += (rest % size) * strides[axis];
      rest = Math.floor(rest / size);
    });
    places[index] = place;
  }
  return places;
}

function scatter(from: Uint8Array, to: Uint8Array, start: number, stride: number, itemBytes: number): void {
  for (let row = 0; row * itemBytes < from.length; row++)
    for (let byte = 0; byte < itemBytes; byte++)
      to[start + row * stride + byte] = from[row * itemBytes + byte];
}

async function readWhole({ open }: ArrayBytes, length: number, label: string): Promise<Uint8Array> {
  if (length > heldBytes)
    throw new AppError(
      'not-available',
      `${label} is in Fortran order and packed, and larger than ${heldBytes / 2 ** 20} MiB; save it with numpy.save, or as numpy.ascontiguousarray of it.`,
    );
  const whole = new Uint8Array(length);
  let done = 0;
  for await (const chunk of await open()) {
    const part = (chunk as Buffer).subarray(0, length - done);
    whole.set(part, done);
    done += part.length;
    if (done === length) return whole;
  }
  throw new AppError('bad-data', `${label} ends before its last sample; the file is cut off.`);
}
