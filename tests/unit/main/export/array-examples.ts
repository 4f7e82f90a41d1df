import type { Dtype, NamedArray } from '#core/domain/result.ts';
import type { StoredArray } from '#main/export/stored-array.ts';

type Data = NamedArray['data'];

function dtypeOf(data: Data): Dtype {
  if (data instanceof Float64Array) return 'float64';
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Int32Array ? 'int32' : 'uint8';
}

/** An array as the exports read it, in two bands where it has more than one row. */
export function arrayOf(name: string, shape: StoredArray['shape'], data: Data): StoredArray & { data: Data } {
  const cols = shape.at(1) ?? data.length;
  const half = shape.length === 1 ? data.length : Math.ceil(data.length / cols / 2) * cols;
  return {
    name,
    dtype: dtypeOf(data),
    shape,
    data,
    async *bands() {
      yield data.subarray(0, half);
      if (half < data.length) yield data.subarray(half);
    },
  };
}
