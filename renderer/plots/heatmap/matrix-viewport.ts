import type { CellWindow } from './tiles.ts';

/** The fewest cells of the longer side that fill the picture. */
const fewestCells = 8;

/** The part of one matrix that is shown: both sides zoomed alike. */
export class MatrixViewport {
  readonly rows: number;
  readonly cols: number;
  readonly zoom: number;
  readonly row: number;
  readonly col: number;

  constructor(rows: number, cols: number, zoom = 1, row = 0, col = 0) {
    this.rows = rows;
    this.cols = cols;
    this.zoom = Math.min(Math.max(1, Math.max(rows, cols) / fewestCells), Math.max(1, zoom));
    this.row = Math.min(rows - rows / this.zoom, Math.max(0, row));
    this.col = Math.min(cols - cols / this.zoom, Math.max(0, col));
  }

  get isWhole(): boolean {
    return this.zoom === 1;
  }

  get window(): CellWindow {
    const { row, col, rows, cols, zoom } = this;
    return { row0: row, row1: row + rows / zoom, col0: col, col1: col + cols / zoom };
  }

  /** Zooms and keeps what is under (x, y), shares of the picture, where it is. */
  zoomAt(factor: number, x: number, y: number): MatrixViewport {
    const { zoom } = new MatrixViewport(this.rows, this.cols, this.zoom * factor);
    const gain = 1 / this.zoom - 1 / zoom;
    return this.#at(this.row + y * gain * this.rows, this.col + x * gain * this.cols, zoom);
  }

  /** Moves by shares of the picture. */
  panBy(x: number, y: number): MatrixViewport {
    return this.#at(this.row + (y * this.rows) / this.zoom, this.col + (x * this.cols) / this.zoom);
  }

  /** The least move that shows the cell wholly. */
  reveal(row: number, col: number): MatrixViewport {
    const moved = (start: number, span: number, at: number) => Math.min(at, Math.max(start, at + 1 - span));
    return this.#at(moved(this.row, this.rows / this.zoom, row), moved(this.col, this.cols / this.zoom, col));
  }

  whole(): MatrixViewport {
    return new MatrixViewport(this.rows, this.cols);
  }

  #at(row: number, col: number, zoom = this.zoom): MatrixViewport {
    return new MatrixViewport(this.rows, this.cols, zoom, row, col);
  }
}
