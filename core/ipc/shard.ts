import type {
  ArrayFile,
  CapturedLayer,
  CaptureExtras,
  CaptureSummary,
  EngineData,
  ImageRange,
  SecondSums,
  SecondPassSummary,
  ShardNumber,
} from './engine.ts';

/** A layer of one shard. `samples`, `blocks` and the like are of the shard's own images. */
export interface ShardLayer extends CapturedLayer {
  /** Units of every part, in joint order: of every network, or of the layer map every tensor. */
  parts: number[];
  folds: 1 | 2;
  /** The runs of images (blocks) that have some of the shard's, of how many in the whole order. */
  firstRun: number;
  runs: number;
  allRuns: number;
  /** Kept samples: those of all shards, and the place of the shard's first among them. */
  keptRows: number;
  firstKept: number;
}

/** What a shard's first pass leaves behind: sums over its images that merge to those of the whole. */
export interface ShardSummary extends Omit<CaptureSummary, 'layers'> {
  shard: ShardNumber;
  range: ImageRange;
  /** Inputs that networks ran on at a time. */
  batch: number;
  /** `images`, `testImages` and `orderHash` are of the whole order, the same in all shards. */
  layers: ShardLayer[];
  /** See `shardArrayName`; every array has its SHA-256. */
  arrays: ArrayFile;
}

/** What a shard's second pass leaves behind. */
export interface SecondShardSummary extends SecondPassSummary {
  shard: ShardNumber;
  range: ImageRange;
  images: number;
  orderHash: string;
  batch: number;
}

/**
 * Arrays of a shard's first pass, by layer. `run-R/fold-F/joint` and `null-K`: `n` [1], `mean` [1 x p], `upper` [1 x p(p + 1) / 2];
 * `run-R/fold-F/units-P`: unit moments of a part; `top-P/image position value` [units x k];
 * `sample` [p x kept]; `average/n units squares pixels products first-units first-pixels`.
 */
export function shardArrayName(layer: number, what: string): string {
  return `${layer}/${what}`;
}

/** Shards of one capture, in their order. */
export interface MergeRequest {
  jobId: string;
  shards: ShardSummary[];
  extras: CaptureExtras | null;
  /** Layers of the recipe; one more in the shards is the layer map's. */
  layers: number;
  /** Where pictures of top inputs come from. */
  data: EngineData | null;
  /** Where the arrays are written. */
  outFile: string;
}

/**
 * Second passes of all shards, in their order. `between-A-B`, `shuffled-A-B`, `half-A-B` [units of A x (units of B x bins x
 * bins)]: joint counts of a pair's units, `between` of all images; where they would be too large, codes of the samples
 * instead: `codes` [1 x bytes], `code-units` [1 x networks], `code-runs` [runs x (2 + pairs)].
 */
export interface AddRequest {
  jobId: string;
  files: ArrayFile[];
  sums: SecondSums;
  /** Where arrays as of a second pass are written: see `secondArrayName`. */
  outFile: string;
}
