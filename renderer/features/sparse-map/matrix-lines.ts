import type { Client } from '#core/ipc/contract.ts';
import type { Result } from '#core/result.ts';
import { MatrixSource, type TileCache } from '../../plots/heatmap/matrix-source.ts';
import { tilesIn, type CellWindow } from '../../plots/heatmap/tiles.ts';

/** A stored matrix to be read by tiles. */
export async function matrixSource(
  client: Client,
  resultId: string,
  array: string,
  cache: TileCache,
): Promise<Result<MatrixSource>> {
  const info = await client.result.matrix({ resultId, array });
  if (!info.ok) return info;
  return { ok: true, value: new MatrixSource(client, resultId, { ...info.value, name: array }, cache) };
}

/** One row of a matrix, from the tiles that it crosses. */
export function readRow(source: MatrixSource, row: number): Promise<Result<Float32Array>> {
  const { cols } = source.info;
  return readLine(source, { row0: row, row1: row + 1, col0: 0, col1: cols }, 'row');
}

export function readColumn(source: MatrixSource, col: number): Promise<Result<Float32Array>> {
  const { rows } = source.info;
  return readLine(source, { row0: 0, row1: rows, col0: col, col1: col + 1 }, 'column');
}

async function readLine(
  source: MatrixSource,
  line: CellWindow,
  kind: 'row' | 'column',
): Promise<Result<Float32Array>> {
  const values = new Float32Array(kind === 'row' ? source.info.cols : source.info.rows);
  for (const place of tilesIn(source.info, 0, line)) {
    await source.request(place.address);
    const tile = source.get(place.address);
    if (!tile)
      return {
        ok: false,
        error: source.error ?? { code: 'internal', message: 'A part of the matrix is missing.', details: {} },
      };
    if (kind === 'row') {
      const from = (line.row0 - place.row0) * tile.cols;
      values.set(tile.values.subarray(from, from + tile.cols), place.col0);
    } else {
      const col = line.col0 - place.col0;
      for (let row = 0; row < tile.rows; row++) values[place.row0 + row] = tile.values[row * tile.cols + col];
    }
  }
  return { ok: true, value: values };
}
