import type { PointShape } from '../figure/colour/sets.ts';

/** A scene as plain data: what the painters draw, and what can be picked. */

export const shapeOrder: readonly PointShape[] = [
  'circle',
  'square',
  'triangle',
  'diamond',
  'cross',
  'plus',
  'star',
  'ring',
];

/** How much a mark stands out. */
export const emphasis = { faint: 0, usual: 1, grouped: 2, selected: 3 } as const;

export interface Marks {
  count: number;
  /** [3n] */
  positions: Float32Array;
  /** [n] -1, 0, 1: the frame that the mark stands in, where frames stand apart. */
  side: Int8Array;
  /** [n] index into `shapeOrder` */
  shape: Uint8Array;
  /** [3n] */
  colour: Uint8Array;
  /** [n] one of `emphasis` */
  emphasis: Uint8Array;
  /** Diameter in CSS pixels. */
  size: number;
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** Straight lines between marks. */
export interface Links {
  from: Uint32Array;
  to: Uint32Array;
  /** [n] 0..1: opacity and width. */
  strength: Float32Array;
  /** [n] 1: of a selected unit. */
  isSelected: Uint8Array;
}

/** A translucent body around marks; corners of its triangles are marks. */
export interface Hull {
  faces: Uint32Array;
  colour: Rgb;
  isFaint: boolean;
}

/** A line of the frame: an axis, a tick, part of a circle. */
export interface Line {
  from: readonly [number, number, number];
  to: readonly [number, number, number];
  side: number;
  kind: 'axis' | 'guide';
}

/** Words at a place of the scene; they face the reader and keep their size. */
export interface SceneLabel {
  at: readonly [number, number, number];
  side: number;
  text: string;
  kind: 'axis' | 'tick' | 'title';
  /** The end of an axis: the words stand beyond it, seen from this point. */
  from?: readonly [number, number, number];
}

export interface SceneData {
  marks: Marks;
  links: Links;
  hulls: readonly Hull[];
  lines: readonly Line[];
  labels: readonly SceneLabel[];
  /** How far frames stand from the middle: 0 where all share one. */
  apart: number;
  /** Spheres of radius 1 that the marks lie in: their outlines face the reader. */
  spheres: readonly number[];
}

/** Colours of the page, as #rrggbb. */
export interface SceneInks {
  ground: string;
  text: string;
  quiet: string;
  line: string;
  accent: string;
}

export const emptyScene: SceneData = {
  marks: {
    count: 0,
    positions: new Float32Array(0),
    side: new Int8Array(0),
    shape: new Uint8Array(0),
    colour: new Uint8Array(0),
    emphasis: new Uint8Array(0),
    size: 8,
  },
  links: {
    from: new Uint32Array(0),
    to: new Uint32Array(0),
    strength: new Float32Array(0),
    isSelected: new Uint8Array(0),
  },
  hulls: [],
  lines: [],
  labels: [],
  apart: 0,
  spheres: [],
};

export function rgbOf(hex: string): Rgb {
  const value = parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
