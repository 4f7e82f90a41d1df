import { createHash } from 'node:crypto';
import { totalmem } from 'node:os';
import { AppError } from '#core/errors.ts';
import type { Tile } from '#core/ipc/areas/result.ts';
import { eachTile } from './array-store.ts';
import type { StoredArray } from './array-store.ts';
import { levelShape, tileExtent, tileSize } from './array-format.ts';
import type { Cells, Shape } from './array-format.ts';
import { halve } from './pyramid.ts';
import type { Sql } from './sql.ts';

/** Which unit stands at each place, and at which place each unit stands. */
interface Axis {
  units: Int32Array;
  places: Int32Array;
}

interface Order {
  rows: Axis;
  cols: Axis;
}

/** Orders kept at most; the window asks again for one that is gone. */
const mostOrders = 64;
/** What is held is let go when no tile was asked for so long. */
const idleMs = 60_000;
/** The finest level that is made whole in one pass over the stored matrix holds at most so many cells (16 MiB). */
const wholeLevelCells = 2048 * 2048;

function defaultBudgetBytes(): number {
  return Math.min(1024 ** 3, totalmem() / 8);
}

/**
 * Stored matrices with their rows and columns in another order, tile by tile, with the same pyramid rule: a coarse cell
 * is the value of largest magnitude under it, of equal magnitudes the positive one.
 *
 * The levels that fit `wholeLevelCells` are made together in one pass over the stored tiles. Of larger matrices the
 * finer levels are gathered from level 0, which is held as float32 while the budget allows and read again where not.
 */
export class OrderedMatrices {
  readonly #orders = new Map<string, Order>();
  /** Held level-0 cells by array, and made levels by array and order; the least recently used go first. */
  readonly #held = new Map<string, Float32Array<ArrayBuffer>[]>();
  readonly #budgetBytes: number;
  readonly #wholeCells: number;
  #bytes = 0;
  #idle: NodeJS.Timeout | undefined;

  /** @param wholeCells a level of at most so many cells is made whole */
  constructor(budgetBytes = defaultBudgetBytes(), wholeCells = wholeLevelCells) {
    this.#budgetBytes = budgetBytes;
    this.#wholeCells = wholeCells;
  }

  get heldBytes(): number {
    return this.#bytes;
  }

  /** Keeps an order, each list naming every unit once; the same order has the same id. @throws AppError `bad-request` */
  keep(rows: readonly number[], cols: readonly number[]): string {
    const order = { rows: axisOf(rows, 'rows'), cols: axisOf(cols, 'cols') };
    const hash = createHash('sha256').update(order.rows.units).update('|').update(order.cols.units);
    const id = hash.digest('hex').slice(0, 32);
    this.#orders.delete(id);
    this.#orders.set(id, order);
    const oldest = this.#orders.keys().next().value;
    if (this.#orders.size > mostOrders && oldest !== undefined) this.#orders.delete(oldest);
    return id;
  }

  /** @throws AppError `not-found` for an order that is not kept or a tile outside the pyramid, `bad-request` for an order of another size */
  tile(sql: Sql, array: StoredArray, id: string, level: number, row: number, col: number): Tile {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#letGo(), idleMs).unref();
    const order = this.#order(id, array);
    const shape = levelShape(array, level);
    const rows = tileExtent(shape.rows, row);
    const cols = tileExtent(shape.cols, col);
    if (level >= array.levels || rows <= 0 || cols <= 0)
      throw new AppError(
        'not-found',
        `${array.name} (${array.rows} x ${array.cols}, ${array.levels} levels) has no tile ${row}, ${col} at level ${level}.`,
        { array: array.name, level, row, col },
      );
    const place = { row: row * tileSize, col: col * tileSize, rows, cols };
    const first = firstWholeLevel(array, this.#wholeCells);
    if (level < first) return this.#gathered(sql, array, order, level, place);
    const levels = this.#wholeLevels(sql, array, order, id, first);
    return cut(levels[level - first], shape.cols, place);
  }

  clear(): void {
    clearTimeout(this.#idle);
    this.#orders.clear();
    this.#letGo();
  }

  #letGo(): void {
    this.#held.clear();
    this.#bytes = 0;
  }

  #order(id: string, array: StoredArray): Order {
    const order = this.#orders.get(id);
    if (!order)
      throw new AppError('not-found', 'This order of the units is no longer kept. Choose it again.', {
        order: id,
      });
    this.#orders.delete(id);
    this.#orders.set(id, order);
    const [rows, cols] = [order.rows.units.length, order.cols.units.length];
    if (rows !== array.rows || cols !== array.cols)
      throw new AppError(
        'bad-request',
        `The order is of ${rows} x ${cols} units, and ${array.name} is ${array.rows} x ${array.cols}. Use an order of its own size.`,
        { order: id, array: array.name },
      );
    return order;
  }

  #wholeLevels(
    sql: Sql,
    array: StoredArray,
    order: Order,
    id: string,
    first: number,
  ): Float32Array<ArrayBuffer>[] {
    return this.#keepHeld(`${array.id}/${id}`, () => {
      const shape = levelShape(array, first);
      const target = new Float32Array(shape.rows * shape.cols).fill(NaN);
      this.#eachPart(sql, array, (cells, part) => scatter(cells, part, order, first, target, shape.cols));
      const levels = [target];
      for (let level = first + 1; level < array.levels; level++) {
        const below = levelShape(array, level - 1);
        const above = new Float32Array(Math.ceil(below.rows / 2) * Math.ceil(below.cols / 2));
        halve(levels[level - first - 1], below.rows, below.cols, above);
        levels.push(above);
      }
      return levels;
    });
  }

  /** One tile of a level finer than those made whole. */
  #gathered(sql: Sql, array: StoredArray, order: Order, level: number, place: Place): Tile {
    const scale = 2 ** level;
    const rows = order.rows.units.subarray(place.row * scale, (place.row + place.rows) * scale);
    const cols = order.cols.units.subarray(place.col * scale, (place.col + place.cols) * scale);
    let values = new Float32Array(rows.length * cols.length);
    if (this.#canHold(array)) {
      const [source] = this.#source(sql, array);
      rows.forEach((unit, row) => {
        const from = unit * array.cols;
        const to = row * cols.length;
        for (let col = 0; col < cols.length; col++) values[to + col] = source[from + cols[col]];
      });
    } else {
      const window = { row: place.row * scale, col: place.col * scale, rows: rows.length, cols: cols.length };
      eachTile(sql, array, (cells, part) => pick(cells, part, order, window, values));
    }
    let shape: Shape = { rows: rows.length, cols: cols.length };
    for (let step = 0; step < level; step++) {
      const above = { rows: Math.ceil(shape.rows / 2), cols: Math.ceil(shape.cols / 2) };
      const halved = new Float32Array(above.rows * above.cols);
      halve(values, shape.rows, shape.cols, halved);
      [values, shape] = [halved, above];
    }
    return { ...shape, values };
  }

  /** The stored cells part by part, from memory where level 0 is held. */
  #eachPart(sql: Sql, array: StoredArray, use: (cells: Cells, part: Place) => void): void {
    const held = this.#held.get(`${array.id}`);
    if (held) use(held[0], { row: 0, col: 0, rows: array.rows, cols: array.cols });
    else eachTile(sql, array, use);
  }

  #source(sql: Sql, array: StoredArray): Float32Array<ArrayBuffer>[] {
    return this.#keepHeld(`${array.id}`, () => {
      const cells = new Float32Array(array.rows * array.cols);
      eachTile(sql, array, (tile, part) => {
        for (let row = 0; row < part.rows; row++)
          cells.set(
            tile.subarray(row * part.cols, (row + 1) * part.cols),
            (part.row + row) * array.cols + part.col,
          );
      });
      return [cells];
    });
  }

  #canHold({ rows, cols }: Shape): boolean {
    return rows * cols * 4 <= this.#budgetBytes;
  }

  #keepHeld(key: string, make: () => Float32Array<ArrayBuffer>[]): Float32Array<ArrayBuffer>[] {
    const known = this.#held.get(key);
    if (known) {
      this.#held.delete(key);
      this.#held.set(key, known);
      return known;
    }
    const made = make();
    const bytes = bytesOf(made);
    if (bytes > this.#budgetBytes) return made;
    for (const [oldest, parts] of this.#held) {
      if (this.#bytes + bytes <= this.#budgetBytes) break;
      this.#held.delete(oldest);
      this.#bytes -= bytesOf(parts);
    }
    this.#held.set(key, made);
    this.#bytes += bytes;
    return made;
  }
}

/** A part of a matrix: its first cell and its extent. */
interface Place extends Shape {
  row: number;
  col: number;
}

const bytesOf = (parts: Float32Array[]) => parts.reduce((sum, { byteLength }) => sum + byteLength, 0);

function firstWholeLevel(array: StoredArray, wholeCells: number): number {
  for (let level = 0; level < array.levels - 1; level++) {
    const { rows, cols } = levelShape(array, level);
    if (rows * cols <= wholeCells) return level;
  }
  return array.levels - 1;
}

function axisOf(units: readonly number[], name: string): Axis {
  const places = new Int32Array(units.length).fill(-1);
  units.forEach((unit, place) => {
    if (!Number.isInteger(unit) || unit < 0 || unit >= units.length || places[unit] >= 0)
      throw new AppError(
        'bad-request',
        `The order of ${name} is no order of ${units.length} units: place ${place} holds ${unit}${places[unit] >= 0 ? ', which has a place already' : ''}. Name every unit once.`,
        { path: [name, String(place)] },
      );
    places[unit] = place;
  });
  return { units: Int32Array.from(units), places };
}

/** Puts the part's cells where the order has them in a coarse level that starts as NaN. */
function scatter(
  cells: Cells,
  part: Place,
  { rows, cols }: Order,
  level: number,
  target: Float32Array,
  width: number,
): void {
  const colOf = cols.places.subarray(part.col, part.col + part.cols).map((place) => place >> level);
  for (let row = 0, at = 0; row < part.rows; row++) {
    const base = (rows.places[part.row + row] >> level) * width;
    for (let col = 0; col < part.cols; col++, at++) {
      const value = cells[at];
      const to = base + colOf[col];
      const best = target[to];
      // Two statements: taken apart as a pair they cost ten times as much here.
      const size = Math.abs(value);
      const most = Math.abs(best);
      if (size > most || best !== best || (size === most && value > best)) target[to] = value;
    }
  }
}

/** Takes from a stored part the cells that lie inside the window of the ordered matrix. */
function pick(cells: Cells, part: Place, { rows, cols }: Order, window: Place, target: Float32Array): void {
  for (let row = 0; row < part.rows; row++) {
    const to = rows.places[part.row + row] - window.row;
    if (to < 0 || to >= window.rows) continue;
    for (let col = 0; col < part.cols; col++) {
      const at = cols.places[part.col + col] - window.col;
      if (at >= 0 && at < window.cols) target[to * window.cols + at] = cells[row * part.cols + col];
    }
  }
}

function cut(cells: Float32Array, width: number, { row, col, rows, cols }: Place): Tile {
  const values = new Float32Array(rows * cols);
  for (let r = 0; r < rows; r++) {
    const from = (row + r) * width + col;
    values.set(cells.subarray(from, from + cols), r * cols);
  }
  return { rows, cols, values };
}
