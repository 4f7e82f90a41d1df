import { levelOf } from '#core/figure/colour/maps.ts';
import type { Matrix } from '#core/figure/data.ts';
import type { ValueRange } from '#core/figure/spec.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { MatrixInfo } from '#core/ipc/areas/result.ts';

/** Matrices of more cells than this are never held as numbers. */
const mostCells = 1 << 22;

export const isStreamed = ({ rows, cols }: MatrixInfo): boolean => rows * cols > mostCells;

/**
 * A stored matrix as one colour a cell, read tile by tile: an eighth of its float64 memory. The range has to be known
 * before, and is the only one it can be drawn with.
 */
export async function streamedMatrix(
  database: DatabaseMethods,
  resultId: string,
  info: MatrixInfo,
  range: ValueRange,
): Promise<Matrix> {
  const { rows, cols, tileSize, min, max, name } = info;
  const cells = new Uint8Array(rows * cols);
  const scale = 1 / (range.max - range.min);
  for (let tileRow = 0; tileRow * tileSize < rows; tileRow++) {
    for (let tileCol = 0; tileCol * tileSize < cols; tileCol++) {
      const tile = await database.tile(resultId, name, 0, tileRow, tileCol);
      for (let row = 0; row < tile.rows; row++) {
        const to = (tileRow * tileSize + row) * cols + tileCol * tileSize;
        const from = row * tile.cols;
        for (let col = 0; col < tile.cols; col++) {
          cells[to + col] = levelOf((tile.values[from + col] - range.min) * scale);
        }
      }
    }
  }
  return {
    rows,
    cols,
    values: new Float64Array(0),
    stats: { min, max },
    levels(asked) {
      if (asked.min === range.min && asked.max === range.max) return cells;
      throw new RangeError(`The matrix ${name} was read for the range ${range.min} to ${range.max}.`);
    },
  };
}
