import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bandedMatrix } from '#workers/align/task.ts';
import { readArray, writeArrayFile, type BandedArray } from '#workers/files/array-file.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const cols = 3 * 2 ** 18;

/** Rows of 6 MiB: a band holds one. */
function wide(rows: number, seen: [number, number][] = []): BandedArray {
  return bandedMatrix('wide', 'float64', { rows, cols }, (first, count) => {
    seen.push([first, count]);
    return Float64Array.from({ length: count * cols }, (_, at) => first * cols + at);
  });
}

describe('a matrix that is made while it is written', () => {
  it('is made band by band, and is what it would be as a whole, hash and place of the next included', () => {
    const folder = temporaryFolder();
    const seen: [number, number][] = [];
    const next = { name: 'next', dtype: 'uint8' as const, rows: 1, cols: 3, data: Uint8Array.of(1, 2, 3) };
    const banded = writeArrayFile(join(folder, 'a.arrays'), [wide(3, seen), next], true);
    expect(seen).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ]);
    const { name, dtype, rows, data } = wide(3);
    const whole = writeArrayFile(join(folder, 'b.arrays'), [{ name, dtype, rows, cols, data }, next], true);
    expect(banded.arrays).toEqual(whole.arrays);
    expect(readArray(banded, 'wide').data).toEqual(data);
    expect(readArray(banded, 'next').data).toEqual(next.data);
    const hash = createHash('sha256').update(data).digest('hex');
    expect(banded.arrays[0].sha256).toBe(hash);
  });

  it('may have no rows, or rows without cells', () => {
    const folder = temporaryFolder();
    const none = bandedMatrix('none', 'float32', { rows: 0, cols: 4 }, () => new Float32Array(0));
    const empty = bandedMatrix('empty', 'float32', { rows: 4, cols: 0 }, () => new Float32Array(0));
    const file = writeArrayFile(join(folder, 'a.arrays'), [none, empty]);
    expect(file.arrays.map(({ bytes }) => bytes)).toEqual([0, 0]);
  });

  it('is refused where its bands are not its rows', () => {
    const short = bandedMatrix('short', 'float32', { rows: 2, cols: 4 }, () => new Float32Array(4));
    expect(() => writeArrayFile(join(temporaryFolder(), 'a.arrays'), [short])).toThrow(
      'Array short: 4 values for 2 x 4.',
    );
  });
});
