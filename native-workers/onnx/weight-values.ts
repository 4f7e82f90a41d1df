import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TensorProto_DataLocation, type TensorProto } from 'onnx-buf';
import type { ModelFile } from './read-model.ts';
import { tensorValues, valueBytes } from './tensor-values.ts';

/** Of a file of weights that is read at once. */
const mostBytes = 64 * 2 ** 20;

/**
 * Values `first`, `first + step` ... of a constant, wherever its weights lie: in the model, or in a file beside it (one
 * that `readModel` has checked), of which only the part that is needed is read. Null where they are of no type of plain
 * numbers, are not there, or lie too far apart.
 */
export function weightValues(
  { path }: Pick<ModelFile, 'path'>,
  tensor: TensorProto,
  { first, count, step = 1 }: { first: number; count: number; step?: number },
): Float64Array | null {
  const span = (count - 1) * step + 1;
  const values =
    tensor.dataLocation === TensorProto_DataLocation.EXTERNAL
      ? externalValues(path, tensor, first, span)
      : tensorValues(tensor, first, span);
  return values && step > 1 ? values.filter((_, at) => at % step === 0) : values;
}

function externalValues(
  modelPath: string,
  tensor: TensorProto,
  first: number,
  count: number,
): Float64Array | null {
  const size = valueBytes(tensor);
  if (size === null || count * size > mostBytes) return null;
  const of = (key: string) => tensor.externalData.find((entry) => entry.key === key)?.value;
  const rawData = new Uint8Array(count * size);
  const start = Number(of('offset') ?? 0) + first * size;
  const file = openSync(join(dirname(modelPath), of('location') ?? ''), 'r');
  try {
    if (readSync(file, rawData, 0, rawData.length, start) < rawData.length) return null;
  } finally {
    closeSync(file);
  }
  return tensorValues({ ...tensor, rawData }, 0, count);
}
