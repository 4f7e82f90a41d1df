import { drawAxes, drawGrid } from './heatmap-axes.ts';
import type { Box, Cell, HeatmapContent } from './heatmap-content.ts';
import { drawBrush, drawCell, drawCross, drawDim, drawMarks } from './heatmap-overlay.ts';
import type { HeatmapFrame, Painter, PlacedTile } from './painter.ts';
import { levelFor, tileOfCell, tilesIn, type CellWindow, type TilePlace } from './tiles.ts';

/** Where a point of the canvas lies: in the picture, or beside it at one of its axes. */
export type Region = 'picture' | 'rows' | 'cols' | null;

/** Room for ticks of five digits at the left, and for half a tick beyond the other ends of the axes. */
const margin = { left: 52, top: 8, right: 16, bottom: 34 };
/** Tiles that a moving picture lacks are asked for once it has rested this long. */
const restMs = 60;

/** One heat map in a canvas. Draws on demand; tiles that are missing are asked for and drawn as they come. */
export class HeatmapView {
  readonly #canvas: HTMLCanvasElement;
  readonly #painter: () => Painter;
  #content: HeatmapContent | null = null;
  #request = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #asked: CellWindow | null = null;
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

  regionAt(x: number, y: number): Region {
    const share = this.shareAt(x, y);
    if (!share) return null;
    const isAcross = share.x >= 0 && share.x < 1;
    const isDown = share.y >= 0 && share.y < 1;
    if (isAcross && isDown) return 'picture';
    if (isDown && share.x < 0) return 'rows';
    return isAcross && share.y >= 1 ? 'cols' : null;
  }

  /** The place (as a cell) nearest to a point of the canvas, also outside the picture. */
  nearest(x: number, y: number): Cell | null {
    const share = this.shareAt(x, y);
    if (!share || !this.#content) return null;
    const { window, source } = this.#content;
    const along = (at: number, start: number, end: number, count: number) =>
      Math.min(
        count - 1,
        Math.max(0, Math.floor(start + Math.min(0.999999, Math.max(0, at)) * (end - start))),
      );
    return {
      row: along(share.y, window.row0, window.row1, source.info.rows),
      col: along(share.x, window.col0, window.col1, source.info.cols),
    };
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
    clearTimeout(this.#rest);
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
    fit(this.#canvas, target, ratio);
    const inks = getComputedStyle(this.#canvas);
    const ink = (name: string) => inks.getPropertyValue(name).trim();
    const frame = this.#frame(content, box, ratio, ink('--panel'));
    this.#painter().paint(target, Math.round(box.x * ratio), Math.round(box.y * ratio), frame);
    target.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (content.isDimmed) drawDim(target, box, content, ink('--ground'));
    drawGrid(target, box, content.window);
    drawAxes(target, box, content, { text: ink('--quiet'), line: ink('--line-strong') });
    drawMarks(target, box, content, ink('--accent'));
    if (content.cross) drawCross(target, box, content.window, content.cross);
    if (content.brush) drawBrush(target, box, content.window, content.brush, ink('--accent'));
    if (content.selected) drawCell(target, box, content.window, content.selected, true);
    if (content.hover) drawCell(target, box, content.window, content.hover, false);
    this.#canvas.dataset.drawn = String(frame.tiles.length);
    if (frame.tiles.length > 0) this.#canvas.dataset.order = content.source.orderName ?? '';
  }

  /** Tiles in hand, coarse to fine; the missing ones of the wanted level are asked for. */
  #frame(content: HeatmapContent, box: Box, ratio: number, ground: string): HeatmapFrame {
    const { source, window } = content;
    const width = Math.round(box.width * ratio);
    const height = Math.round(box.height * ratio);
    const wanted = levelFor(width / (window.col1 - window.col0), source.info.levels);
    const coarsest = source.info.levels - 1;
    const has = (place: TilePlace) => source.get(place.address) !== undefined;
    const fine = tilesIn(source.info, wanted, window);
    const missing = fine.filter((place) => !has(place));
    // Nothing coarser is drawn beneath a level that is there as a whole.
    const levels = missing.length === 0 ? [wanted] : range(coarsest, wanted);
    const places = levels.flatMap((level) => tilesIn(source.info, level, window));
    const tiles = places.flatMap((place): PlacedTile[] => {
      const tile = source.get(place.address);
      return tile ? [{ ...place, tile }] : [];
    });
    if (missing.length > 0) {
      if (wanted !== coarsest) this.#ask(content, tilesIn(source.info, coarsest, window));
      this.#askAtRest(content, missing);
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

  /** At once for a picture that stands; a moving one would ask for every level that it passes. */
  #askAtRest(content: HeatmapContent, missing: TilePlace[]): void {
    clearTimeout(this.#rest);
    const isMoving = this.#asked !== null && !isSame(this.#asked, content.window);
    this.#asked = content.window;
    if (!isMoving) return this.#ask(content, missing);
    this.#rest = setTimeout(() => this.#ask(content, missing), restMs);
  }

  #ask(content: HeatmapContent, places: TilePlace[]): void {
    for (const { address } of places)
      if (content.source.get(address) === undefined)
        void content.source.request(address).then(() => this.#onTile(content));
  }

  #onTile(content: HeatmapContent): void {
    if (this.#content?.source === content.source && !content.source.error) this.draw();
  }
}

/** Gives the canvas its size in device pixels, or clears it where it has that size: a new size costs new memory. */
function fit(canvas: HTMLCanvasElement, target: CanvasRenderingContext2D, ratio: number): void {
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  target.setTransform(1, 0, 0, 1, 0, 0);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  else target.clearRect(0, 0, width, height);
}

/** Levels from coarse to fine. */
const range = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => from - at);

const isSame = (one: CellWindow, other: CellWindow) =>
  one.row0 === other.row0 && one.row1 === other.row1 && one.col0 === other.col0 && one.col1 === other.col1;
