import type { Dtype } from '#core/domain/result.ts';

/** Side of a tile in cells. Part of the file format: changing it needs a migration. */
export const tileSize = 512;

export const itemBytes: Record<Dtype, number> = { float64: 8, float32: 4, int32: 4, uint8: 1 };

export type Cells =
  Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

export interface Shape {
  rows: number;
  cols: number;
}

/** One row, or small enough for one tile: stored as one blob, without a pyramid. */
export function isWhole({ rows, cols }: Shape): boolean {
  return rows <= 1 || (rows <= tileSize && cols <= tileSize);
}

/** Levels of the pyramid: level 0 and each halving until a level fits in one tile. */
export function levelCount(shape: Shape): number {
  if (isWhole(shape)) return 1;
  return 1 + Math.ceil(Math.log2(Math.max(shape.rows, shape.cols) / tileSize));
}

/** Shape of a level: both sides halved `level` times, rounding up. */
export function levelShape({ rows, cols }: Shape, level: number): Shape {
  return { rows: Math.ceil(rows / 2 ** level), cols: Math.ceil(cols / 2 ** level) };
}

/** Cells of tile `index` along a side of `length` cells; at or below 0 when there is no such tile. */
export function tileExtent(length: number, index: number): number {
  return Math.min(tileSize, length - index * tileSize);
}

export function newCells(dtype: Dtype, length: number): Cells {
  return viewCells(dtype, new ArrayBuffer(length * itemBytes[dtype]), length);
}

/** The buffer's first `length` items as cells of this type; numbers are little-endian, as on every host we run on. */
export function viewCells(dtype: Dtype, buffer: ArrayBuffer, length: number): Cells {
  switch (dtype) {
    case 'float64':
      return new Float64Array(buffer, 0, length);
    case 'float32':
      return new Float32Array(buffer, 0, length);
    case 'int32':
      return new Int32Array(buffer, 0, length);
    case 'uint8':
      return new Uint8Array(buffer, 0, length);
  }
}

/** A blob as cells. The bytes are copied: a blob need not be aligned, and the copy may be transferred. */
export function cellsOfBlob(dtype: Dtype, blob: Uint8Array): Cells {
  const buffer = new ArrayBuffer(blob.byteLength);
  new Uint8Array(buffer).set(blob);
  return viewCells(dtype, buffer, blob.byteLength / itemBytes[dtype]);
}

/** The bytes of the first `length` cells, not copied. */
export function blobOfCells(cells: Cells, length = cells.length): Buffer {
  return Buffer.from(cells.buffer, cells.byteOffset, length * cells.BYTES_PER_ELEMENT);
}
