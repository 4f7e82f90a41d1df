import { AppError } from '#core/errors.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { maximumArrayValues } from '#core/ipc/areas/result.ts';
import type { NamedArray } from '#core/domain/result.ts';

/** A whole array of a result for the window; one that is too large for that is refused before it is read. */
export async function smallArrayOf(
  database: DatabaseMethods,
  resultId: string,
  name: string,
): Promise<NamedArray> {
  const { arrays } = await database.result(resultId);
  const info = arrays.find((array) => array.name === name);
  if (!info) {
    const known = arrays.map((array) => array.name).join(', ') || 'none';
    throw new AppError('not-found', `This result has no array "${name}". It has: ${known}.`, { name });
  }
  const count = info.rows * info.cols;
  if (count > maximumArrayValues) {
    throw new AppError(
      'bad-request',
      `The array "${name}" has ${count} values, more than the ${maximumArrayValues} given at once; read it by tiles.`,
      { name, count },
    );
  }
  const array = await database.array(resultId, name);
  const isExact = array.data.byteLength === array.data.buffer.byteLength;
  return isExact ? array : { ...array, data: array.data.slice() };
}
