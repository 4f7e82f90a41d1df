import { blobOfCells, levelShape, tileExtent, tileSize, viewCells } from './array-format.ts';
import type { Cells, Shape } from './array-format.ts';

export type TileWriter = (level: number, tileRow: number, tileCol: number, data: Buffer) => void;

/**
 * Halves `rows` x `cols` cells on both sides, rounding up, into `target` from row `firstRow` of ceil(cols / 2)
 * cells. A cell becomes the value of largest magnitude in its 2 x 2 block, so that a thin diagonal survives; of
 * equal magnitudes the first in reading order stays, and any number wins over NaN.
 */
export function halve(source: Cells, rows: number, cols: number, target: Float32Array, firstRow = 0): void {
  const width = Math.ceil(cols / 2);
  for (let row = 0; row < rows; row += 2) {
    const top = row * cols;
    // The last odd row or column is compared with itself.
    const bottom = row + 1 < rows ? top + cols : top;
    const out = (firstRow + (row >> 1)) * width;
    for (let i = 0; i < width; i++) {
      const left = 2 * i;
      const right = left + 1 < cols ? left + 1 : left;
      let best = source[top + left];
      best = larger(best, source[top + right]);
      best = larger(best, source[bottom + left]);
      target[out + i] = larger(best, source[bottom + right]);
    }
  }
}

function larger(best: number, other: number): number {
  return Math.abs(other) > Math.abs(best) || best !== best ? other : best;
}

/** Smallest and largest number of the cells seen; null while none was a number. */
export class Range {
  #min = Infinity;
  #max = -Infinity;

  add(cells: Cells, length = cells.length): void {
    let min = this.#min;
    let max = this.#max;
    for (let i = 0; i < length; i++) {
      const value = cells[i];
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.#min = min;
    this.#max = max;
  }

  get min(): number | null {
    return this.#seen ? this.#min : null;
  }

  get max(): number | null {
    return this.#seen ? this.#max : null;
  }

  get #seen(): boolean {
    return this.#min !== Infinity || this.#max !== -Infinity;
  }
}

/** The rows of one level that wait until a row of tiles is full. */
interface LevelBand {
  shape: Shape;
  cells: Float32Array<ArrayBuffer>;
  filled: number;
  tileRow: number;
}

/**
 * Cuts a matrix given in bands of `tileSize` rows (the last may be shorter) into tiles of every level. Memory: two
 * bands' worth of cells, whatever the number of rows.
 */
export class PyramidBuilder {
  readonly #write: TileWriter;
  readonly #shape: Shape;
  readonly #bands: LevelBand[] = [];
  /** One tile at a time: the writer must be done with the data when it returns. */
  readonly #scratch = new ArrayBuffer(tileSize * tileSize * 8);
  #tileRow = 0;

  constructor(shape: Shape, levels: number, write: TileWriter) {
    this.#shape = shape;
    this.#write = write;
    for (let level = 1; level < levels; level++) {
      const at = levelShape(shape, level);
      const height = Math.min(tileSize, at.rows);
      this.#bands.push({ shape: at, cells: new Float32Array(height * at.cols), filled: 0, tileRow: 0 });
    }
  }

  addBand(cells: Cells, rows: number): void {
    const tileRow = this.#tileRow++;
    this.#cut(0, tileRow, cells, rows, this.#shape.cols);
    this.#passUp(0, cells, rows, this.#shape.cols);
  }

  /** Adds the halved band to the level above, and that level's band to the next when it is full. */
  #passUp(level: number, cells: Cells, rows: number, cols: number): void {
    const above = this.#bands[level];
    if (!above) return;
    halve(cells, rows, cols, above.cells, above.filled);
    above.filled += Math.ceil(rows / 2);
    const expected = tileExtent(above.shape.rows, above.tileRow);
    if (above.filled < expected) return;
    this.#cut(level + 1, above.tileRow, above.cells, above.filled, above.shape.cols);
    this.#passUp(level + 1, above.cells, above.filled, above.shape.cols);
    above.filled = 0;
    above.tileRow++;
  }

  #cut(level: number, tileRow: number, band: Cells, rows: number, cols: number): void {
    const dtype = dtypeOf(band);
    for (let tileCol = 0; tileCol * tileSize < cols; tileCol++) {
      const width = tileExtent(cols, tileCol);
      const tile = viewCells(dtype, this.#scratch, rows * width);
      for (let row = 0; row < rows; row++) {
        const start = row * cols + tileCol * tileSize;
        tile.set(band.subarray(start, start + width), row * width);
      }
      this.#write(level, tileRow, tileCol, blobOfCells(tile));
    }
  }
}

function dtypeOf(cells: Cells) {
  if (cells instanceof Float64Array) return 'float64';
  if (cells instanceof Float32Array) return 'float32';
  return cells instanceof Int32Array ? 'int32' : 'uint8';
}
