import { describe, expect, it } from 'vitest';
import type { Client } from '#core/ipc/contract.ts';
import type { Tile } from '#core/ipc/areas/result.ts';
import { MatrixSource, TileCache } from '#renderer/plots/heatmap/matrix-source.ts';
import { MatrixViewport } from '#renderer/plots/heatmap/matrix-viewport.ts';
import { readColumn, readRow } from '#renderer/features/sparse-map/matrix-lines.ts';

const [rows, cols, tileSize] = [11, 7, 4];
const valueAt = (row: number, col: number) => (row * cols + col) * (row % 2 === 0 ? 1 : -1);

function stored(isBroken = false): MatrixSource {
  const tile = ({ row, col }: { row: number; col: number }): Tile => {
    const height = Math.min(tileSize, rows - row * tileSize);
    const width = Math.min(tileSize, cols - col * tileSize);
    const values = Float32Array.from({ length: height * width }, (_, at) =>
      valueAt(row * tileSize + Math.floor(at / width), col * tileSize + (at % width)),
    );
    return { rows: height, cols: width, values };
  };
  const client = {
    result: {
      tile: async (at: { row: number; col: number }) =>
        isBroken && at.row === 1
          ? { ok: false, error: { code: 'storage', message: 'Locked.', details: {} } }
          : { ok: true, value: tile(at) },
    },
  } as unknown as Client;
  const info = { name: 'm', rows, cols, tileSize, levels: 3, min: -77, max: 77 };
  return new MatrixSource(client, 'result', info, new TileCache(1 << 20));
}

describe('lines of a stored matrix', () => {
  it('are read across tiles', async () => {
    const row = await readRow(stored(), 9);
    const col = await readColumn(stored(), 6);
    expect(row.ok && [...row.value]).toEqual(Array.from({ length: cols }, (_, at) => valueAt(9, at)));
    expect(col.ok && [...col.value]).toEqual(Array.from({ length: rows }, (_, at) => valueAt(at, 6)));
  });

  it('fail with the reason', async () => {
    expect(await readColumn(stored(true), 0)).toMatchObject({ ok: false, error: { message: 'Locked.' } });
  });
});

describe('the part of a matrix that is shown', () => {
  it('keeps what is under the cursor when it zooms, and stays within the matrix', () => {
    const zoomed = new MatrixViewport(100, 50).zoomAt(2, 0.5, 0.5);
    expect(zoomed.window).toEqual({ row0: 25, row1: 75, col0: 12.5, col1: 37.5 });
    expect(zoomed.panBy(9, -9).window).toEqual({ row0: 0, row1: 50, col0: 25, col1: 50 });
    expect(zoomed.reveal(80, 0).window).toEqual({ row0: 31, row1: 81, col0: 0, col1: 25 });
    expect(zoomed.zoomAt(0.1, 0, 0).isWhole).toBe(true);
    expect(new MatrixViewport(100, 50).zoomAt(1e9, 0, 0).zoom).toBe(12.5);
  });
});
