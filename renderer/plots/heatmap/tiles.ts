import type { MatrixInfo } from '#core/ipc/areas/result.ts';

/** A visible part of a matrix, in cells of level 0; ends are exclusive and need not be whole. */
export interface CellWindow {
  row0: number;
  row1: number;
  col0: number;
  col1: number;
}

export interface TileAddress {
  level: number;
  row: number;
  col: number;
}

/** A tile's place in cells of level 0; tiles of coarse levels may reach past the matrix by less than one cell. */
export interface TilePlace extends CellWindow {
  address: TileAddress;
}

/**
 * The coarsest level whose cells are not larger than a device pixel would show: at least one pixel a cell.
 * @param pixelsPerCell device pixels a level-0 cell covers
 */
export function levelFor(pixelsPerCell: number, levels: number): number {
  if (!(pixelsPerCell > 0)) return levels - 1;
  const level = Math.ceil(Math.log2(1 / pixelsPerCell) - 1e-9);
  return Math.min(levels - 1, Math.max(0, level));
}

/** Tiles of a level that the window touches, row by row. */
export function tilesIn(info: MatrixInfo, level: number, window: CellWindow): TilePlace[] {
  const cell = 2 ** level;
  const side = info.tileSize * cell;
  const rows = Math.ceil(info.rows / side);
  const cols = Math.ceil(info.cols / side);
  const places: TilePlace[] = [];
  const lastRow = Math.min(rows, Math.ceil(window.row1 / side));
  const lastCol = Math.min(cols, Math.ceil(window.col1 / side));
  for (let row = Math.max(0, Math.floor(window.row0 / side)); row < lastRow; row++) {
    for (let col = Math.max(0, Math.floor(window.col0 / side)); col < lastCol; col++) {
      places.push(placeOf(info, { level, row, col }));
    }
  }
  return places;
}

export function placeOf(info: MatrixInfo, address: TileAddress): TilePlace {
  const cell = 2 ** address.level;
  const end = (start: number, length: number) =>
    Math.min(start + info.tileSize, Math.ceil(length / cell)) * cell;
  const row = address.row * info.tileSize;
  const col = address.col * info.tileSize;
  return {
    address,
    row0: row * cell,
    row1: end(row, info.rows),
    col0: col * cell,
    col1: end(col, info.cols),
  };
}

/** Where a level-0 cell lies: its tile, and its index in that tile. */
export function tileOfCell(info: MatrixInfo, row: number, col: number) {
  const address = { level: 0, row: Math.floor(row / info.tileSize), col: Math.floor(col / info.tileSize) };
  return { address, row: row % info.tileSize, col: col % info.tileSize };
}
