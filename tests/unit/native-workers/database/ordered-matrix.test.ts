import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createRandom } from '#core/random.ts';
import type { NamedArray } from '#core/domain/result.ts';
import { levelShape } from '#workers/database/array-format.ts';
import { readTile } from '#workers/database/array-store.ts';
import { createDatabaseMethods } from '#workers/database/methods.ts';
import { OrderedMatrices } from '#workers/database/ordered-matrix.ts';
import { openProjectFile } from '#workers/database/project-file.ts';
import { resultArray } from '#workers/database/result-store.ts';
import { newResult, writeArrayFile } from '../../../fixtures/database-records.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const random = createRandom(5);

function shuffled(count: number): number[] {
  const units = Array.from({ length: count }, (_, unit) => unit);
  for (let at = count - 1; at > 0; at--) {
    const other = random.nextInt(at + 1);
    [units[at], units[other]] = [units[other], units[at]];
  }
  return units;
}

/** A project with a matrix `m`, and with `direct`, the same one stored in the given order. */
async function projectWith(rows: number, cols: number, dtype: 'float64' | 'float32' = 'float64') {
  const [rowOrder, colOrder] = [shuffled(rows), shuffled(cols)];
  const make = (length: number) =>
    dtype === 'float64' ? new Float64Array(length) : new Float32Array(length);
  const [data, direct] = [make(rows * cols), make(rows * cols)];
  for (let at = 0; at < data.length; at++) data[at] = random.nextFloat() * 2 - 1;
  for (let at = 3; at < data.length; at += 41) data[at] = NaN;
  for (let row = 0; row < rows; row++)
    for (let col = 0; col < cols; col++)
      direct[row * cols + col] = data[rowOrder[row] * cols + colOrder[col]];
  const array = (name: string, values: typeof data): NamedArray => ({
    name,
    dtype,
    rows,
    cols,
    data: values,
  });
  const folder = temporaryFolder();
  const path = join(folder, 'p.consilience');
  const methods = createDatabaseMethods();
  await methods.open(path, 'create');
  const file = writeArrayFile(join(folder, 'r.bin'), [array('m', data), array('direct', direct)]);
  await methods.putResult(newResult('r', file));
  await methods.close();
  const { sql } = openProjectFile(path, 'open');
  return {
    sql,
    path,
    rowOrder,
    colOrder,
    m: resultArray(sql, 'r', 'm'),
    direct: resultArray(sql, 'r', 'direct'),
  };
}

const mebibyte = 1024 * 1024;

describe('a matrix in another order', () => {
  it.each([
    ['a small one', 40, 24, 64 * mebibyte, 1 << 22],
    ['one of several tiles, all levels made whole', 1300, 700, 64 * mebibyte, 1 << 22],
    ['one whose finest levels are gathered from memory', 1300, 1100, 64 * mebibyte, 1 << 17],
    ['one that the budget does not hold', 1300, 1100, 1 * mebibyte, 1 << 17],
    ['one of which not even a level is held', 1300, 1100, 1000, 1 << 17],
    ['a column', 1300, 1, 64 * mebibyte, 1 << 9],
  ])(
    '%s has the tiles of the matrix stored in that order, at every level',
    async (_name, rows, cols, budget, whole) => {
      const { sql, rowOrder, colOrder, m, direct } = await projectWith(rows, cols);
      const ordered = new OrderedMatrices(budget, whole);
      const id = ordered.keep(rowOrder, colOrder);
      let tiles = 0;
      for (let level = 0; level < m.levels; level++) {
        const shape = levelShape(m, level);
        for (let row = 0; row * 512 < shape.rows; row++)
          for (let col = 0; col * 512 < shape.cols; col++, tiles++)
            expect(ordered.tile(sql, m, id, level, row, col)).toEqual(readTile(sql, direct, level, row, col));
      }
      expect(tiles).toBeGreaterThan(m.levels - 1);
      expect(ordered.heldBytes).toBeLessThanOrEqual(budget);
    },
  );

  it('keeps +x rather than −x where both are largest, wherever the order puts them', async () => {
    const { sql, m } = await projectWith(1024, 1024, 'float32');
    const ordered = new OrderedMatrices();
    const natural = Array.from({ length: 1024 }, (_, unit) => unit);
    const swapped = natural.map((unit) => unit ^ 1);
    const one = ordered.tile(sql, m, ordered.keep(natural, natural), 1, 0, 0);
    expect(ordered.tile(sql, m, ordered.keep(swapped, natural), 1, 0, 0)).toEqual(one);
  });

  it('frees the least recently used beyond its budget, and answers the same again', async () => {
    const { sql, m } = await projectWith(1024, 1024);
    const ordered = new OrderedMatrices(6 * mebibyte);
    const orders = [0, 1, 2].map(() => ordered.keep(shuffled(1024), shuffled(1024)));
    const first = ordered.tile(sql, m, orders[0], 0, 1, 1);
    for (const id of orders) {
      ordered.tile(sql, m, id, 1, 0, 0);
      expect(ordered.heldBytes).toBeLessThanOrEqual(6 * mebibyte);
      expect(ordered.heldBytes).toBeGreaterThan(4 * mebibyte);
    }
    expect(ordered.tile(sql, m, orders[0], 0, 1, 1)).toEqual(first);
    ordered.clear();
    expect(ordered.heldBytes).toBe(0);
  });

  it('holds nothing once no tile was asked for a while, and still knows its orders', async () => {
    const { sql, m } = await projectWith(40, 24);
    vi.useFakeTimers();
    try {
      const ordered = new OrderedMatrices();
      const id = ordered.keep(shuffled(40), shuffled(24));
      const tile = ordered.tile(sql, m, id, 0, 0, 0);
      vi.advanceTimersByTime(59_000);
      ordered.tile(sql, m, id, 0, 0, 0);
      vi.advanceTimersByTime(59_000);
      expect(ordered.heldBytes).toBeGreaterThan(0);
      vi.advanceTimersByTime(2_000);
      expect(ordered.heldBytes).toBe(0);
      expect(ordered.tile(sql, m, id, 0, 0, 0)).toEqual(tile);
    } finally {
      vi.useRealTimers();
    }
  });

  it('refuses lists that are no order, orders of another size, orders it no longer has, tiles outside', async () => {
    const { sql, m } = await projectWith(40, 24);
    const ordered = new OrderedMatrices();
    expect(() => ordered.keep([0, 1, 1], [0])).toThrow(
      /order of rows is no order of 3 units: place 2 holds 1, which/,
    );
    expect(() => ordered.keep([0], [0, 2])).toThrow(/order of cols.*place 1 holds 2/);
    const wrong = ordered.keep(shuffled(24), shuffled(40));
    expect(() => ordered.tile(sql, m, wrong, 0, 0, 0)).toThrow(/24 x 40 units, and m is 40 x 24/);
    expect(() => ordered.tile(sql, m, 'unknown', 0, 0, 0)).toThrow(/no longer kept/);
    const right = ordered.keep(shuffled(40), shuffled(24));
    for (const [level, row, col] of [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ])
      expect(() => ordered.tile(sql, m, right, level, row, col)).toThrow(/has no tile/);
    for (let more = 0; more < 64; more++) ordered.keep(shuffled(20), [0]);
    expect(() => ordered.tile(sql, m, right, 0, 0, 0)).toThrow(/no longer kept/);
  });
});

describe('through the database', () => {
  it('an order is kept once and serves tiles; bad input is named', async () => {
    const { path, rowOrder, colOrder } = await projectWith(40, 24);
    const methods = createDatabaseMethods();
    await methods.open(path, 'open');
    const id = await methods.keepOrder(rowOrder, colOrder);
    expect(await methods.keepOrder(rowOrder, colOrder)).toBe(id);
    expect(await methods.tile('r', 'm', 0, 0, 0, id)).toEqual(await methods.tile('r', 'direct', 0, 0, 0));
    await expect(methods.keepOrder([-1], [0])).rejects.toThrow(/wrong rows/);
    await expect(methods.tile('r', 'm', 0, 0, 0, '')).rejects.toThrow(/wrong order/);
    await methods.close();
  });

  it.each([
    [40, 24],
    [700, 1100],
  ])('the values of every row’s partner are those of a %i x %i matrix', async (rows, cols) => {
    const folder = temporaryFolder();
    const data = Float64Array.from({ length: rows * cols }, (_, at) => at / 7);
    const partner = Int32Array.from({ length: rows }, (_, row) => (row % 5 === 4 ? -1 : (row * 37) % cols));
    const methods = createDatabaseMethods();
    await methods.open(join(folder, 'p.consilience'), 'create');
    const list = (name: string, values: Int32Array): NamedArray => ({
      name,
      dtype: 'int32',
      rows: 1,
      cols: values.length,
      data: values,
    });
    const arrays: NamedArray[] = [
      { name: 'm', dtype: 'float64', rows, cols, data },
      list('match', partner),
      list('short', partner.slice(1)),
      list('outside', partner.with(0, cols)),
    ];
    await methods.putResult(newResult('r', writeArrayFile(join(folder, 'r.bin'), arrays)));
    const ask = (array: string) => methods.partnerValues('r', 'm', { resultId: 'r', array });
    const expected = Array.from(partner, (col, row) => (col < 0 ? NaN : data[row * cols + col]));
    expect([...(await ask('match')).values]).toEqual(expected);
    await expect(ask('short')).rejects.toThrow(/Give one for each row/);
    await expect(ask('outside')).rejects.toThrow(/Row 0 of m has no column/);
    await methods.close();
  });
});
