import { describe, expect, it } from 'vitest';
import { axisTicks } from '#renderer/plots/heatmap/heatmap-axes.ts';
import { LinkedViewport } from '#renderer/plots/heatmap/linked-viewport.ts';
import { TileCache } from '#renderer/plots/heatmap/matrix-source.ts';
import { levelFor, placeOf, tileOfCell, tilesIn } from '#renderer/plots/heatmap/tiles.ts';

const info = { name: 'between', rows: 1300, cols: 700, tileSize: 512, levels: 3, min: -1, max: 1 };

describe('level of detail', () => {
  it('gives every cell a pixel at least', () => {
    expect(levelFor(5, 4)).toBe(0);
    expect(levelFor(1, 4)).toBe(0);
    expect(levelFor(0.5, 4)).toBe(1);
    expect(levelFor(0.3, 4)).toBe(2);
    expect(levelFor(0.001, 4)).toBe(3);
    expect(levelFor(0, 4)).toBe(3);
  });
});

describe('tiles', () => {
  it('of the whole matrix cover it, edge tiles smaller', () => {
    const tiles = tilesIn(info, 0, { row0: 0, row1: 1300, col0: 0, col1: 700 });
    expect(tiles.map(({ address }) => [address.row, address.col])).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ]);
    expect(tiles.at(-1)).toMatchObject({ row0: 1024, row1: 1300, col0: 512, col1: 700 });
  });

  it('are those the window touches', () => {
    const tiles = tilesIn(info, 0, { row0: 511.5, row1: 512.5, col0: 0, col1: 512 });
    expect(tiles.map(({ address }) => [address.row, address.col])).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it('of a coarse level round the matrix up', () => {
    expect(placeOf({ ...info, rows: 1301 }, { level: 2, row: 0, col: 0 })).toMatchObject({
      row1: 1304,
      col1: 700,
    });
  });

  it('hold a cell at a known index', () => {
    expect(tileOfCell(info, 1030, 700 - 1)).toEqual({
      address: { level: 0, row: 2, col: 1 },
      row: 6,
      col: 187,
    });
  });
});

describe('the tile cache', () => {
  const tile = (cells: number) => ({ rows: 1, cols: cells, values: new Float32Array(cells) });

  it('forgets the least recently used first', () => {
    const forgotten: number[] = [];
    const cache = new TileCache(4 * 30, ({ cols }) => forgotten.push(cols));
    cache.set('a', tile(10));
    cache.set('b', tile(11));
    cache.get('a');
    cache.set('c', tile(12));
    expect(forgotten).toEqual([11]);
    expect(cache.get('a')).toBeDefined();
    expect(cache.bytes).toBe(4 * 22);
  });

  it('keeps a tile larger than its budget while it is the newest', () => {
    const cache = new TileCache(4, () => undefined);
    cache.set('big', tile(100));
    expect(cache.get('big')).toBeDefined();
  });
});

describe('the linked viewport', () => {
  const whole = new LinkedViewport(64, 128);

  it('shows everything at first', () => {
    expect(whole.window('between')).toEqual({ row0: 0, row1: 64, col0: 0, col1: 128 });
    expect(whole.isWhole).toBe(true);
  });

  it('keeps the cell under the cursor in place', () => {
    const near = whole.zoomAt('between', 4, 0.25, 0.75);
    const { row0, row1, col0, col1 } = near.window('between');
    expect(row0 + 0.75 * (row1 - row0)).toBeCloseTo(48);
    expect(col0 + 0.25 * (col1 - col0)).toBeCloseTo(32);
    expect(row1 - row0).toBeCloseTo(16);
  });

  it('moves panels that share an axis together', () => {
    const near = whole.zoomAt('permuted', 2, 1, 1);
    const { row0, row1 } = near.window('permuted');
    for (const panel of ['a', 'between'] as const) expect(near.window(panel)).toMatchObject({ row0, row1 });
    expect(near.window('a')).toMatchObject({ col0: row0, col1: row1 });
  });

  it('stays inside the matrix and never below the whole', () => {
    const moved = whole.zoomAt('a', 2, 0, 0).panBy('a', -5, 9);
    expect(moved.window('a')).toEqual({ row0: 32, row1: 64, col0: 0, col1: 32 });
    expect(whole.zoomAt('b', 0.1, 0.5, 0.5).zoom).toBe(1);
    expect(whole.zoomAt('b', 1e9, 0.5, 0.5).zoom).toBe(32);
  });

  it('reveals a cell by the least move', () => {
    const near = whole.zoomAt('between', 4, 0, 0);
    expect(near.reveal('between', 3, 3)).toBe(near);
    expect(near.reveal('between', 16, 0).window('between')).toMatchObject({ row0: 1, row1: 17, col0: 0 });
  });
});

describe('ticks of a picture', () => {
  it('are round unit numbers inside the window', () => {
    expect(axisTicks(0, 48, 120)).toEqual([0, 20, 40]);
    expect(axisTicks(14.6, 28.9, 400)).toEqual([16, 18, 20, 22, 24, 26, 28]);
    expect(axisTicks(3.2, 6.9, 30).every(Number.isInteger)).toBe(true);
  });
});
