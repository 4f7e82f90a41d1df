import { AppError } from '#core/errors.ts';

/** Bytes of one value of every dtype that is read; the names are numpy's own. */
export const dtypeBytes = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  uint64: 8,
  int64: 8,
  float16: 2,
  bfloat16: 2,
  float32: 4,
  float64: 8,
} as const;
export type ArrayDtype = keyof typeof dtypeBytes;

/** What an array of numbers is, whatever file it lies in. */
export interface ArrayHeader {
  dtype: ArrayDtype;
  bigEndian: boolean;
  shape: number[];
  itemBytes: number;
  /** Product of the shape. */
  count: number;
}

/** More axes than any array of samples has; numpy's own limit is 64. */
const mostAxes = 32;

/** Checks a shape as a file claims it, before anything is allocated by it. `label` names file and array in messages. */
export function headerOf(
  dtype: ArrayDtype,
  shape: readonly number[],
  label: string,
  bigEndian = false,
): ArrayHeader {
  const itemBytes = dtypeBytes[dtype];
  const count = shape.reduce((product, size) => product * size, 1);
  const text = `[${shape.slice(0, mostAxes).join(', ')}]`;
  if (shape.length > mostAxes)
    throw new AppError('bad-data', `${label} claims ${shape.length} axes; at most ${mostAxes} are read.`);
  if (shape.some((size) => !Number.isSafeInteger(size) || size < 0))
    throw new AppError('bad-data', `${label} has an unreadable shape ${text}; it is damaged.`);
  if (!Number.isSafeInteger(count * itemBytes))
    throw new AppError('bad-data', `${label} claims a shape ${text} that no memory can hold.`);
  return { dtype, bigEndian, shape: [...shape], itemBytes, count };
}

/** Bytes of one sample: all that lies behind one index of the first axis. */
export function rowBytes({ shape, itemBytes }: Pick<ArrayHeader, 'shape' | 'itemBytes'>): number {
  return shape.slice(1).reduce((product, size) => product * size, itemBytes);
}
