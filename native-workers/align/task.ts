import type { AnalysisNamed, AnalysisName } from '#core/domain/recipe.ts';
import type { Headline, NamedArray } from '#core/domain/result.ts';
import type { LinearAlgebra } from '#core/numeric/linear-algebra/linear-algebra.ts';
import { createJointMoments, type JointMoments } from '#core/numeric/moments/joint-moments.ts';
import type { LassoPath } from '#core/numeric/sparse-mapping/lasso-path.ts';
import type { BandedArray } from '../files/array-file.ts';

/** The joint moments of one set of samples as they are handed between threads. */
export interface SharedMoments {
  n: number;
  units: number;
  /** Means, then second moments: see `createJointMoments`. */
  buffer: SharedArrayBuffer;
  dead: Uint8Array;
}

/** A range of the joint units: one network's. */
export interface UnitRange {
  start: number;
  count: number;
}

/** Everything one analysis of one layer may read; the joint index runs over all networks' units of the layer. */
export interface AlignInput<Name extends AnalysisName = AnalysisName> {
  analysis: AnalysisNamed<Name>;
  /** The compared pair, as ranges of the joint units. */
  a: UnitRange;
  b: UnitRange;
  /** All networks of the group, in recipe order; `a` and `b` are two of them. */
  networks: { name: string; range: UnitRange }[];
  /** Of a layer map: ranges of every recipe layer's units in each network of the pair, in recipe order; else null. */
  layers: { names: string[]; a: UnitRange[]; b: UnitRange[] } | null;
  /** Images in the training fold (samples of a spatial layer are more). */
  images: number;
  /** The fold analyses are fitted on, and the held-out one. */
  train: SharedMoments;
  test: SharedMoments | null;
  /** The training fold as disjoint random groups of whole images, for resampling; empty where none were taken. */
  blocks: SharedMoments[];
  /**
   * Second moments of the training fold with the images of every network shuffled against the others' (positions
   * kept): one per shuffle. Means and deviations are those of `train`; only between-network entries mean anything.
   */
  nulls: SharedMoments[];
  /** Seeded uniform sample of the training fold's samples, [rows x joint units]; null where none was taken. */
  sample: { rows: number; values: Float32Array } | null;
  /**
   * The average input of every joint unit, [joint units x channels x rows x cols]: see `AverageInputs`. Null where the
   * inputs are no images or none were taken.
   */
  averageInput?: AverageInput | null;
  /** From the second pass; null where none was made. */
  second: SecondMoments | null;
  /** Of a sparse mapping whose targets several threads have solved: the paths of `mappingProblem` 0, 1, ... */
  paths?: MappingPaths;
}

/** The mappings of the training fold, beside as many random sources. */
export interface TrainingPath extends LassoPath {
  /** [alphas x targets] sources with a weight. */
  counts: Float64Array;
  /** [alphas x targets] */
  randomLoss: Float64Array;
}

/** Paths of all problems of a sparse mapping: the first with what random sources would do. */
export type MappingPaths = [TrainingPath, ...LassoPath[]];

export interface AverageInput {
  images: number;
  channels: number;
  rows: number;
  cols: number;
  values: Float32Array;
}

/** What a second pass over the training fold adds: sums that need the means or the bins of the first. */
export interface SecondMoments {
  /** [networks x networks] sum over samples of |x_a - mean_a|^2 |x_b - mean_b|^2: debiased CKA needs it. */
  squaredNorms: Float64Array | null;
  /** Mutual information of every unit of the pair's first network with every unit of its second. */
  matching: MatchingInformation | null;
  /** For clusters by mutual information: those of every two networks, and of each with itself, by position. */
  graph: GraphInformation[];
}

/** Mutual information by joint histograms of the training fold (methods section 3), nats; matrices [units of A x units of B]. */
export interface MatchingInformation {
  /** Rows and columns of every unit pair's histogram; a unit with few distinct values leaves some empty. */
  bins: number;
  /** [joint units x (bins - 1)] ascending edges, NaN where a unit has fewer: see core/numeric/mutual-information. */
  edges: Float64Array;
  /** Samples the edges were taken from, and samples counted. */
  edgeSamples: number;
  samples: number;
  information: Float64Array;
  /** Without its bias. */
  corrected: Float64Array;
  /** With the images shuffled. */
  shuffled: Float64Array;
  /** [units of A] and [units of B] */
  entropyA: Float64Array;
  entropyB: Float64Array;
}

export interface GraphInformation {
  a: number;
  b: number;
  information: Float64Array;
  /** Of a random half of the images, and of the rest, where the pass counted them. */
  half: Float64Array | null;
  rest: Float64Array | null;
}

export interface TaskContext {
  /** Throws when the job was cancelled: call it at least every 50 ms. */
  checkpoint(): void;
  /** Share done, shown to the user. */
  progress(done: number, total: number): void;
  algebra: LinearAlgebra;
}

export interface AlignOutput {
  /** Keys of the command line's interface, and more. Finite numbers only. */
  headline: Headline;
  arrays: NamedArray[];
}

export function momentsOf(shared: SharedMoments): JointMoments {
  return createJointMoments(shared.units, shared.buffer, shared.n);
}

export function indices(name: string, data: Int32Array): NamedArray {
  return { name, dtype: 'int32', rows: 1, cols: data.length, data };
}

export function values(name: string, data: Float64Array): NamedArray {
  return { name, dtype: 'float64', rows: 1, cols: data.length, data };
}

export function matrix(name: string, rows: number, cols: number, data: Float64Array): NamedArray {
  return { name, dtype: 'float64', rows, cols, data };
}

/** A matrix that is made when it is written, so that large ones are not in memory side by side. */
export function lateMatrix(
  name: string,
  { rows, cols }: { rows: number; cols: number },
  make: () => Float64Array,
): NamedArray {
  return {
    ...{ name, dtype: 'float64', rows, cols },
    get data() {
      return make();
    },
  };
}

/** Values of one band: 8 MiB of float64. */
const bandValues = 2 ** 20;

/**
 * A matrix that is made while it is written, some rows at a time.
 *
 * @param band makes the values of `count` rows from row `first` on
 */
export function bandedMatrix<T extends 'float64' | 'float32'>(
  name: string,
  dtype: T,
  { rows, cols }: { rows: number; cols: number },
  band: (first: number, count: number) => T extends 'float64' ? Float64Array : Float32Array,
): BandedArray {
  const height = Math.max(1, Math.floor(bandValues / Math.max(1, cols)));
  return {
    ...{ name, dtype, rows, cols },
    get data() {
      return band(0, rows);
    },
    *bands() {
      for (let first = 0; first < rows; first += height) yield band(first, Math.min(height, rows - first));
    },
  };
}
