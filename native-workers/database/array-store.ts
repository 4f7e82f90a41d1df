import { AppError } from '#core/errors.ts';
import type { MatrixInfo, Tile } from '#core/ipc/areas/result.ts';
import type { ArrayFile } from '#core/ipc/engine.ts';
import type { ArrayInfo, NamedArray } from '#core/domain/result.ts';
import {
  blobOfCells,
  cellsOfBlob,
  isWhole,
  itemBytes,
  levelCount,
  levelShape,
  newCells,
  tileExtent,
  tileSize,
} from './array-format.ts';
import type { Cells } from './array-format.ts';
import type { ArraySource } from './array-source.ts';
import { PyramidBuilder, Range } from './pyramid.ts';
import { inserts, keyedQueries } from './queries.ts';
import type { Sql } from './sql.ts';

/** A stored array as a result or a capture names it. */
export interface StoredArray extends ArrayInfo {
  id: number;
  levels: number;
  min: number | null;
  max: number | null;
}

/**
 * Stores one array of the source unless it is there already; to be called inside a transaction. Returns its id.
 *
 * @param levels of the pyramid: 1 for what is never looked at as a whole
 */
export function putArray(
  sql: Sql,
  source: ArraySource,
  array: ArrayFile['arrays'][number],
  levels = levelCount(array),
): number {
  const sha256 = source.hash(array);
  const known = sql.get<{ id: number }>(keyedQueries.arrayByHash, sha256);
  if (known) return known.id;
  const id = sql.run(inserts.array, sha256, array.dtype, array.rows, array.cols, levels);
  const range = new Range();
  if (isWhole(array)) {
    const cells = source.rows(array, 0, array.rows);
    range.add(cells);
    sql.run(inserts.tile, id, 0, 0, 0, blobOfCells(cells));
  } else {
    const builder = new PyramidBuilder(array, levels, (level, row, col, data) =>
      sql.run(inserts.tile, id, level, row, col, data),
    );
    for (let first = 0; first < array.rows; first += tileSize) {
      const rows = Math.min(tileSize, array.rows - first);
      const cells = source.rows(array, first, rows);
      range.add(cells);
      builder.addBand(cells, rows);
    }
  }
  sql.run(inserts.arrayRange, range.min, range.max, id);
  return id;
}

/** The array's bands of at most `tileSize` rows from the top, in stored dtype; one band for a whole array. */
export function* bandsOf(sql: Sql, array: StoredArray): Generator<Cells> {
  const count = isWhole(array) ? 1 : Math.ceil(array.rows / tileSize);
  for (let index = 0; index < count; index++) yield cellsOfBand(sql, array, index);
}

/** One band of `bandsOf`. @throws AppError `not-found` below the last */
export function readBand(sql: Sql, array: StoredArray, index: number): NamedArray {
  const { name, dtype, cols } = array;
  const rows = isWhole(array) ? (index === 0 ? array.rows : 0) : tileExtent(array.rows, index);
  if (rows <= 0 && index > 0)
    throw new AppError('not-found', `${name} has ${array.rows} rows and no band ${index}.`, { array: name });
  return { name, dtype, rows, cols, data: cellsOfBand(sql, array, index) };
}

function cellsOfBand(sql: Sql, array: StoredArray, index: number): Cells {
  if (isWhole(array)) return tileCells(sql, array, 0, 0, 0);
  const rows = tileExtent(array.rows, index);
  const band = newCells(array.dtype, rows * array.cols);
  for (let tileCol = 0; tileCol * tileSize < array.cols; tileCol++) {
    const width = tileExtent(array.cols, tileCol);
    const tile = tileCells(sql, array, 0, index, tileCol);
    for (let row = 0; row < rows; row++) {
      const start = row * width;
      band.set(tile.subarray(start, start + width), row * array.cols + tileCol * tileSize);
    }
  }
  return band;
}

/** Every stored tile of level 0 with its place; one for a whole array. */
export function eachTile(
  sql: Sql,
  array: StoredArray,
  use: (cells: Cells, place: { row: number; col: number; rows: number; cols: number }) => void,
): void {
  const { rows, cols } = array;
  if (isWhole(array)) return use(tileCells(sql, array, 0, 0, 0), { row: 0, col: 0, rows, cols });
  for (let row = 0; row * tileSize < rows; row++)
    for (let col = 0; col * tileSize < cols; col++) {
      const place = { row: row * tileSize, col: col * tileSize };
      const shape = { rows: tileExtent(rows, row), cols: tileExtent(cols, col) };
      use(tileCells(sql, array, 0, row, col), { ...place, ...shape });
    }
}

/**
 * The value of every row at its partner's column, NaN where it has none (-1). Reads one tile at a time, and only
 * those that hold a partner.
 * @throws AppError `bad-request` where the partners are not one a row, or lie outside
 */
export function valuesOfPartners(sql: Sql, array: StoredArray, partners: ArrayLike<number>): Float64Array {
  if (partners.length !== array.rows)
    throw new AppError(
      'bad-request',
      `${array.name} has ${array.rows} rows, and ${partners.length} partners were given. Give one for each row.`,
      { array: array.name },
    );
  const values = new Float64Array(array.rows).fill(NaN);
  const side = isWhole(array) ? Math.max(array.rows, array.cols, 1) : tileSize;
  for (let top = 0; top < array.rows; top += side) {
    const rowsOfTile = new Map<number, number[]>();
    for (let row = top; row < Math.min(top + side, array.rows); row++) {
      const col = partners[row];
      if (col === -1) continue;
      if (!Number.isInteger(col) || col < 0 || col >= array.cols)
        throw new AppError('bad-request', `Row ${row} of ${array.name} has no column ${col}.`, { row, col });
      const tile = Math.floor(col / side);
      const rows = rowsOfTile.get(tile);
      if (rows) rows.push(row);
      else rowsOfTile.set(tile, [row]);
    }
    for (const [tile, rows] of rowsOfTile) {
      const cells = tileCells(sql, array, 0, top / side, tile);
      const width = Math.min(side, array.cols - tile * side);
      for (const row of rows) values[row] = cells[(row - top) * width + partners[row] - tile * side];
    }
  }
  return values;
}

/** The whole array. */
export function readArray(sql: Sql, array: StoredArray): NamedArray {
  const { name, dtype, rows, cols } = array;
  if (isWhole(array)) return { name, dtype, rows, cols, data: tileCells(sql, array, 0, 0, 0) };
  const data = newCells(dtype, rows * cols);
  let at = 0;
  for (const band of bandsOf(sql, array)) {
    data.set(band, at);
    at += band.length;
  }
  return { name, dtype, rows, cols, data };
}

/** Minimum and maximum are those of level 0 without its NaNs, NaN where no cell is a number. */
export function matrixInfoOf({ name, rows, cols, levels, min, max }: StoredArray): MatrixInfo {
  return { name, rows, cols, tileSize, levels, min: min ?? NaN, max: max ?? NaN };
}

/** One tile as float32. @throws AppError `not-found` outside the pyramid. */
export function readTile(sql: Sql, array: StoredArray, level: number, row: number, col: number): Tile {
  const shape = levelShape(array, level);
  const rows = tileExtent(shape.rows, row);
  const cols = tileExtent(shape.cols, col);
  if (level >= array.levels || rows <= 0 || cols <= 0)
    throw new AppError(
      'not-found',
      `${array.name} (${array.rows} x ${array.cols}, ${array.levels} levels) has no tile ${row}, ${col} at level ${level}.`,
      { array: array.name, level, row, col },
    );
  if (array.rows > 1) return { rows, cols, values: asFloat32(tileCells(sql, array, level, row, col)) };
  const bytes = itemBytes[array.dtype];
  const part = sql.get<{ data: Buffer }>(
    keyedQueries.blobPart,
    col * tileSize * bytes + 1,
    cols * bytes,
    array.id,
  );
  if (!part) throw missingTile(array);
  return { rows, cols, values: asFloat32(cellsOfBlob(array.dtype, part.data)) };
}

function tileCells(sql: Sql, array: StoredArray, level: number, row: number, col: number): Cells {
  const found = sql.get<{ data: Buffer }>(keyedQueries.tile, array.id, level, row, col);
  if (!found) throw missingTile(array);
  return cellsOfBlob(level === 0 ? array.dtype : 'float32', found.data);
}

function asFloat32(cells: Cells): Float32Array<ArrayBuffer> {
  return cells instanceof Float32Array ? cells : Float32Array.from(cells);
}

function missingTile(array: StoredArray): AppError {
  return new AppError(
    'bad-project',
    `The project file is damaged: part of array ${array.name} is missing. Open a backup of the file, or run the recipe again into a new file.`,
    { array: array.name },
  );
}
