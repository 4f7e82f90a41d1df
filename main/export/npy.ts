import type { Dtype } from '#core/domain/result.ts';

/** A C-ordered array of one or two dimensions, in the machine's (little-endian) byte order. */
export interface NpyArray {
  shape: [number] | [number, number];
  data: Float64Array | Float32Array | Int32Array | Uint8Array;
}

const descriptors: Record<Dtype, string> = { float64: '<f8', float32: '<f4', int32: '<i4', uint8: '|u1' };
const alignment = 64;

function dtypeOf(data: NpyArray['data']): Dtype {
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Int32Array ? 'int32' : 'uint8';
}

/**
 * NumPy's NPY format, version 1.0 (numpy.lib.format): header and values as two parts, so that a large array is
 * written without a copy. Throws a RangeError when the shape does not hold the values.
 */
function npyParts(array: NpyArray): [Uint8Array, Uint8Array] {
  const { data, shape } = array;
  const count = shape.reduce((product, side) => product * side, 1);
  if (count !== data.length) {
    throw new RangeError(
      `An array of shape (${shape.join(', ')}) holds ${count} values, not ${data.length}.`,
    );
  }
  const sides = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descriptors[dtypeOf(data)]}', 'fortran_order': False, 'shape': ${sides}, }`;
  const prefix = 10; // magic, version, length of the header
  const total = Math.ceil((prefix + text.length + 1) / alignment) * alignment;
  const padded = text.padEnd(total - prefix - 1, ' ') + '\n';
  const header = new Uint8Array(total);
  header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(header.buffer).setUint16(8, padded.length, true);
  for (let at = 0; at < padded.length; at++) header[prefix + at] = padded.charCodeAt(at);
  return [header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
}

/** The file as one piece. */
export function encodeNpy(array: NpyArray): Uint8Array {
  const [header, body] = npyParts(array);
  const file = new Uint8Array(header.length + body.length);
  file.set(header);
  file.set(body, header.length);
  return file;
}
