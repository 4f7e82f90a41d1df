import type { Client } from '#core/ipc/contract.ts';
import type { Result } from '#core/result.ts';
import { tileOfCell } from '../../plots/heatmap/tiles.ts';

/** One value of a stored matrix, at full size. */
export async function readCell(
  client: Client,
  matrix: { resultId: string; array: string },
  row: number,
  col: number,
): Promise<Result<number>> {
  const info = await client.result.matrix(matrix);
  if (!info.ok) return info;
  const { address, ...cell } = tileOfCell(info.value, row, col);
  const tile = await client.result.tile({ ...matrix, ...address });
  return tile.ok ? { ok: true, value: tile.value.values[cell.row * tile.value.cols + cell.col] } : tile;
}
