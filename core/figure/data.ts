import type { SampleKind, ScoreKind } from '../domain/recipe.ts';
import type { UnitOrder } from '../domain/unit-orders.ts';
import type { PanelData } from './panels/panel-data.ts';
import type { PageSpec, SpecOf } from './spec.ts';

/** Row-major matrix. */
export interface Matrix {
  rows: number;
  cols: number;
  /** Empty where the matrix is too large to be held as numbers; `stats` and `levels` are there instead. */
  values: Float32Array | Float64Array;
  stats?: { min: number; max: number };
  /** Palette indices over a range. Throws a RangeError where they were made for another range only. */
  levels?(range: { min: number; max: number }): Uint8Array;
}

/** Scores that matchings are drawn with. */
export type ShownScore = ScoreKind | 'mutual-information';

/** What the numbers were taken over. */
export interface Sampling {
  images: number;
  /** Samples = images x positions used. */
  samples: number;
  kind: SampleKind;
}

export interface CorrelationQuadData {
  layer: string;
  networkA: string;
  networkB: string;
  /** [p x p], [q x q] and [p x q]. */
  withinA: Matrix;
  withinB: Matrix;
  between: Matrix;
  /** Units of B in display order (length q, each once): column j of panel d is column order[j] of `between`. */
  orderB: ArrayLike<number>;
  /** Units of A in display order, where they do not stand by number. */
  orderA?: ArrayLike<number>;
  /** The units of both networks as they stand along the first three panels, where not by number. */
  order?: UnitOrder;
  deadA: number;
  deadB: number;
  sampling: Sampling;
}

export interface MatchingCurvesData {
  layer: string;
  networkA: string;
  networkB: string;
  score: ShownScore;
  /** One value per unit of A. NaN in `match` where a unit has no match (A is the larger side). */
  semi: ArrayLike<number>;
  match: ArrayLike<number>;
  /** As stored with the result, so that figure, table and headline agree to the last digit. */
  semiMean: number;
  matchMean: number;
  /** Share of matched units whose match is their semi-match. */
  agreement: number;
  deadA: number;
  deadB: number;
  sampling: Sampling;
  /** Level of shuffled samples, drawn as a grey band. */
  nullBand?: { low: number; high: number };
}

/** Ends of the bootstrap interval of both means of a layer. */
export interface LayerInterval {
  semi: { low: number; high: number };
  match: { low: number; high: number };
}

export interface LayerMeansData {
  score: ScoreKind;
  layers: {
    layer: string;
    pairs: { a: string; b: string; semiMean: number; matchMean: number }[];
    /** Absent where some pair has no resamples. */
    interval?: LayerInterval;
  }[];
  images: number;
  /** How the intervals were made; absent where no layer has one. */
  bootstrap?: { level: number; resamples: number };
}

export interface HeatmapData {
  matrix: Matrix;
  rowLabel: string;
  colLabel: string;
  /** Name of the value, with its unit where it has one: `mutual information (nats)`. */
  valueLabel: string;
  /** Names instead of numbers beside rows and columns, when all of them fit. */
  rowNames?: string[];
  colNames?: string[];
  /** Values are written into the cells with this many decimals where they have room. */
  cellDigits?: number;
  /** Values beyond -1..1 are possible: a diverging map then reaches as far as they do. */
  isUnbounded?: boolean;
}

/** What a page needs beside its spec: the numbers of every panel, in the spec's order. */
export interface PageData {
  panels: PanelData[];
  provenance: { project: string; resultIds: string[]; software: string };
}

/** A figure is a spec and the data of its kind. */
export type Figure =
  | { spec: SpecOf<'correlation-quad'>; data: CorrelationQuadData }
  | { spec: SpecOf<'matching-curves'>; data: MatchingCurvesData }
  | { spec: SpecOf<'layer-means'>; data: LayerMeansData }
  | { spec: SpecOf<'heatmap'>; data: HeatmapData }
  | { spec: PageSpec; data: PageData };

/** Narrowing on a nested discriminant, which TypeScript does not do by itself. */
export function isKind<K extends Figure['spec']['kind']>(
  figure: Figure,
  kind: K,
): figure is Extract<Figure, { spec: { kind: K } }> {
  return figure.spec.kind === kind;
}
