import { matrixToRgba } from '#core/figure/colour/maps.ts';
import type { Tile } from '#core/ipc/areas/result.ts';
import type { HeatmapFrame, Painter } from './painter.ts';

interface TilePicture {
  look: string;
  canvas: HTMLCanvasElement;
}

/** Draws without WebGL: one small canvas a tile, coloured on the processor when the look changes. */
export class CanvasPainter implements Painter {
  readonly kind = 'canvas';
  readonly #pictures = new Map<Tile, TilePicture>();

  paint(target: CanvasRenderingContext2D, x: number, y: number, frame: HeatmapFrame): void {
    const { window, width, height } = frame;
    const perRow = height / (window.row1 - window.row0);
    const perCol = width / (window.col1 - window.col0);
    target.save();
    target.beginPath();
    target.rect(x, y, width, height);
    target.clip();
    target.fillStyle = frame.ground;
    target.fillRect(x, y, width, height);
    target.imageSmoothingEnabled = false;
    for (const { tile, row0, row1, col0, col1 } of frame.tiles) {
      const left = x + (col0 - window.col0) * perCol;
      const top = y + (row0 - window.row0) * perRow;
      target.drawImage(this.#picture(tile, frame), left, top, (col1 - col0) * perCol, (row1 - row0) * perRow);
    }
    target.restore();
  }

  forget(tile: Tile): void {
    this.#pictures.delete(tile);
  }

  dispose(): void {
    this.#pictures.clear();
  }

  #picture(tile: Tile, { colours, min, max }: HeatmapFrame): HTMLCanvasElement {
    const look = `${colours} ${min} ${max}`;
    const known = this.#pictures.get(tile);
    if (known?.look === look) return known.canvas;
    const canvas = known?.canvas ?? document.createElement('canvas');
    canvas.width = tile.cols;
    canvas.height = tile.rows;
    const pixels = matrixToRgba(tile.values, tile.rows, tile.cols, colours, min, max);
    canvas.getContext('2d')?.putImageData(new ImageData(pixels, tile.cols, tile.rows), 0, 0);
    this.#pictures.set(tile, { look, canvas });
    return canvas;
  }
}
