import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encodeNpy } from '#main/export/npy.ts';
import type { NpyArray } from '#main/export/npy.ts';

const folder = mkdtempSync(join(tmpdir(), 'consilience-npy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const arrays: [string, NpyArray][] = [
  ['float64', { shape: [2, 3], data: Float64Array.of(0.1, -2, 3e300, NaN, -Infinity, 0) }],
  ['float32', { shape: [3, 1], data: Float32Array.of(0.5, -1.25, 3) }],
  ['int32', { shape: [4], data: Int32Array.of(-1, 0, 7, 2147483647) }],
  ['uint8', { shape: [2, 2], data: Uint8Array.of(0, 1, 254, 255) }],
  ['float64', { shape: [0, 5], data: new Float64Array(0) }],
];

test.each(arrays)('%s: header as the format asks', (_dtype, array) => {
  const file = Buffer.from(encodeNpy(array));
  expect(file.subarray(0, 8)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]));
  const length = file.readUInt16LE(8);
  expect((10 + length) % 64).toBe(0);
  const header = file.toString('latin1', 10, 10 + length);
  expect(header.endsWith('\n')).toBe(true);
  expect(header).toContain("'fortran_order': False");
  expect(file.length).toBe(10 + length + array.data.byteLength);
});

test('a view into a larger buffer writes only its own values', () => {
  const whole = Float64Array.of(1, 2, 3, 4);
  const file = Buffer.from(encodeNpy({ shape: [2], data: whole.subarray(1, 3) }));
  expect([file.readDoubleLE(file.length - 16), file.readDoubleLE(file.length - 8)]).toEqual([2, 3]);
});

test('a shape that does not hold the values is refused', () => {
  expect(() => encodeNpy({ shape: [2, 2], data: new Float64Array(3) })).toThrow('holds 4 values, not 3');
});

const python = ['/usr/bin/python3', 'python3'].find(
  (program) => spawnSync(program, ['-c', 'import numpy']).status === 0,
);
test.skipIf(!python).each(arrays)('%s: numpy reads it back (skipped without numpy)', (dtype, array) => {
  const path = join(folder, `${dtype}-${array.shape.join('x')}.npy`);
  writeFileSync(path, encodeNpy(array));
  const script =
    'import sys, numpy as n; a = n.load(sys.argv[1], allow_pickle=False); print(a.dtype, a.shape, a.ravel().tolist())';
  const run = spawnSync(python as string, ['-c', script, path]);
  const shape = array.shape.length === 1 ? `(${array.shape[0]},)` : `(${array.shape.join(', ')})`;
  const values = run.stdout.toString().trim().slice(`${dtype} ${shape} `.length);
  expect(run.stdout.toString()).toContain(`${dtype} ${shape} [`);
  const read = values.slice(1, -1).split(', ').filter(Boolean);
  const parsed = read.map((text) => (text === 'nan' ? NaN : text === '-inf' ? -Infinity : Number(text)));
  expect(parsed).toEqual([...array.data]);
});
