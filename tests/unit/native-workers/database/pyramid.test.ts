import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelCount, levelShape, tileExtent, tileSize, viewCells } from '#workers/database/array-format.ts';
import { halve, PyramidBuilder, Range } from '#workers/database/pyramid.ts';

const side = fc.integer({ min: 1, max: 9 });

/** The rule as a sentence has it: of each 2 x 2 block the first value of largest magnitude that is a number. */
function halvedByDefinition(cells: Float64Array, rows: number, cols: number): number[] {
  const out: number[] = [];
  for (let row = 0; row < rows; row += 2)
    for (let col = 0; col < cols; col += 2) {
      const block = [
        [row, col],
        [row, col + 1],
        [row + 1, col],
        [row + 1, col + 1],
      ]
        .filter(([r, c]) => r < rows && c < cols)
        .map(([r, c]) => cells[r * cols + c]);
      const numbers = block.filter((value) => !Number.isNaN(value));
      const largest = Math.max(...numbers.map(Math.abs));
      out.push(numbers.length ? Math.fround(numbers.find((value) => Math.abs(value) === largest)!) : NaN);
    }
  return out;
}

describe('halve', () => {
  it('keeps the value of largest magnitude of every block, for any shape and NaNs anywhere', () => {
    const shaped = fc.tuple(side, side).chain(([rows, cols]) =>
      fc.record({
        rows: fc.constant(rows),
        cols: fc.constant(cols),
        cells: fc.array(fc.constantFrom(-3, -1, -0.5, 0, 0.5, 1, 2, NaN), {
          minLength: rows * cols,
          maxLength: rows * cols,
        }),
      }),
    );
    fc.assert(
      fc.property(shaped, ({ rows, cols, cells }) => {
        const source = Float64Array.from(cells);
        const target = new Float32Array(Math.ceil(rows / 2) * Math.ceil(cols / 2));
        halve(source, rows, cols, target);
        expect([...target]).toEqual(halvedByDefinition(source, rows, cols));
      }),
    );
  });
});

describe('levels', () => {
  it.each([
    [1, 100_000, 1],
    [24, 24, 1],
    [512, 512, 1],
    [513, 1, 2],
    [513, 700, 2],
    [1024, 1024, 2],
    [1025, 3, 3],
    [8192, 8192, 5],
  ])('%i x %i has %i', (rows, cols, levels) => {
    expect(levelCount({ rows, cols })).toBe(levels);
    const last = levelShape({ rows, cols }, levels - 1);
    if (rows > 1) expect(Math.max(last.rows, last.cols)).toBeLessThanOrEqual(tileSize);
  });
});

describe('PyramidBuilder', () => {
  it.each([
    [513, 700],
    [1025, 513],
    [2049, 3],
    [3, 1500],
    [1536, 1024],
  ])('gives of %i x %i the tiles of each level halved in turn', (rows, cols) => {
    const cells = Float64Array.from({ length: rows * cols }, (_, i) => Math.sin(i * 1.7) * (i % 13));
    const tiles = new Map<string, Buffer>();
    const levels = levelCount({ rows, cols });
    const builder = new PyramidBuilder({ rows, cols }, levels, (level, row, col, data) => {
      const key = `${level} ${row} ${col}`;
      expect(tiles.has(key)).toBe(false);
      tiles.set(key, Buffer.from(data));
    });
    for (let first = 0; first < rows; first += tileSize) {
      const height = Math.min(tileSize, rows - first);
      builder.addBand(cells.slice(first * cols, (first + height) * cols), height);
    }

    let expected: Float64Array | Float32Array = cells;
    let count = 0;
    for (let level = 0; level < levels; level++) {
      const shape = levelShape({ rows, cols }, level);
      for (let row = 0; row * tileSize < shape.rows; row++)
        for (let col = 0; col * tileSize < shape.cols; col++, count++) {
          const [height, width] = [tileExtent(shape.rows, row), tileExtent(shape.cols, col)];
          const blob = tiles.get(`${level} ${row} ${col}`)!;
          const buffer = new Uint8Array(blob).buffer;
          const tile = viewCells(level === 0 ? 'float64' : 'float32', buffer, height * width);
          const wrong = tile.findIndex((value, i) => {
            const r = row * tileSize + Math.floor(i / width);
            return value !== expected[r * shape.cols + col * tileSize + (i % width)];
          });
          expect(wrong).toBe(-1);
          expect(blob.length).toBe(height * width * (level === 0 ? 8 : 4));
        }
      const above = new Float32Array(Math.ceil(shape.rows / 2) * Math.ceil(shape.cols / 2));
      halve(expected as Float64Array<ArrayBuffer>, shape.rows, shape.cols, above);
      expected = above;
    }
    expect(tiles.size).toBe(count);
  });
});

describe('Range', () => {
  it.each([
    [[3, -2, NaN, 5], -2, 5],
    [[NaN, NaN], null, null],
    [[], null, null],
    [[Infinity], Infinity, Infinity],
    [[-Infinity, -Infinity], -Infinity, -Infinity],
    [[0], 0, 0],
  ])('of %j', (cells, min, max) => {
    const range = new Range();
    range.add(Float64Array.from(cells));
    expect([range.min, range.max]).toEqual([min, max]);
  });
});
