import type { ColourMapName } from '#core/figure/colour/maps.ts';
import { CanvasView, type CanvasFrame } from '../../plots/dendrogram/canvas-view.ts';
import type { Cell } from '../../plots/heatmap/heatmap-content.ts';
import type { MatrixSource } from '../../plots/heatmap/matrix-source.ts';
import type { Painter, PlacedTile } from '../../plots/heatmap/painter.ts';
import { levelFor, tileOfCell, tilesIn, type CellWindow } from '../../plots/heatmap/tiles.ts';
import { frameInsets } from './joint-layout.ts';
import type { Run } from './partition.ts';

/** Everything the joint matrix shows; places count in the order that is drawn. */
export interface JointContent {
  source: MatrixSource;
  window: CellWindow;
  colours: ColourMapName;
  min: number;
  max: number;
  /** Neighbouring places of one cluster, and the clusters that are selected. */
  runs: readonly Run[];
  selected: ReadonlySet<number>;
  /** Places of selected units. */
  marked: readonly number[];
  hover: Cell | null;
  label: string;
}

/** Correlations of all units with all units, with the clusters as squares along the diagonal. */
export class JointPicture extends CanvasView<JointContent> {
  readonly #painter: () => Painter;

  constructor(canvas: HTMLCanvasElement, painter: () => Painter) {
    super(canvas);
    this.#painter = painter;
  }

  get side(): number {
    return Math.max(
      1,
      Math.min(
        this.canvas.clientWidth - frameInsets.right,
        this.canvas.clientHeight - frameInsets.top - frameInsets.bottom,
      ),
    );
  }

  /** A point as shares of the picture. */
  shareAt(x: number, y: number): { x: number; y: number } {
    return { x: x / this.side, y: (y - frameInsets.top) / this.side };
  }

  pick(x: number, y: number): Cell | null {
    const share = this.shareAt(x, y);
    if (!this.content || share.x < 0 || share.y < 0 || share.x >= 1 || share.y >= 1) return null;
    const { row0, row1, col0, col1 } = this.content.window;
    const row = Math.floor(row0 + share.y * (row1 - row0));
    const col = Math.floor(col0 + share.x * (col1 - col0));
    const { rows, cols } = this.content.source.info;
    return row < rows && col < cols ? { row, col } : null;
  }

  /** The value of a cell; undefined where its tile could not be read. */
  async valueAt({ row, col }: Cell): Promise<number | undefined> {
    const source = this.content?.source;
    if (!source) return undefined;
    const place = tileOfCell(source.info, row, col);
    if (!source.get(place.address)) await source.request(place.address);
    const tile = source.get(place.address);
    return tile?.values[place.row * tile.cols + place.col];
  }

  protected paint(frame: CanvasFrame, content: JointContent): void {
    const { target, ratio, ink } = frame;
    const { side } = this;
    const top = frameInsets.top;
    const pixels = Math.round(side * ratio);
    target.save();
    target.setTransform(1, 0, 0, 1, 0, 0);
    this.#painter().paint(target, 0, Math.round(top * ratio), {
      width: pixels,
      height: pixels,
      window: content.window,
      tiles: this.#tiles(content, pixels),
      colours: content.colours,
      min: content.min,
      max: content.max,
      ground: ink('--panel'),
    });
    target.restore();
    target.save();
    target.beginPath();
    target.rect(0, top, side, side);
    target.clip();
    this.#paintRuns(frame, content);
    this.#paintMarks(frame, content);
    target.restore();
    target.strokeStyle = ink('--line-strong');
    target.lineWidth = 1;
    target.strokeRect(0.5, top - 0.5, side - 0.5, side + 1);
    target.fillStyle = ink('--quiet');
    target.font = '11px "Inter Variable", sans-serif';
    target.textAlign = 'center';
    target.textBaseline = 'top';
    target.fillText(content.label, side / 2, top + side + 8, side);
  }

  /** Tiles in hand, coarse to fine; missing ones of the wanted level are asked for. */
  #tiles({ source, window }: JointContent, pixels: number): PlacedTile[] {
    const wanted = levelFor(pixels / (window.col1 - window.col0), source.info.levels);
    const tiles: PlacedTile[] = [];
    for (let level = source.info.levels - 1; level >= wanted; level--) {
      for (const place of tilesIn(source.info, level, window)) {
        const tile = source.get(place.address);
        if (tile) tiles.push({ ...place, tile });
        else if (level === wanted)
          void source.request(place.address).then(() => {
            if (this.content?.source === source && source.get(place.address)) this.draw();
          });
      }
    }
    this.canvas.dataset.drawn = String(tiles.length);
    return tiles;
  }

  #paintRuns({ target, ink }: CanvasFrame, { runs, selected, window }: JointContent): void {
    const cell = this.side / (window.row1 - window.row0);
    const square = ({ first, end }: Run) =>
      [
        (first - window.col0) * cell,
        frameInsets.top + (first - window.row0) * cell,
        (end - first) * cell,
      ] as const;
    // Dark in both themes: the colours around 0 are white in both.
    target.strokeStyle = '#111111';
    target.lineWidth = 1;
    for (const run of runs) {
      const [x, y, side] = square(run);
      if (side >= 3 && !selected.has(run.label)) target.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    }
    for (const [token, width] of [
      ['--ground', 5],
      ['--accent', 2.5],
    ] as const) {
      target.strokeStyle = ink(token);
      target.lineWidth = width;
      for (const run of runs) {
        const [x, y, side] = square(run);
        if (selected.has(run.label))
          target.strokeRect(x + 1, y + 1, Math.max(2, side - 2), Math.max(2, side - 2));
      }
    }
  }

  /** Lines along the rows and columns of selected units, and the cell under the cursor: dark within white. */
  #paintMarks({ target }: CanvasFrame, { marked, hover, window }: JointContent): void {
    const cell = this.side / (window.row1 - window.row0);
    const xOf = (place: number) => (place + 0.5 - window.col0) * cell;
    const yOf = (place: number) => frameInsets.top + (place + 0.5 - window.row0) * cell;
    const bottom = frameInsets.top + this.side;
    for (const [colour, width] of [
      ['rgb(255 255 255 / 80%)', 3],
      ['#111111', 1],
    ] as const) {
      target.strokeStyle = colour;
      target.lineWidth = width;
      target.beginPath();
      for (const place of marked) {
        target.moveTo(0, yOf(place));
        target.lineTo(this.side, yOf(place));
        target.moveTo(xOf(place), frameInsets.top);
        target.lineTo(xOf(place), bottom);
      }
      target.stroke();
      if (!hover) continue;
      const size = Math.max(cell, 5);
      target.strokeRect(xOf(hover.col) - size / 2, yOf(hover.row) - size / 2, size, size);
    }
  }
}
