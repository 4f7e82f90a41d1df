import type { ProviderUse } from './provider.ts';
import type { AnalysisName } from './recipe.ts';

/** One end of a comparison. */
export interface LayerRef {
  network: string;
  layer: string;
}

export type Dtype = 'float64' | 'float32' | 'int32' | 'uint8';

/** A named array of a result. A vector has rows = 1. */
export interface ArrayInfo {
  name: string;
  dtype: Dtype;
  rows: number;
  cols: number;
}

/** An array with its values, as the engine makes it and the database stores it. */
export interface NamedArray extends ArrayInfo {
  data: Float64Array | Float32Array | Int32Array | Uint8Array;
}

/** Everything needed to make the same number again. */
export interface Provenance {
  software: Record<string, string>;
  /** SHA-256 of the model files of a and b; of a group of networks, of each by its name. */
  models: { a: string; b: string; group?: Record<string, string> };
  /** SHA-256 of the data file, and of the order of samples used. */
  data: string;
  order: string;
  /** Of a result about all layers, each layer's tensor, separated by spaces. */
  tensors: { a: string; b: string };
  provider: { a: ProviderUse; b: ProviderUse };
  linearAlgebra: string;
  seed: number | null;
  /** Shards that the first pass was merged from; absent where one machine read all. */
  shards?: number;
}

/** The numbers of a result that the command line lists; finite. */
export type Headline = Record<string, HeadlineValue>;
export type HeadlineValue = number | number[] | Record<string, number>[];

/** A number of the headline; undefined where there is none of that name, or a list. */
export function headlineNumber(headline: Headline, key: string): number | undefined {
  const value = headline[key];
  return typeof value === 'number' ? value : undefined;
}

/** Layer name of results about all layers of a pair. */
export const allLayers = 'all layers';

/** One stored answer: an entry of `consilience results`. */
export interface ResultEntry {
  /** Hash of the job that made it. */
  id: string;
  analysis: AnalysisName;
  a: LayerRef;
  b: LayerRef;
  params: Record<string, unknown>;
  headline: Headline;
}

export interface StoredResult extends ResultEntry {
  createdAt: string;
  elapsedMs: number;
  provenance: Provenance;
  arrays: ArrayInfo[];
}

/** Per-unit statistics of one layer of one network (methods section 1); columns of equal length. */
export interface UnitStatistics {
  mean: Float64Array;
  std: Float64Array;
  min: Float64Array;
  max: Float64Array;
  fractionZero: Float64Array;
  lifetimeSparseness: Float64Array;
  kurtosis: Float64Array;
  /** 1 where the unit is constant over all samples. */
  dead: Uint8Array;
}

/** The k inputs that excite each unit most: image index, flat position, value; [units x k], -1 where fewer. */
export interface TopInputs {
  k: number;
  image: Int32Array;
  position: Int32Array;
  value: Float32Array;
}
