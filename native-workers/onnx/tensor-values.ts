import type { TensorProto } from 'onnx-buf';
import { halfToNumber } from '../data/decode-samples.ts';

/** ONNX element types that weights come in. */
const types = { float32: 1, int32: 6, int64: 7, float16: 10, float64: 11 } as const;

/** Bytes of one value where it is of a type that is read, else null. */
export function valueBytes({ dataType }: TensorProto): number | null {
  const bytes: Record<number, number> = {
    [types.float16]: 2,
    [types.float32]: 4,
    [types.int32]: 4,
    [types.float64]: 8,
    [types.int64]: 8,
  };
  return bytes[dataType] ?? null;
}

export function dimsOf(tensor: TensorProto): number[] {
  return tensor.dims.map(Number);
}

/**
 * Values `first` to `first + count` of a constant tensor as numbers; null where its type is none of float32, float64,
 * float16, int32 and int64, or it has fewer values.
 */
export function tensorValues(tensor: TensorProto, first: number, count: number): Float64Array | null {
  const read = rawReader(tensor) ?? listReader(tensor);
  if (!read || first + count > read.length) return null;
  return Float64Array.from({ length: count }, (_, at) => read.at(first + at));
}

interface Reader {
  length: number;
  at(index: number): number;
}

function rawReader({ rawData, dataType }: TensorProto): Reader | null {
  if (rawData.length === 0) return null;
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const reader = (bytes: number, at: (offset: number) => number): Reader => ({
    length: Math.floor(rawData.byteLength / bytes),
    at: (index) => at(index * bytes),
  });
  switch (dataType) {
    case types.float32:
      return reader(4, (offset) => view.getFloat32(offset, true));
    case types.float64:
      return reader(8, (offset) => view.getFloat64(offset, true));
    case types.float16:
      return reader(2, (offset) => halfToNumber(view.getUint16(offset, true)));
    case types.int32:
      return reader(4, (offset) => view.getInt32(offset, true));
    case types.int64:
      return reader(8, (offset) => Number(view.getBigInt64(offset, true)));
    default:
      return null;
  }
}

function listReader(tensor: TensorProto): Reader | null {
  const lists: Record<number, ArrayLike<number | bigint>> = {
    [types.float32]: tensor.floatData,
    [types.float64]: tensor.doubleData,
    [types.int32]: tensor.int32Data,
    [types.int64]: tensor.int64Data,
  };
  if (tensor.dataType === types.float16)
    return { length: tensor.int32Data.length, at: (index) => halfToNumber(tensor.int32Data[index] & 0xffff) };
  const list = lists[tensor.dataType];
  return list ? { length: list.length, at: (index) => Number(list[index]) } : null;
}
