import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { NamedArray } from '#core/domain/result.ts';
import { readArray, writeArrayFile } from '#workers/files/array-file.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const arrays: NamedArray[] = [
  { name: 'bytes', dtype: 'uint8', rows: 1, cols: 3, data: Uint8Array.of(1, 2, 255) },
  { name: 'doubles', dtype: 'float64', rows: 2, cols: 2, data: Float64Array.of(0.1, -0, 1e300, Number.NaN) },
  { name: 'none', dtype: 'float32', rows: 0, cols: 4, data: new Float32Array(0) },
  { name: 'whole', dtype: 'int32', rows: 1, cols: 2, data: Int32Array.of(-1, 7) },
  { name: 'part', dtype: 'float32', rows: 1, cols: 2, data: Float32Array.of(9, 1, 2, 9).subarray(1, 3) },
];

it('gives back every array exactly, each on an 8-byte boundary', () => {
  const path = join(temporaryFolder(), 'a.arrays');
  const file = writeArrayFile(path, arrays);
  expect(file.arrays.every(({ offset }) => offset % 8 === 0)).toBe(true);
  for (const array of arrays) expect(readArray(file, array.name)).toEqual(array);
  const shared = readArray(file, 'whole', true);
  expect(shared.data.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect([...shared.data]).toEqual([-1, 7]);
  const whole = file.arrays.find(({ name }) => name === 'whole');
  expect(readFileSync(path).readInt32LE(whole?.offset)).toBe(-1);
});

it('refuses a wrong size, a name that is not there, a file that is shorter, and a folder that is missing', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a.arrays');
  expect(() => writeArrayFile(path, [{ ...arrays[0], cols: 4 }])).toThrow(/3 values for 1 x 4/);
  const file = writeArrayFile(path, arrays);
  expect(() => readArray(file, 'nothing')).toThrow(/has no array "nothing"/);
  truncateSync(path, 10);
  expect(() => readArray(file, 'doubles')).toThrow(/is shorter than its index says/);
  let failure: unknown;
  try {
    writeArrayFile(join(folder, 'missing', 'a.arrays'), arrays);
  } catch (error) {
    failure = error;
  }
  expect(failure).toMatchObject({
    code: 'storage',
    message: expect.stringContaining('Results cannot be written'),
  });
});
