import type { Dtype } from '#core/domain/result.ts';
import { bytesOfCells, cellsOf, type StoredArray } from './stored-array.ts';

const descriptors: Record<Dtype, string> = { float64: '<f8', float32: '<f4', int32: '<i4', uint8: '|u1' };
const alignment = 64;

/** NumPy's NPY format, version 1.0 (numpy.lib.format): all that stands before the values, which are C-ordered. */
export function npyHeader({ dtype, shape }: Pick<StoredArray, 'dtype' | 'shape'>): Uint8Array {
  const sides = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descriptors[dtype]}', 'fortran_order': False, 'shape': ${sides}, }`;
  const prefix = 10; // magic, version, length of the header
  const total = Math.ceil((prefix + text.length + 1) / alignment) * alignment;
  const padded = text.padEnd(total - prefix - 1, ' ') + '\n';
  const header = new Uint8Array(total);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(header.buffer).setUint16(8, padded.length, true);
  for (let at = 0; at < padded.length; at++) header[prefix + at] = padded.charCodeAt(at);
  return header;
}

/** The file in pieces. Throws a RangeError when the values are not as many as the shape says. */
export async function* npyPieces(array: StoredArray): AsyncGenerator<Uint8Array> {
  yield npyHeader(array);
  let values = 0;
  for await (const band of array.bands()) {
    values += band.length;
    yield bytesOfCells(band);
  }
  if (values !== cellsOf(array)) {
    throw new RangeError(
      `An array of shape (${array.shape.join(', ')}) holds ${cellsOf(array)} values, not ${values}.`,
    );
  }
}
