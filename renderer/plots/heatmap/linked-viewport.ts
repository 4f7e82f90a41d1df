import type { CellWindow } from './tiles.ts';

/** The panels of Figure 1: within A, within B, between, and between with B in matched order. */
export const panelNames = ['a', 'b', 'between', 'permuted'] as const;
export type PanelName = (typeof panelNames)[number];

type AxisName = 'rowsA' | 'colsA' | 'rowsB' | 'colsB' | 'colsMatched';

const axesOf: Record<PanelName, [AxisName, AxisName]> = {
  a: ['rowsA', 'colsA'],
  b: ['rowsB', 'colsB'],
  between: ['rowsA', 'colsB'],
  permuted: ['rowsA', 'colsMatched'],
};

/** What follows when a panel moves: the first axis takes the place (as a share) of the second. */
const followers: Record<PanelName, [AxisName, AxisName][]> = {
  a: [['colsMatched', 'rowsA']],
  b: [],
  between: [
    ['colsA', 'rowsA'],
    ['rowsB', 'colsB'],
    ['colsMatched', 'rowsA'],
  ],
  permuted: [['colsA', 'rowsA']],
};

/** Cells are never drawn larger than this part of a panel: at least four across. */
const fewestCells = 4;

/**
 * One zoom for the four panels of a pair, so that cells stay square and of one size. Panels that share an axis
 * (rows of A in three of them, columns of B in two) move together along it; the others keep to the diagonal.
 * Immutable: every verb returns a new viewport.
 */
export class LinkedViewport {
  readonly unitsA: number;
  readonly unitsB: number;
  readonly zoom: number;
  /** Start of the visible part of each axis, as a share of its length. */
  readonly #starts: Readonly<Record<AxisName, number>>;

  constructor(unitsA: number, unitsB: number, zoom = 1, starts: Partial<Record<AxisName, number>> = {}) {
    this.unitsA = unitsA;
    this.unitsB = unitsB;
    this.zoom = zoom;
    this.#starts = { rowsA: 0, colsA: 0, rowsB: 0, colsB: 0, colsMatched: 0, ...starts };
  }

  get isWhole(): boolean {
    return this.zoom === 1;
  }

  get maxZoom(): number {
    return Math.max(1, Math.max(this.unitsA, this.unitsB) / fewestCells);
  }

  sizeOf(panel: PanelName): { rows: number; cols: number } {
    return {
      rows: panel === 'b' ? this.unitsB : this.unitsA,
      cols: panel === 'a' ? this.unitsA : this.unitsB,
    };
  }

  window(panel: PanelName): CellWindow {
    const { rows, cols } = this.sizeOf(panel);
    const [rowAxis, colAxis] = axesOf[panel];
    const row0 = this.#starts[rowAxis] * rows;
    const col0 = this.#starts[colAxis] * cols;
    return { row0, row1: row0 + rows / this.zoom, col0, col1: col0 + cols / this.zoom };
  }

  /** Zooms by `factor` and keeps the cell under (x, y), shares of the panel's box, where it is. */
  zoomAt(panel: PanelName, factor: number, x: number, y: number): LinkedViewport {
    const zoom = Math.min(this.maxZoom, Math.max(1, this.zoom * factor));
    const gain = 1 / this.zoom - 1 / zoom;
    const [rowAxis, colAxis] = axesOf[panel];
    return this.#moved(panel, zoom, this.#starts[rowAxis] + y * gain, this.#starts[colAxis] + x * gain);
  }

  /** Moves by shares of the panel's box. */
  panBy(panel: PanelName, x: number, y: number): LinkedViewport {
    const [rowAxis, colAxis] = axesOf[panel];
    const span = 1 / this.zoom;
    return this.#moved(panel, this.zoom, this.#starts[rowAxis] + y * span, this.#starts[colAxis] + x * span);
  }

  /** The least move that shows the cell wholly. */
  reveal(panel: PanelName, row: number, col: number): LinkedViewport {
    const { rows, cols } = this.sizeOf(panel);
    const view = this.window(panel);
    const shift = (start: number, end: number, cell: number) =>
      cell < start ? cell - start : cell + 1 > end ? cell + 1 - end : 0;
    const down = shift(view.row0, view.row1, row) / rows;
    const right = shift(view.col0, view.col1, col) / cols;
    if (down === 0 && right === 0) return this;
    const [rowAxis, colAxis] = axesOf[panel];
    return this.#moved(panel, this.zoom, this.#starts[rowAxis] + down, this.#starts[colAxis] + right);
  }

  whole(): LinkedViewport {
    return new LinkedViewport(this.unitsA, this.unitsB);
  }

  #moved(panel: PanelName, zoom: number, rowStart: number, colStart: number): LinkedViewport {
    const span = 1 / zoom;
    const clamp = (start: number) => Math.min(1 - span, Math.max(0, start));
    const starts = { ...this.#starts };
    // Axes that nothing moves keep their middle when the zoom changes.
    for (const axis of Object.keys(starts) as AxisName[]) starts[axis] += (1 / this.zoom - span) / 2;
    const [rowAxis, colAxis] = axesOf[panel];
    starts[rowAxis] = rowStart;
    starts[colAxis] = colStart;
    for (const [axis, leader] of followers[panel]) starts[axis] = starts[leader];
    for (const axis of Object.keys(starts) as AxisName[]) starts[axis] = clamp(starts[axis]);
    return new LinkedViewport(this.unitsA, this.unitsB, zoom, starts);
  }
}
