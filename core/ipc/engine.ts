import type { DataInspection, DataPreview } from '../domain/dataset.ts';
import type { JobProgress } from '../domain/job.ts';
import type { ModelInspection } from '../domain/network.ts';
import type { ProviderName, ProviderStatus, ProviderUse } from '../domain/provider.ts';
import type { RecipeAnalysis, RecipeData, SampleRule } from '../domain/recipe.ts';
import type { Headline, NamedArray } from '../domain/result.ts';

/**
 * The contract between a host (Electron's main, the command line) and the engine process.
 * Paths are absolute. Bulk arrays travel as files: see `ArrayFile`.
 */
export const engineProtocolVersion = 1;

export interface EngineHello {
  protocol: number;
  pid: number;
  versions: Record<string, string>;
  linearAlgebra: string;
  threads: number;
}

export interface EngineNetwork {
  name: string;
  modelPath: string;
}

export interface EngineLayer {
  name: string;
  tensors: Record<string, string>;
  sample: SampleRule;
}

/** One pass over the data: joint moments of every layer over all networks, unit statistics, top inputs. */
export interface CaptureRequest {
  jobId: string;
  data: Omit<RecipeData, 'images'> & { path: string };
  networks: EngineNetwork[];
  layers: EngineLayer[];
  folds: { test: number; seed: number } | null;
  provider: ProviderName;
  threads: number | null;
  batch: number | null;
  topK: number;
  /** Where the arrays are written. */
  outFile: string;
}

export interface CapturedLayer {
  name: string;
  sample: SampleRule;
  /** Units of each network, in network order: the joint index is their concatenation. */
  units: number[];
  /** Samples in the fold analyses are fitted on, and in the held-out fold. */
  samples: number;
  testSamples: number;
  /** Positions per image per network-independent sampling (1 for per-image samples). */
  positions: number;
}

export interface CaptureSummary {
  images: number;
  testImages: number;
  /** SHA-256 over the sample indices in the order read. */
  orderHash: string;
  layers: CapturedLayer[];
  providers: ProviderUse[];
  linearAlgebra: string;
  timings: { sessionMs: number; decodeWaitMs: number; inferenceMs: number; accumulateMs: number };
  /** Array names, for layer index l: see `captureArrayName`. */
  arrays: ArrayFile;
}

/** `train`: what analyses are fitted on (every sample when there are no folds); `test`: held out; `all`: both. */
export type Fold = 'train' | 'test' | 'all';

/**
 * Names of the arrays of a capture. `what`: `mean` [1 x p], `m2` [p x p] (symmetric), joint over all networks;
 * `std min max fraction-zero sparseness kurtosis dead` [1 x p]; of fold `all` `top-image top-position top-value`
 * [p x k].
 */
export function captureArrayName(layer: number, fold: Fold, what: string): string {
  return `${layer}/${fold}/${what}`;
}

/** Several arrays in one raw file: `offset` bytes from the start, little-endian, row-major, 8-byte aligned. */
export interface ArrayFile {
  path: string;
  arrays: (Omit<NamedArray, 'data'> & { offset: number; bytes: number })[];
}

/** One analysis of one layer of one pair, computed from the joint moments alone. */
export interface AnalysisTask {
  /** Result id chosen by the host: hash of the job. */
  id: string;
  analysis: RecipeAnalysis;
  /** Index of the layer in the capture. */
  layer: number;
  /** Indices of the networks in the capture. */
  a: number;
  b: number;
}

export interface AnalyseRequest {
  jobId: string;
  capture: { layers: CapturedLayer[]; arrays: ArrayFile };
  tasks: AnalysisTask[];
  threads: number | null;
  /** Folder for result files, one `ArrayFile` a result. */
  outFolder: string;
}

export interface AnalysisOutcome {
  id: string;
  headline: Headline;
  elapsedMs: number;
  arrays: ArrayFile;
}

/** Calls the host makes. */
export interface EngineMethods {
  providers(): Promise<ProviderStatus[]>;
  inspectModel(path: string): Promise<ModelInspection>;
  inspectData(path: string): Promise<DataInspection>;
  previewData(data: CaptureRequest['data'], count: number): Promise<DataPreview>;
  capture(request: CaptureRequest): Promise<CaptureSummary>;
  /** Resolves when all tasks are done; each outcome is also announced as it is ready. */
  analyse(request: AnalyseRequest): Promise<{ analyseMs: number }>;
  /** Cooperative: takes effect between batches, or at the next checkpoint of an alignment. */
  cancel(jobId: string): Promise<boolean>;
}

/** Calls the engine makes. */
export interface EngineEvents {
  ready(hello: EngineHello): void;
  progress(jobId: string, progress: Omit<JobProgress, 'secondsLeft'>): void;
  note(jobId: string, sentence: string): void;
  outcome(jobId: string, outcome: AnalysisOutcome): void;
}
