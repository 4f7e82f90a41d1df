import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { npyPieces } from '#main/export/npy.ts';
import { arrayOf } from './array-examples.ts';

const folder = mkdtempSync(join(tmpdir(), 'consilience-npy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const arrays = [
  arrayOf('doubles', [2, 3], Float64Array.of(0.1, -2, 3e300, NaN, -Infinity, 0)),
  arrayOf('floats', [3, 1], Float32Array.of(0.5, -1.25, 3)),
  arrayOf('integers', [4], Int32Array.of(-1, 0, 7, 2147483647)),
  arrayOf('bytes', [2, 2], Uint8Array.of(0, 1, 254, 255)),
  arrayOf('none', [0, 5], new Float64Array(0)),
];

async function fileOf(array: (typeof arrays)[number]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of npyPieces(array)) pieces.push(piece);
  return Buffer.concat(pieces);
}

test.each(arrays)('$dtype: header as the format asks', async (array) => {
  const file = await fileOf(array);
  expect(file.subarray(0, 8)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]));
  const length = file.readUInt16LE(8);
  expect((10 + length) % 64).toBe(0);
  const header = file.toString('latin1', 10, 10 + length);
  expect(header.endsWith('\n')).toBe(true);
  expect(header).toContain("'fortran_order': False");
  expect(file.length).toBe(10 + length + array.data.byteLength);
});

test('a view into a larger buffer writes only its own values', async () => {
  const whole = Float64Array.of(1, 2, 3, 4);
  const file = await fileOf(arrayOf('view', [2], whole.subarray(1, 3)));
  expect([file.readDoubleLE(file.length - 16), file.readDoubleLE(file.length - 8)]).toEqual([2, 3]);
});

test('a shape that does not hold the values is refused', async () => {
  await expect(fileOf(arrayOf('x', [2, 2], new Float64Array(3)))).rejects.toThrow('holds 4 values, not 3');
});

const python = ['/usr/bin/python3', 'python3'].find(
  (program) => spawnSync(program, ['-c', 'import numpy']).status === 0,
);
test.skipIf(!python).each(arrays)('$dtype: numpy reads it back (skipped without numpy)', async (array) => {
  const { dtype, shape: sides } = array;
  const path = join(folder, `${dtype}-${sides.join('x')}.npy`);
  writeFileSync(path, await fileOf(array));
  const script =
    'import sys, numpy as n; a = n.load(sys.argv[1], allow_pickle=False); print(a.dtype, a.shape, a.ravel().tolist())';
  const run = spawnSync(python as string, ['-c', script, path]);
  const shape = sides.length === 1 ? `(${sides[0]},)` : `(${sides.join(', ')})`;
  const values = run.stdout.toString().trim().slice(`${dtype} ${shape} `.length);
  expect(run.stdout.toString()).toContain(`${dtype} ${shape} [`);
  const read = values.slice(1, -1).split(', ').filter(Boolean);
  const parsed = read.map((text) => (text === 'nan' ? NaN : text === '-inf' ? -Infinity : Number(text)));
  expect(parsed).toEqual([...array.data]);
});
