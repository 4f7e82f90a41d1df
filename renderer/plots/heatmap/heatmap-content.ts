import type { ColourMapName } from '#core/figure/colour/maps.ts';
import type { MatrixSource } from './matrix-source.ts';
import type { CellWindow } from './tiles.ts';

export interface Cell {
  row: number;
  col: number;
}

/** One side of a picture. */
export interface AxisLook {
  label: string;
  /** The unit at each place, where they do not stand by number. */
  units?: Int32Array | null;
  /** The label where there is room for the number of every unit. */
  unitLabel?: string;
  /** 1 at the places that are marked. */
  marks?: Uint8Array | null;
}

/** A range of places that is being marked, ends included; an axis that is left out is whole. */
export interface Brush {
  rows?: { from: number; to: number };
  cols?: { from: number; to: number };
}

/** Everything one panel shows. Lengths in CSS pixels. */
export interface HeatmapContent {
  source: MatrixSource;
  window: CellWindow;
  colours: ColourMapName;
  min: number;
  max: number;
  /** The cell under the cursor, and the selected one. */
  hover: Cell | null;
  selected: Cell | null;
  rows: AxisLook;
  cols: AxisLook;
  /** Hairlines through the whole picture: the units that another panel points at. */
  cross?: { rows: readonly number[]; cols: readonly number[] };
  /** What is outside the marked rows and columns recedes. */
  isDimmed?: boolean;
  /** The range that is being marked. */
  brush?: Brush | null;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
