import type { Dtype } from '#core/domain/result.ts';
import { bytesOf, bytesOfCells, type StoredArray } from './stored-array.ts';

const dtypes: Record<Dtype, string> = { float64: 'F64', float32: 'F32', int32: 'I32', uint8: 'U8' };

/**
 * The safetensors format: the length of a JSON header (8 bytes, little-endian), the header padded with spaces to
 * eight bytes, then the values. `metadata` is texts by name. Larger types stand first, so that each begins at a
 * multiple of its size, as the format's own writer has it.
 */
export async function* safetensorsPieces(
  arrays: readonly StoredArray[],
  metadata: Record<string, string>,
): AsyncGenerator<Uint8Array> {
  const order = ['float64', 'float32', 'int32', 'uint8'];
  const sorted = arrays.toSorted((x, y) => order.indexOf(x.dtype) - order.indexOf(y.dtype));
  let at = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const array of sorted) {
    const end = at + bytesOf(array);
    header[array.name] = { dtype: dtypes[array.dtype], shape: array.shape, data_offsets: [at, end] };
    at = end;
  }
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  yield length;
  yield padded;
  for (const array of sorted) for await (const band of array.bands()) yield bytesOfCells(band);
}
