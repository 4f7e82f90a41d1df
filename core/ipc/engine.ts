import type { DataInspection, DataPreview } from '../domain/dataset.ts';
import type { JobProgress } from '../domain/job.ts';
import type { ModelInspection } from '../domain/network.ts';
import type { ProviderName, ProviderStatus, ProviderUse } from '../domain/provider.ts';
import type { Preprocess } from '../domain/preprocess.ts';
import type { RecipeAnalysis, RecipeData, RecipeInput, SampleRule } from '../domain/recipe.ts';
import type { ReceptiveField } from '../domain/receptive-field.ts';
import type { Headline, NamedArray } from '../domain/result.ts';
import type { ShownInputs } from '../domain/shown-inputs.ts';
import type { ValidationReport } from '../domain/validation.ts';
import type { AddRequest, MergeRequest, SecondShardSummary, ShardSummary } from './shard.ts';

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
  /** Title of the library of eigenvalues, SVD and QR; null: WebAssembly. */
  lapack: string | null;
  threads: number;
}

export interface EngineNetwork {
  name: string;
  modelPath: string;
  preprocess?: Preprocess;
  inputs?: Record<string, RecipeInput>;
}

/** The data section of a recipe, its paths resolved. */
export interface EngineData extends Omit<RecipeData, 'images' | 'arrays' | 'vocabulary'> {
  path: string;
  arrays?: Record<string, { path: string; key?: string }>;
  /** Samples that an earlier look found unreadable and left out; without it, `onError: skip` looks. */
  skipped?: string[];
  /** How samples are shown, where the data does not say but a network does. */
  shown?: Preprocess;
}

/** A file of the data that was left out of a run. */
export interface SkippedSample {
  name: string;
  reason: string;
}

/** Activations that were saved before, in place of a model. */
export interface EngineActivations {
  name: string;
  activationsPath: string;
  /** Array of sample ids in the file. */
  ids?: string;
}

export interface EngineLayer {
  name: string;
  tensors: Record<string, string>;
  sample: SampleRule;
  axes?: Record<string, string>;
}

/** What any pass over the data needs. */
export interface PassRequest {
  jobId: string;
  /** Null: every network is saved activations, and there are no inputs. */
  data: EngineData | null;
  /** Only the first samples, where there is no data to say so. */
  limit?: number;
  networks: (EngineNetwork | EngineActivations)[];
  layers: EngineLayer[];
  folds: { test: number; seed: number } | null;
  provider: ProviderName;
  threads: number | null;
  batch: number | null;
  /** Memory that the moments of one pass may take; left out: half of what is free. */
  memoryBytes?: number;
  /** Seed of a random reading order; null: as stored. */
  orderSeed: number | null;
  /** One more layer at the end: the units of all layers side by side, averaged over positions. */
  layerMap: boolean;
  /** Only this part of the reading order, for a job array; left out: all of it. */
  shard?: ShardNumber;
  /** Where the arrays are written. */
  outFile: string;
  /** Left out: the pass is not kept while it goes on, and an interrupted one begins again. */
  checkpoints?: CheckpointPlan;
}

/** Which part of how many, from 1. */
export interface ShardNumber {
  index: number;
  of: number;
}

/** A run of images in reading order: those from `first` on, before `end`. */
export interface ImageRange {
  first: number;
  end: number;
}

/** One pass over the data: joint moments of every layer over all networks, unit statistics, top inputs. */
export interface CaptureRequest extends PassRequest {
  topK: number;
  /** Left out: moments and unit statistics alone. */
  extras: CaptureExtras | null;
}

/** How often a pass is kept, and what is kept of an earlier one. */
export interface CheckpointPlan {
  /** Where the state is written; the file belongs to whoever was told of it until that is answered. */
  file: string;
  /** Milliseconds from one checkpoint to the next, at least. */
  everyMs: number;
  /** Share of the pass's time that checkpoints may take, 0 to 1: costly ones are taken less often. */
  share: number;
  /** Where an earlier pass with the same capture key stopped. */
  from: PassState | null;
  /** Where earlier ones over further layers stopped (`CheckpointPosition.pass`), where the first pass holds not all. */
  later: PassState[];
}

/** How far a pass has come: the state of its accumulators. */
export interface PassState {
  position: CheckpointPosition;
  arrays: ArrayFile;
}

/** Where a checkpoint was taken, always between two batches. */
export interface CheckpointPosition {
  /** Which of several passes over the data, each for some of the layers; left out: the first. */
  pass?: number;
  /** Images that are in the accumulators, in reading order. */
  done: number;
  /** Images of a batch: the same when the pass goes on, or the last bits could differ. */
  batch: number;
  /** What the state depends on beside the capture's key; a pass where it differs begins again. */
  made: Record<string, string>;
  timings: PassTimings;
  /** Samples that were found unreadable: they are not looked for again. */
  skipped: SkippedSample[];
  /** Sentences that were said for the person. */
  notes: string[];
}

/** What a pass takes besides moments and unit statistics, for certainty and for methods that need single samples. */
export interface CaptureExtras {
  seed: number;
  /** Disjoint random groups of images; 0: none. */
  blocks: number;
  /** Times the images of the networks are shuffled against each other; 0: none. */
  shuffles: number;
  /** Samples kept for methods that need activations; 0: none. */
  sampleRows: number;
  /** Bins whose edges the joint histograms need; 0: none. */
  bins: number;
  /** The average input of every unit, where the inputs are images. */
  averageInputs?: boolean;
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
  /** Where some of them are padding and no samples. */
  isMasked?: true;
  /** Training samples of every block. */
  blocks: number[];
  shuffles: number;
  /** Training samples that were kept, and those the bin edges come from. */
  sampleRows: number;
  edgeSamples: number;
  /** Where average inputs were taken: over how many images, and the size of one. */
  averageInput?: { images: number; channels: number; rows: number; cols: number };
  /** Shape and receptive field of each network's tensor. */
  geometry?: TensorGeometry[];
  /** Where inputs were kept that excite units most: all of `ShownInputs` but its arrays. */
  topInputs?: Omit<ShownInputs, 'images' | 'values'>;
  /** Of the layer map's layer: units of every recipe layer, [network][layer]. */
  layerUnits?: number[][];
}

export interface PassTimings {
  sessionMs: number;
  decodeWaitMs: number;
  inferenceMs: number;
  accumulateMs: number;
}

export interface CaptureSummary {
  images: number;
  testImages: number;
  /** Samples that could not be read and were left out; absent where none were. */
  skipped?: SkippedSample[];
  /** SHA-256 over the sample indices in the order read, and over the samples' ids where there are any. */
  orderHash: string;
  layers: CapturedLayer[];
  providers: ProviderUse[];
  linearAlgebra: string;
  /** Merged from so many shards; absent where one machine read all. */
  shards?: number;
  timings: PassTimings;
  /** Array names, for layer index l: see `captureArrayName`. */
  arrays: ArrayFile;
}

/** `train`: what analyses are fitted on (every sample when there are no folds); `test`: held out; `all`: both. */
export type Fold = 'train' | 'test' | 'all';

/** A set of samples that has moments of its own: see `CaptureExtras`. */
export type SampleSet = Fold | `block-${number}` | `null-${number}`;

/**
 * Names of the arrays of a capture. `what`: `mean` [1 x p], `m2` [floor(p / 2) + 1 x p] (a symmetric matrix as
 * `packUpper` packs it), joint over all networks;
 * `std min max fraction-zero sparseness kurtosis dead` [1 x p]; of fold `all` `top-image top-position top-value`
 * [p x k], and, one after the other in a row each, `top-input` (bytes of pictures, or numbers) and `top-input-image`, the
 * samples they are of. Blocks and nulls: `upper` [1 x p(p + 1) / 2], the second moments' upper triangle row by row; blocks also
 * `mean`. Of fold `train`: `sample` [rows x p], `edges` [p x bins - 1], NaN where a unit has fewer,
 * `average-input` [p x channels x rows x cols].
 */
export function captureArrayName(layer: number, set: SampleSet, what: string): string {
  return `${layer}/${set}/${what}`;
}

/** Whether it is a packed triangle, which no view shows: it is stored without coarser levels. */
export function isPackedMoments(name: string): boolean {
  return name.endsWith('/m2');
}

/** What the pictures of one layer's top inputs may take in the project. */
export const topInputBytes = 8 * 2 ** 20;

/** Several arrays in one raw file: `offset` bytes from the start, little-endian, row-major, 8-byte aligned. */
export interface ArrayFile {
  path: string;
  arrays: (Omit<NamedArray, 'data'> & {
    offset: number;
    bytes: number;
    /** Of the bytes, where a file travels between machines; read arrays are held to it. */
    sha256?: string;
  })[];
}

/** A second pass over the same data, which needs what the first one found. */
export interface SecondPassRequest extends PassRequest, SecondSums {
  capture: { layers: CapturedLayer[]; arrays: ArrayFile };
  /**
   * Only its time is wanted, with the first of so many images: of what is counted once the data are read, a part is, and
   * some arrays are left out.
   */
  trialOf?: number;
}

/** What a second pass counts and sums. */
export interface SecondSums {
  /** Pairs of networks whose joint histograms are counted, by index. */
  pairs: [number, number][];
  /** 0: no histograms. */
  bins: number;
  /** A random half of the images is counted by itself too. */
  halves: boolean;
  squaredNorms: boolean;
}

export interface SecondPassSummary {
  timings: PassTimings;
  /** Of a trial, what counting would take once all the data are read. */
  leftMs?: number;
  /** See `secondArrayName`. */
  arrays: ArrayFile;
}

/** What a second pass's checkpoints are of, in `CheckpointPosition.made.sums`: JSON of `SecondSums`. */
export function sumsAsked({ pairs, bins, halves, squaredNorms }: SecondSums): string {
  return JSON.stringify({ pairs, bins, halves, squaredNorms });
}

/**
 * Arrays of a second pass. `norms` [networks x networks]: sums over training samples of |x - mean|^2 |y - mean|^2;
 * `information-A-B`, `corrected-A-B`, `shuffled-A-B`, `half-A-B`, `rest-A-B` [units of A x units of B]: mutual information of
 * the pair's units, without its bias, with the images shuffled, of a random half of the images and of the others;
 * `entropy-a-A-B` [1 x units of A], `entropy-b-A-B`.
 */
export function secondArrayName(layer: number, what: string): string {
  return `${layer}/${what}`;
}

/** One analysis of one layer of one pair or group of networks. */
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
  /** Names of the captured networks and of the recipe's layers, in order. */
  networks: string[];
  layerNames: string[];
  capture: { layers: CapturedLayer[]; arrays: ArrayFile };
  /** Of the second pass, where the tasks need one. */
  second: { bins: number; arrays: ArrayFile } | null;
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

/** Single inputs to be looked at. */
export interface InputsRequest {
  data: EngineData;
  /** Sample indices. */
  images: number[];
  /** Most pixels a side of a picture. */
  mostSide: number;
}

/** One tensor of one network, to be looked into. */
export interface ProbeRequest {
  data: EngineData;
  network: EngineNetwork;
  tensor: string;
  axes?: string;
  provider: ProviderName;
  threads: number | null;
}

export interface GeometryRequest extends ProbeRequest {
  /** Channels whose filters are wanted. */
  channels: number[];
}

/** Weights of one unit of a first layer, [channels x height x width]. */
export interface UnitFilter {
  channels: number;
  height: number;
  width: number;
  values: Float32Array;
}

export interface TensorGeometry {
  /** Of the tensor, without the sample axis; height and width 1 where it has no positions. */
  channels: number;
  height: number;
  width: number;
  field: ReceptiveField;
}

export interface UnitGeometry extends TensorGeometry {
  /** Of every channel asked for; null where the tensor is not made by the network's first layer. */
  filters: (UnitFilter | null)[];
}

export interface MapsRequest extends ProbeRequest {
  /** Which channels are wanted on which samples. */
  looks: { channel: number; images: number[] }[];
}

export interface ActivationMaps {
  height: number;
  width: number;
  /** Of every look: [images x height x width]; NaN where a position is padding. */
  values: Float32Array[];
}

/** Calls the host makes. */
export interface EngineMethods {
  providers(): Promise<ProviderStatus[]>;
  inspectModel(path: string): Promise<ModelInspection>;
  inspectData(path: string): Promise<DataInspection>;
  previewData(data: EngineData, count: number): Promise<DataPreview>;
  /** Single inputs, without any network. */
  showInputs(request: InputsRequest): Promise<ShownInputs>;
  /** Shape, receptive field and filters of a tensor's units. */
  unitGeometry(request: GeometryRequest): Promise<UnitGeometry>;
  /** Runs single samples through one network and gives what its units answer at every position. */
  activationMaps(request: MapsRequest): Promise<ActivationMaps>;
  capture(request: CaptureRequest): Promise<CaptureSummary>;
  secondPass(request: SecondPassRequest): Promise<SecondPassSummary>;
  /** Refuses a pass that cannot be cut into as many shards as `request.shard` says; runs no network on data. */
  requireShards(request: PassRequest): Promise<void>;
  /** The part of a first, or second, pass that `request.shard` names. */
  captureShard(request: CaptureRequest): Promise<ShardSummary>;
  secondShard(request: SecondPassRequest): Promise<SecondShardSummary>;
  /** All shards of a first pass as one capture. */
  mergeShards(request: MergeRequest): Promise<CaptureSummary>;
  /** The sums of all shards of a second pass. */
  addShards(request: AddRequest): Promise<ArrayFile>;
  /** Resolves when all tasks are done; each outcome is also announced as it is ready. */
  analyse(request: AnalyseRequest): Promise<{ analyseMs: number }>;
  /** What estimates are scaled by: the speed of products (GFLOP/s, one thread), and this process's memory. */
  machine(): Promise<{ gflops: number; residentBytes: number; peakBytes: number }>;
  /** Recomputes the published numbers of a folder of oracles. */
  validate(folder: string): Promise<ValidationReport>;
  /** Cooperative: takes effect between batches, or at the next checkpoint of an alignment. */
  cancel(jobId: string): Promise<boolean>;
  /** Holds the job at its next checkpoint, its memory kept; false where it is not at work. */
  pause(jobId: string): Promise<boolean>;
  resume(jobId: string): Promise<boolean>;
}

/** Calls the engine makes. */
export interface EngineEvents {
  ready(hello: EngineHello): void;
  progress(jobId: string, progress: Omit<JobProgress, 'secondsLeft'>): void;
  note(jobId: string, sentence: string): void;
  outcome(jobId: string, outcome: AnalysisOutcome): void;
  /**
   * Resolves once the state is kept and its file may be written again, with the milliseconds of processor time that took;
   * null: what was kept does not fit any more.
   */
  checkpoint(jobId: string, state: PassState | null): Promise<number>;
}
