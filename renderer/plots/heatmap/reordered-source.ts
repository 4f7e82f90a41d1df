import type { PlainError } from '#core/errors.ts';
import type { MatrixInfo, Tile } from '#core/ipc/areas/result.ts';
import { TileCache, type MatrixSource, type TileSource } from './matrix-source.ts';
import { placeOf, tilesIn, type TileAddress } from './tiles.ts';

/** Matrices up to this side can be put in another order: all of their tiles are then in memory at once. */
export const mostReorderedUnits = 5000;

/** A stored matrix with its rows and columns in another order, made tile by tile from the stored ones. */
export class ReorderedSource implements TileSource {
  readonly info: MatrixInfo;
  readonly #base: MatrixSource;
  readonly #rows: ArrayLike<number>;
  readonly #cols: ArrayLike<number>;
  readonly #made: TileCache;

  /** @param rows, cols which row and column of the stored matrix stands at each place. */
  constructor(
    base: MatrixSource,
    rows: ArrayLike<number>,
    cols: ArrayLike<number>,
    onForget: (tile: Tile) => void,
  ) {
    this.info = { ...base.info, rows: rows.length, cols: cols.length };
    this.#base = base;
    this.#rows = rows;
    this.#cols = cols;
    this.#made = new TileCache(64 * 1024 * 1024, onForget);
  }

  get error(): PlainError | undefined {
    return this.#base.error;
  }

  get(address: TileAddress): Tile | undefined {
    return this.#made.get(keyOf(address));
  }

  async request(address: TileAddress): Promise<void> {
    if (this.get(address)) return;
    const { rows, cols } = this.#base.info;
    const stored = tilesIn(this.#base.info, 0, { row0: 0, row1: rows, col0: 0, col1: cols });
    await Promise.all(stored.map((place) => this.#base.request(place.address)));
    const tile = this.#make(address);
    if (tile) this.#made.set(keyOf(address), tile);
  }

  dispose(): void {
    this.#made.clear();
  }

  /** Like the stored pyramid, a coarse cell is the value of largest magnitude in its block. */
  #make(address: TileAddress): Tile | undefined {
    const { tileSize } = this.info;
    const cell = 2 ** address.level;
    const place = placeOf(this.info, address);
    const rows = (place.row1 - place.row0) / cell;
    const cols = (place.col1 - place.col0) / cell;
    const values = new Float32Array(rows * cols).fill(NaN);
    const lastRow = Math.min(place.row1, this.#rows.length);
    const lastCol = Math.min(place.col1, this.#cols.length);
    for (let row = place.row0; row < lastRow; row++) {
      const from = this.#rows[row];
      const tiles = this.#bandOf(Math.floor(from / tileSize));
      if (!tiles) return undefined;
      const out = Math.floor((row - place.row0) / cell) * cols;
      for (let col = place.col0; col < lastCol; col++) {
        const at = this.#cols[col];
        const tile = tiles[Math.floor(at / tileSize)];
        const value = tile.values[(from % tileSize) * tile.cols + (at % tileSize)];
        const to = out + Math.floor((col - place.col0) / cell);
        if (Math.abs(value) > Math.abs(values[to]) || Number.isNaN(values[to])) values[to] = value;
      }
    }
    return { rows, cols, values };
  }

  /** The stored tiles of one row of tiles; undefined where one is missing. */
  #bandOf(row: number): Tile[] | undefined {
    const count = Math.ceil(this.#base.info.cols / this.info.tileSize);
    const tiles: Tile[] = [];
    for (let col = 0; col < count; col++) {
      const tile = this.#base.get({ level: 0, row, col });
      if (!tile) return undefined;
      tiles.push(tile);
    }
    return tiles;
  }
}

const keyOf = ({ level, row, col }: TileAddress) => `${level}/${row}/${col}`;
