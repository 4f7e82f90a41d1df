import type { Mark } from '../scene.ts';

/**
 * Where a panel goes on a page. Left out: the panel decides. Given by the page so that the boxes of panels in one row
 * begin and end together, and those in one column stand under each other.
 */
export interface Slot {
  heightMm?: number;
  /** From the panel's top to its box: title and legend. */
  headMm?: number;
  /** From the box to the panel's foot: ticks and axis label. */
  footMm?: number;
  /** From the panel's left edge to its box. */
  leftMm?: number;
  /** Room that is kept free right of the box. */
  rightMm?: number;
  /** Legends that the page shows already, as `LaidOut.legend` writes them. */
  knownLegends?: ReadonlySet<string>;
  /** The page shows the panel's colour bar. */
  isScaleShown?: boolean;
  /** Letters of the panel's parts; most have one. */
  letters?: string[];
}

/** A colour bar that can stand elsewhere. */
export interface ScaleBar {
  /** Equal for bars that look and say the same. */
  key: string;
  widthMm: number;
  marks(place: { xMm: number; yMm: number; heightMm: number }): Mark[];
}

/** A laid-out panel, its origin the slot's top left corner. */
export interface LaidOut {
  heightMm: number;
  marks: Mark[];
  headMm: number;
  footMm: number;
  leftMm: number;
  rightMm: number;
  /** The keys of its legend as one text, so that a page shows equal ones once. */
  legend?: string;
  /** The panel's colour bar, so that a page of panels with one scale shows it once. */
  scale?: ScaleBar;
  /** True where the height follows from the width, as of square matrices. */
  isFixed: boolean;
}
