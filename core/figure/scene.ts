/**
 * A scene is the finished picture as data: typed marks at fixed places, in millimetres from the top left corner.
 * Whatever draws it (SVG text, a canvas) decides nothing more about the layout.
 */

export interface Stroke {
  colour: string;
  widthPt: number;
  dashPt?: number[];
}

export interface BoxMm {
  xMm: number;
  yMm: number;
  widthMm: number;
  heightMm: number;
}

interface Paint {
  fill?: string;
  stroke?: Stroke;
  /** 0..1 of the whole mark. */
  opacity?: number;
}

/** Its marks are placed from (xMm, yMm); `clip` is in the group's own coordinates. */
export interface GroupMark {
  kind: 'group';
  name?: string;
  xMm: number;
  yMm: number;
  /** Of a panel: the room that it takes on its page. */
  sizeMm?: { widthMm: number; heightMm: number };
  clip?: BoxMm;
  marks: Mark[];
}

export interface RectMark extends BoxMm, Paint {
  kind: 'rect';
}

export interface LineMark {
  kind: 'line';
  x1Mm: number;
  y1Mm: number;
  x2Mm: number;
  y2Mm: number;
  stroke: Stroke;
}

export interface PolylineMark extends Paint {
  kind: 'polyline';
  /** x, y, x, y, ... in mm. */
  pointsMm: number[];
  closed?: boolean;
}

export interface CircleMark extends Paint {
  kind: 'circle';
  xMm: number;
  yMm: number;
  radiusMm: number;
}

export interface TextRun {
  text: string;
  italic?: boolean;
  shift?: 'sub' | 'super';
}

export type Anchor = 'start' | 'middle' | 'end';
/** `cap-top` and `cap-middle` refer to the height of capitals, so that text aligns alike in every renderer. */
export type Baseline = 'alphabetic' | 'cap-middle' | 'cap-top';

export const fontFamilies = ['sans', 'serif'] as const;
/** Arimo, as wide as Arial; or Tinos, as wide as Times New Roman. */
export type FontFamily = (typeof fontFamilies)[number];

export interface TextMark {
  kind: 'text';
  /** Default sans. */
  family?: FontFamily;
  xMm: number;
  yMm: number;
  runs: TextRun[];
  sizePt: number;
  weight: 'regular' | 'bold';
  anchor: Anchor;
  baseline: Baseline;
  /** Degrees; -90 reads upwards. */
  rotate: 0 | -90;
  fill: string;
}

/** One byte per cell, an index into 256 RGB colours; never smoothed. */
export interface IndexedImage {
  rows: number;
  cols: number;
  cells: Uint8Array;
  palette: Uint8Array;
}

/** Three bytes a pixel. */
export interface RgbImage {
  rows: number;
  cols: number;
  rgb: Uint8Array;
}

export type PixelImage = IndexedImage | RgbImage;

/** A picture that is made at the resolution of the file it goes into: the same size, the same pixels. */
export interface DrawnImage {
  draw(cols: number, rows: number): RgbImage;
}

export interface ImageMark extends BoxMm {
  kind: 'image';
  image: PixelImage | DrawnImage;
  /** Pixels may run into each other where they do not fall on those of the page; cells of matrices never do. */
  isSmooth?: boolean;
}

export type Mark = GroupMark | RectMark | LineMark | PolylineMark | CircleMark | TextMark | ImageMark;

export interface Scene {
  widthMm: number;
  heightMm: number;
  background: string;
  /** Short name for assistive technology and files. */
  title: string;
  /** The caption. */
  description: string;
  /** Where the picture came from, as text that goes into the file. */
  provenance: string;
  marks: Mark[];
}

/** Every mark that is not a group with its offset from the page's corner. */
export function* leavesOf(
  marks: Mark[],
  xMm = 0,
  yMm = 0,
): Generator<{ mark: Mark; xMm: number; yMm: number }> {
  for (const mark of marks) {
    if (mark.kind === 'group') yield* leavesOf(mark.marks, xMm + mark.xMm, yMm + mark.yMm);
    else yield { mark, xMm, yMm };
  }
}

/** Where the panels of a page stand, in the order of its spec. */
export function panelBoxes(scene: Scene): BoxMm[] {
  return scene.marks.flatMap((mark) =>
    mark.kind === 'group' && mark.sizeMm ? [{ xMm: mark.xMm, yMm: mark.yMm, ...mark.sizeMm }] : [],
  );
}
