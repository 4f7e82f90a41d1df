import type { ColourMapName } from '#core/figure/colour/maps.ts';
import { formatCount, indexTicks } from '#core/figure/ticks.ts';
import type { TileSource } from './matrix-source.ts';
import type { HeatmapFrame, Painter, PlacedTile } from './painter.ts';
import { levelFor, tileOfCell, tilesIn, type CellWindow } from './tiles.ts';

export interface Cell {
  row: number;
  col: number;
}

/** Everything one panel shows. Lengths in CSS pixels. */
export interface HeatmapContent {
  source: TileSource;
  window: CellWindow;
  colours: ColourMapName;
  min: number;
  max: number;
  /** The cell under the cursor, and the selected one. */
  hover: Cell | null;
  selected: Cell | null;
  rowLabel: string;
  colLabel: string;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Room for ticks of five digits at the left, and for half a tick beyond the other ends of the axes. */
const margin = { left: 52, top: 8, right: 16, bottom: 34 };
/** Cells at least this wide get hairlines between them. */
const gridFromPixels = 14;
/** A line and an arrow head that stay visible on every colour of the maps. */
const haloWidth = 3;

/** One heat map in a canvas. Draws on demand; tiles that are missing are asked for and drawn as they come. */
export class HeatmapView {
  readonly #canvas: HTMLCanvasElement;
  readonly #painter: () => Painter;
  #content: HeatmapContent | null = null;
  #request = 0;
  #isDisposed = false;

  constructor(canvas: HTMLCanvasElement, painter: () => Painter) {
    this.#canvas = canvas;
    this.#painter = painter;
  }

  update(content: HeatmapContent): void {
    this.#content = content;
    this.draw();
  }

  /** Draws with the next frame of the screen; several calls make one drawing. */
  draw(): void {
    if (this.#request !== 0 || this.#isDisposed) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = 0;
      this.#drawNow();
    });
  }

  /** The cell at a point of the canvas, in CSS pixels; null outside the picture. */
  pick(x: number, y: number): Cell | null {
    const share = this.shareAt(x, y);
    if (!share || !this.#content || share.x < 0 || share.y < 0 || share.x >= 1 || share.y >= 1) return null;
    const { window, source } = this.#content;
    const row = Math.floor(window.row0 + share.y * (window.row1 - window.row0));
    const col = Math.floor(window.col0 + share.x * (window.col1 - window.col0));
    return row < source.info.rows && col < source.info.cols ? { row, col } : null;
  }

  /** A point of the canvas as shares of the picture's box (0..1 inside). */
  shareAt(x: number, y: number): { x: number; y: number } | null {
    const box = this.#box();
    return box && { x: (x - box.x) / box.width, y: (y - box.y) / box.height };
  }

  /** Width and height of the picture's box in CSS pixels. */
  get boxSize(): { width: number; height: number } {
    return this.#box() ?? { width: 1, height: 1 };
  }

  /** The value of a cell; undefined while its tile is on the way. */
  async valueAt({ row, col }: Cell): Promise<number | undefined> {
    const source = this.#content?.source;
    if (!source) return undefined;
    const place = tileOfCell(source.info, row, col);
    if (!source.get(place.address)) await source.request(place.address);
    const tile = source.get(place.address);
    return tile?.values[place.row * tile.cols + place.col];
  }

  dispose(): void {
    this.#isDisposed = true;
    cancelAnimationFrame(this.#request);
  }

  #box(): Box | null {
    if (!this.#content) return null;
    const { rows, cols } = this.#content.source.info;
    const width = this.#canvas.clientWidth - margin.left - margin.right;
    const height = this.#canvas.clientHeight - margin.top - margin.bottom;
    if (width <= 0 || height <= 0) return null;
    const scale = Math.min(width / cols, height / rows);
    return {
      x: margin.left,
      y: margin.top,
      width: Math.floor(cols * scale),
      height: Math.floor(rows * scale),
    };
  }

  #drawNow(): void {
    const box = this.#box();
    const target = this.#canvas.getContext('2d');
    const content = this.#content;
    if (!box || !target || !content) return;
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(this.#canvas.clientWidth * ratio);
    this.#canvas.height = Math.round(this.#canvas.clientHeight * ratio);
    const inks = getComputedStyle(this.#canvas);
    const frame = this.#frame(content, box, ratio, inks.getPropertyValue('--panel').trim());
    this.#painter().paint(target, Math.round(box.x * ratio), Math.round(box.y * ratio), frame);
    target.setTransform(ratio, 0, 0, ratio, 0, 0);
    const text = inks.getPropertyValue('--quiet').trim();
    drawGrid(target, box, content.window);
    drawAxes(target, box, content, { text, line: inks.getPropertyValue('--line-strong').trim() });
    if (content.selected) drawCell(target, box, content.window, content.selected, true);
    if (content.hover) drawCell(target, box, content.window, content.hover, false);
    this.#canvas.dataset.drawn = String(frame.tiles.length);
  }

  /** Tiles in hand, coarse to fine; the missing ones of the wanted level are asked for. */
  #frame(content: HeatmapContent, box: Box, ratio: number, ground: string): HeatmapFrame {
    const { source, window } = content;
    const width = Math.round(box.width * ratio);
    const height = Math.round(box.height * ratio);
    const wanted = levelFor(width / (window.col1 - window.col0), source.info.levels);
    const tiles: PlacedTile[] = [];
    for (let level = source.info.levels - 1; level >= wanted; level--) {
      const isNeeded = level === wanted || level === source.info.levels - 1;
      for (const place of tilesIn(source.info, level, window)) {
        const tile = source.get(place.address);
        if (tile) tiles.push({ ...place, tile });
        else if (isNeeded) void source.request(place.address).then(() => this.#onTile(content));
      }
    }
    return {
      width,
      height,
      window,
      tiles,
      colours: content.colours,
      min: content.min,
      max: content.max,
      ground,
    };
  }

  #onTile(content: HeatmapContent): void {
    if (this.#content?.source === content.source && !content.source.error) this.draw();
  }
}

function drawGrid(target: CanvasRenderingContext2D, box: Box, window: CellWindow): void {
  const pixels = box.width / (window.col1 - window.col0);
  if (pixels < gridFromPixels) return;
  target.strokeStyle = 'rgb(127 127 127 / 22%)';
  target.lineWidth = 1;
  target.beginPath();
  for (let col = Math.ceil(window.col0); col < window.col1; col++) {
    const x = Math.round(box.x + (col - window.col0) * pixels) + 0.5;
    target.moveTo(x, box.y);
    target.lineTo(x, box.y + box.height);
  }
  for (let row = Math.ceil(window.row0); row < window.row1; row++) {
    const y = Math.round(box.y + (row - window.row0) * pixels) + 0.5;
    target.moveTo(box.x, y);
    target.lineTo(box.x + box.width, y);
  }
  target.stroke();
}

/** Round unit numbers that fall inside the window; each names the middle of its cell. */
export function axisTicks(start: number, end: number, lengthPixels: number): number[] {
  const first = Math.ceil(start - 0.5);
  const last = Math.floor(end - 0.5);
  const step = indexTicks(last - first + 1, Math.max(2, Math.floor(lengthPixels / 40)))[1] ?? 1;
  const ticks: number[] = [];
  for (let unit = Math.ceil(first / step) * step; unit <= last; unit += step) ticks.push(unit + 0); // adding 0 turns −0 into 0
  return ticks;
}

function drawAxes(
  target: CanvasRenderingContext2D,
  box: Box,
  content: HeatmapContent,
  inks: { text: string; line: string },
): void {
  const { window } = content;
  target.strokeStyle = inks.line;
  target.lineWidth = 1;
  target.strokeRect(box.x - 0.5, box.y - 0.5, box.width + 1, box.height + 1);
  target.fillStyle = inks.text;
  target.font = '11px "Inter Variable", sans-serif';
  target.textAlign = 'right';
  target.textBaseline = 'middle';
  target.beginPath();
  for (const row of axisTicks(window.row0, window.row1, box.height)) {
    const y = box.y + ((row + 0.5 - window.row0) / (window.row1 - window.row0)) * box.height;
    target.moveTo(box.x - 4, Math.round(y) + 0.5);
    target.lineTo(box.x - 1, Math.round(y) + 0.5);
    target.fillText(formatCount(row), box.x - 7, y);
  }
  target.textAlign = 'center';
  target.textBaseline = 'top';
  for (const col of axisTicks(window.col0, window.col1, box.width)) {
    const x = box.x + ((col + 0.5 - window.col0) / (window.col1 - window.col0)) * box.width;
    target.moveTo(Math.round(x) + 0.5, box.y + box.height + 1);
    target.lineTo(Math.round(x) + 0.5, box.y + box.height + 4);
    target.fillText(formatCount(col), x, box.y + box.height + 6);
  }
  target.stroke();
  target.fillText(content.colLabel, box.x + box.width / 2, box.y + box.height + 20);
  target.save();
  target.translate(6, box.y + box.height / 2);
  target.rotate(-Math.PI / 2);
  target.fillText(content.rowLabel, 0, -4);
  target.restore();
}

/** The frame of a cell: black within white, to be seen on any colour; the selected one reaches the axes. */
function drawCell(
  target: CanvasRenderingContext2D,
  box: Box,
  window: CellWindow,
  cell: Cell,
  isSelected: boolean,
): void {
  const pixels = box.width / (window.col1 - window.col0);
  const x = box.x + (cell.col - window.col0) * pixels;
  const y = box.y + (cell.row - window.row0) * pixels;
  const side = Math.max(pixels, 5);
  target.save();
  target.beginPath();
  target.rect(box.x, box.y, box.width, box.height);
  target.clip();
  for (const [colour, lineWidth] of [['#ffffff', haloWidth] as const, ['#111111', 1] as const]) {
    target.strokeStyle = colour;
    target.lineWidth = lineWidth;
    target.beginPath();
    target.rect(x + (pixels - side) / 2, y + (pixels - side) / 2, side, side);
    if (isSelected) {
      target.moveTo(box.x, y + pixels / 2);
      target.lineTo(x - 2, y + pixels / 2);
      target.moveTo(x + pixels / 2, box.y + box.height);
      target.lineTo(x + pixels / 2, y + pixels + 2);
    }
    target.stroke();
  }
  target.restore();
}
