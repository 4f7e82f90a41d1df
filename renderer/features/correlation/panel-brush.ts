import type { Brush, Cell } from '../../plots/heatmap/heatmap-content.ts';
import type { Region } from '../../plots/heatmap/heatmap-view.ts';
import type { PlaceRange } from './panel-axes.ts';

type Along = 'rows' | 'cols' | 'both';

/** Marking a range of units: along one axis when it starts beside the picture, along both when it starts inside. */
export class PanelBrush {
  readonly #along: Along;
  readonly #start: Cell;
  #end: Cell;

  constructor(region: Exclude<Region, null>, start: Cell) {
    this.#along = region === 'picture' ? 'both' : region;
    this.#start = start;
    this.#end = start;
  }

  extend(cell: Cell): void {
    this.#end = cell;
  }

  /** The marked places, in the direction they were marked. */
  get ranges(): { rows?: PlaceRange; cols?: PlaceRange } {
    return {
      ...(this.#along === 'cols' ? {} : { rows: { start: this.#start.row, end: this.#end.row } }),
      ...(this.#along === 'rows' ? {} : { cols: { start: this.#start.col, end: this.#end.col } }),
    };
  }

  /** The same as it is drawn. */
  get brush(): Brush {
    const ordered = (range?: PlaceRange) =>
      range && { from: Math.min(range.start, range.end), to: Math.max(range.start, range.end) };
    const { rows, cols } = this.ranges;
    return { rows: ordered(rows), cols: ordered(cols) };
  }
}
