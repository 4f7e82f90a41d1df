import { join } from 'node:path';
import { statSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { createDatabaseMethods } from '#workers/database/methods.ts';
import { openProjectFile } from '#workers/database/project-file.ts';
import { matrix, newCapture, newResult, writeArrayFile } from '../../../fixtures/database-records.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

async function projectWith(arrays: NamedArray[]) {
  const folder = temporaryFolder();
  const methods = createDatabaseMethods();
  await methods.open(join(folder, 'p.consilience'), 'create');
  await methods.putResult(newResult('r', writeArrayFile(join(folder, 'r.bin'), arrays)));
  return { folder, methods };
}

/** The level read tile by tile. */
async function levelOf(methods: DatabaseMethods, name: string, level: number) {
  const info = await methods.matrixInfo('r', name);
  const rows = Math.ceil(info.rows / 2 ** level);
  const cols = Math.ceil(info.cols / 2 ** level);
  const cells = new Float32Array(rows * cols).fill(-99);
  for (let row = 0; row * 512 < rows; row++)
    for (let col = 0; col * 512 < cols; col++) {
      const tile = await methods.tile('r', name, level, row, col);
      for (let r = 0; r < tile.rows; r++)
        cells.set(
          tile.values.subarray(r * tile.cols, (r + 1) * tile.cols),
          (row * 512 + r) * cols + col * 512,
        );
    }
  return { rows, cols, cells };
}

describe('arrays of a result', () => {
  it('come in bands that join to the whole, in their own type', async () => {
    const shapes: [number, number][] = [
      [1100, 3],
      [512, 600],
      [300, 200],
      [1, 5000],
      [0, 4],
    ];
    const { methods } = await projectWith(
      shapes.map(([rows, cols]) => matrix(`m${rows}`, rows, cols, (r, c) => r / 3 + c)),
    );
    for (const [rows] of shapes) {
      const whole = await methods.array('r', `m${rows}`);
      const joined: number[] = [];
      let read = 0;
      for (let index = 0; read < rows; index++) {
        const band = await methods.band('r', `m${rows}`, index);
        expect(band.dtype).toBe('float64');
        for (const value of band.data) joined.push(value);
        read += band.rows;
      }
      expect(Float64Array.from(joined)).toEqual(whole.data);
    }
    await expect(methods.band('r', 'm1100', 3)).rejects.toMatchObject({ code: 'not-found' });
    await expect(methods.band('r', 'm1100', -1)).rejects.toMatchObject({ code: 'bad-request' });
    await methods.close();
  });

  it('gives back every type and shape exactly', async () => {
    const arrays: NamedArray[] = [
      matrix('big', 513, 700, (r, c) => (r * 700 + c) / 3 - 1e4),
      matrix('exact tile', 512, 512, (r, c) => r - c),
      { name: 'vector', dtype: 'float32', rows: 1, cols: 3, data: new Float32Array([1.5, NaN, -Infinity]) },
      {
        name: 'long vector',
        dtype: 'int32',
        rows: 1,
        cols: 2000,
        data: Int32Array.from({ length: 2000 }, (_, i) => -i),
      },
      {
        name: 'column',
        dtype: 'int32',
        rows: 1300,
        cols: 1,
        data: Int32Array.from({ length: 1300 }, (_, i) => i),
      },
      {
        name: 'flags',
        dtype: 'uint8',
        rows: 600,
        cols: 3,
        data: Uint8Array.from({ length: 1800 }, (_, i) => i),
      },
      { name: 'empty', dtype: 'int32', rows: 0, cols: 4, data: new Int32Array(0) },
    ];
    const { methods } = await projectWith(arrays);
    for (const array of arrays) {
      const got = await methods.array('r', array.name);
      expect({ ...got, data: null }).toEqual({ ...array, data: null });
      expect(got.data.constructor).toBe(array.data.constructor);
      expect(Buffer.from(got.data.buffer).equals(Buffer.from(array.data.buffer))).toBe(true);
    }
    const { arrays: listed } = await methods.result('r');
    expect(listed).toEqual(arrays.map(({ data, ...info }) => (void data, info)));
    await methods.close();
  });

  it('serves level 0 as float32 and a diagonal that survives every level', async () => {
    const diagonal = matrix('d', 1300, 1300, (r, c) => (r === c ? -1 : ((r * 7 + c) % 11) / 100));
    const { methods } = await projectWith([diagonal]);
    expect(await methods.matrixInfo('r', 'd')).toEqual({
      name: 'd',
      rows: 1300,
      cols: 1300,
      tileSize: 512,
      levels: 3,
      min: -1,
      max: 0.1,
    });
    const base = await levelOf(methods, 'd', 0);
    expect(base.cells.every((value, i) => value === Math.fround((diagonal.data as Float64Array)[i]))).toBe(
      true,
    );
    for (const level of [1, 2]) {
      const { rows, cols, cells } = await levelOf(methods, 'd', level);
      expect([rows, cols]).toEqual([Math.ceil(1300 / 2 ** level), Math.ceil(1300 / 2 ** level)]);
      for (let i = 0; i < rows; i++) expect(cells[i * cols + i]).toBe(-1);
    }
    await methods.close();
  });

  it('serves a long vector in pieces and refuses tiles that are not there', async () => {
    const { methods } = await projectWith([
      matrix('v', 1, 1100, (_r, c) => c),
      matrix('m', 600, 10, (r) => r),
    ]);
    const last = await methods.tile('r', 'v', 0, 0, 2);
    expect(last).toEqual({
      rows: 1,
      cols: 76,
      values: Float32Array.from({ length: 76 }, (_, i) => 1024 + i),
    });
    expect(await methods.tile('r', 'm', 0, 1, 0)).toMatchObject({ rows: 88, cols: 10 });
    for (const [name, level, row, col] of [
      ['v', 0, 0, 3],
      ['v', 1, 0, 0],
      ['m', 0, 2, 0],
      ['m', 0, 0, 1],
      ['m', 2, 0, 0],
    ] as const)
      await expect(methods.tile('r', name, level, row, col)).rejects.toMatchObject({ code: 'not-found' });
    await methods.close();
  });

  it('stores equal arrays once, and removes one with the last result that names it', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'p.consilience');
    const methods = createDatabaseMethods();
    await methods.open(path, 'create');
    const within = matrix('within', 24, 24, (r, c) => 1 / (1 + r + c));
    for (const id of ['r1', 'r2', 'r3']) {
      const own = matrix('between', 24, 24, (r, c) => r + c + id.charCodeAt(1));
      const renamed = { ...within, name: `within of ${id}` };
      await methods.putResult(newResult(id, writeArrayFile(join(folder, 'a.bin'), [renamed, own])));
    }
    const sameBytes: NamedArray = { ...within, name: 'flat', rows: 1, cols: 576 };
    await methods.putCapture(newCapture('c', writeArrayFile(join(folder, 'c.bin'), [sameBytes])));
    await methods.close();

    const file = openProjectFile(path, 'open');
    const count = (table: string) => file.sql.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n;
    expect(count('arrays')).toBe(5);
    expect(count('tiles')).toBe(5);
    const bytes = Buffer.from(within.data.buffer);
    const sha256 = createHash('sha256').update('float64 24 24\n').update(bytes).digest('hex');
    expect(file.sql.get('SELECT dtype, row_count FROM arrays WHERE sha256 = ?', sha256)).toEqual({
      dtype: 'float64',
      row_count: 24,
    });
    file.sql.run("DELETE FROM results WHERE result_id IN ('r1', 'r2')");
    expect(count('arrays')).toBe(3);
    file.sql.run("DELETE FROM results WHERE result_id = 'r3'");
    file.sql.run("DELETE FROM captures WHERE capture_id = 'c'");
    expect([count('arrays'), count('tiles'), count('result_arrays'), count('capture_arrays')]).toEqual([
      0, 0, 0, 0,
    ]);
    file.close();
  });

  it('leaves nothing of a result whose file is short, and says which array', async () => {
    const { folder, methods } = await projectWith([matrix('m', 2, 2, () => 1)]);
    const file = writeArrayFile(join(folder, 'short.bin'), [matrix('x', 3, 3, (r) => r)]);
    file.arrays.push({ ...file.arrays[0], name: 'y', offset: 8 });
    await expect(methods.putResult(newResult('s', file))).rejects.toMatchObject({
      code: 'run-failed',
      message: expect.stringContaining('array y'),
    });
    const missing = { ...file, path: join(folder, 'nowhere.bin') };
    await expect(methods.putResult(newResult('s', missing))).rejects.toMatchObject({ code: 'run-failed' });
    expect(await methods.storedResults(['r', 's'])).toEqual(['r']);
    await methods.close();
  });
});

describe('exportCapture', () => {
  it('writes the arrays the engine gave, aligned, bit for bit', async () => {
    const folder = temporaryFolder();
    const methods = createDatabaseMethods();
    await methods.open(join(folder, 'p.consilience'), 'create');
    const arrays: NamedArray[] = [
      { name: '0/train/dead', dtype: 'uint8', rows: 1, cols: 5, data: Uint8Array.of(1, 0, 0, 1, 1) },
      matrix('0/train/m2', 530, 530, (r, c) => r * c + 0.1),
      {
        name: '0/train/top-image',
        dtype: 'int32',
        rows: 5,
        cols: 3,
        data: Int32Array.from({ length: 15 }, (_, i) => i),
      },
    ];
    const engineFile = writeArrayFile(join(folder, 'c.bin'), arrays);
    await methods.putCapture(newCapture('c', engineFile));
    const out = await methods.exportCapture('c', join(folder, 'out.bin'));
    expect(out.arrays).toEqual(engineFile.arrays);
    const [given, written] = [engineFile.path, out.path].map((path) => readFileSync(path));
    for (const { offset, bytes } of out.arrays) {
      expect(offset % 8).toBe(0);
      expect(written.subarray(offset, offset + bytes).equals(given.subarray(offset, offset + bytes))).toBe(
        true,
      );
    }
    expect(statSync(out.path).size).toBeLessThanOrEqual(statSync(engineFile.path).size);
    expect((await methods.captureArray('c', '0/train/dead')).data).toEqual(Uint8Array.of(1, 0, 0, 1, 1));
    await expect(methods.captureArray('c', 'nothing')).rejects.toMatchObject({ code: 'not-found' });
    const nowhere = join(folder, 'no', 'out.bin');
    await expect(methods.exportCapture('c', nowhere)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining(nowhere),
    });
    await methods.close();
  });
});
