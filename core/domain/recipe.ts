import { z } from 'zod';
import { dataLayouts } from './dataset.ts';
import type { Preprocess } from './preprocess.ts';
import { preprocessKeys, preprocessSchema } from './preprocess-schema.ts';
import { providerNames } from './provider.ts';
import { axesPattern } from './tensor-axes.ts';

const name = z.string().min(1).max(200);

/** Which values of a layer become samples of its units (methods: Notation). */
export const sampleKinds = [
  'position', // every (image, position) is a sample, channels are units
  'image', // the layer has one value per unit and image
  'image-mean', // mean over positions
  'image-max', // maximum over positions
  'centre', // the central position
  'flatten', // every channel x position is a unit
  'random', // a seeded random subset of positions per image
  'class-token', // the first position: the class token of a transformer
  'last-token', // the last position
] as const;
export type SampleKind = (typeof sampleKinds)[number];

/** Other words for samples of tensors whose positions are tokens. */
export const sampleAliases = { token: 'position', 'token-mean': 'image-mean' } as const;

/** Which positions are samples: those that an array of 1 and 0 tells, or all but the id of padding. */
export const maskSchema = z
  .strictObject({ array: z.string().min(1).max(200).optional(), padding: z.int().optional() })
  .refine(({ array, padding }) => (array === undefined) !== (padding === undefined), {
    message: 'give array or padding, one of them',
  });

const dataSchema = z.strictObject({
  images: z.string().min(1).optional(),
  key: z.string().min(1).optional(),
  /** Arrays that inputs of networks name, each in a file of its own or under a key. */
  arrays: z
    .record(
      z.string().min(1).max(200),
      z.strictObject({ file: z.string().min(1), key: z.string().min(1).optional() }),
    )
    .optional(),
  layout: z.enum(dataLayouts).optional(),
  ...preprocessKeys,
  limit: z.int().positive().optional(),
  /** What a file does that cannot be read: stop the run, or be left out of it. */
  onError: z.enum(['stop', 'skip']).optional(),
  /** Array of sample ids in the data's file. */
  ids: name.optional(),
  /** File of the tokens that the data's numbers stand for. */
  vocabulary: z.string().min(1).optional(),
  mask: maskSchema.optional(),
});

const fillShape = z.array(z.union([z.int().positive(), z.literal('N')])).max(8);

/** Where one input of a network comes from. `N` in a shape is the number of samples in a batch. */
export const inputSchema = z.union([
  z.strictObject({ images: z.literal(true) }),
  z.strictObject({ array: z.string().min(1).max(200) }),
  z.strictObject({ zeros: z.literal(true), shape: fillShape.optional() }),
  z.strictObject({ constant: z.number(), shape: fillShape.optional() }),
]);
export type RecipeInput = z.infer<typeof inputSchema>;

const networkSchema = z.strictObject({
  name,
  model: z.string().min(1).optional(),
  activations: z.string().min(1).optional(),
  preprocess: preprocessSchema.optional(),
  inputs: z.record(z.string(), inputSchema).optional(),
  /** Array of sample ids in the file of activations. */
  ids: name.optional(),
});

export const sampleSchema = z.union([
  z.enum([...sampleKinds, ...(Object.keys(sampleAliases) as (keyof typeof sampleAliases)[])]),
  z.strictObject({ random: z.int().positive(), seed: z.int().nonnegative().optional() }),
]);

export const axesText = z.string().regex(axesPattern, 'one N, at least one C, and letters of T H W D S');

const layerSchema = z.strictObject({
  name,
  tensors: z.union([name, z.record(z.string(), name)]),
  sample: sampleSchema.optional(),
  axes: z.union([axesText, z.record(z.string(), axesText)]).optional(),
});

const foldsSchema = z.union([
  z.literal('none'),
  z.strictObject({
    test: z.number().gt(0).lt(1),
    seed: z.int().nonnegative().optional(),
    by: z.literal('image').optional(),
  }),
]);

/** Every analysis of the interface; those this version cannot run are refused by name, not by syntax. */
export const analysisNames = [
  'correlation',
  'matching',
  'mutual-information',
  'sparse-mapping',
  'spectral-clusters',
  'subspaces',
  'code',
  'certainty',
  'neighbourhoods',
  'many-networks',
  'layer-map',
] as const;
export type AnalysisName = (typeof analysisNames)[number];

export const scoreKinds = ['correlation', 'absolute-correlation'] as const;
export type ScoreKind = (typeof scoreKinds)[number];

const analysisSchema = z.union([
  z.enum(analysisNames),
  z.record(z.enum(analysisNames).or(z.string()), z.unknown()),
]);

/** The recipe file as written by a person (YAML), before defaults. Unknown keys are refused. */
export const recipeSchema = z.strictObject({
  title: z.string().max(500).optional(),
  /** May be left out where every network is saved activations. */
  data: dataSchema.optional(),
  networks: z.array(networkSchema).min(1).max(64),
  layers: z.array(layerSchema).min(1).max(256),
  pairs: z
    .array(z.tuple([name, name]))
    .min(1)
    .optional(),
  folds: foldsSchema.optional(),
  analyses: z.array(analysisSchema).min(1),
  provider: z.enum(providerNames).optional(),
  threads: z.int().positive().max(1024).optional(),
  batch: z.int().positive().max(65536).optional(),
  /** GiB. */
  memory: z.number().positive().max(65536).optional(),
});
export type RecipeFile = z.infer<typeof recipeSchema>;

export interface SampleRule {
  kind: SampleKind;
  /** Positions per image, for `random`. */
  count?: number;
  seed?: number;
}

export interface RecipeLayer {
  name: string;
  /** Tensor of each network, by network name. */
  tensors: Record<string, string>;
  sample: SampleRule;
  /** What the axes of each network's tensor are (tensor-axes.ts), where the recipe says it. */
  axes?: Record<string, string>;
}

export interface RecipeData extends Preprocess {
  /** What is shown, and what networks read where they do not say; of `arrays` the first where it is left out. */
  images: string;
  key?: string;
  arrays?: Record<string, { file: string; key?: string }>;
  layout?: (typeof dataLayouts)[number];
  limit?: number;
  onError?: 'stop' | 'skip';
  ids?: string;
  /** Which positions count: those where the named array is 1, or the data is not the token of padding. */
  mask?: { array: string } | { padding: number };
  /** How inputs are shown: no result depends on it. */
  vocabulary?: string;
}

/** A network that is run, or activations that were saved before. */
export type RecipeNetwork =
  | {
      name: string;
      model: string;
      activations?: undefined;
      /** Where it differs from the data's. */
      preprocess?: Preprocess;
      inputs?: Record<string, RecipeInput>;
    }
  | { name: string; activations: string; model?: undefined; ids?: string };

/** The one file that a network is. */
export function fileOf(network: RecipeNetwork): { path: string; field: 'model' | 'activations' } {
  return network.model === undefined
    ? { path: network.activations, field: 'activations' }
    : { path: network.model, field: 'model' };
}

export const affinityKinds = ['abs', 'positive', 'squared', 'mutual-information'] as const;
export const subspaceMethods = [
  'cca',
  'svcca',
  'pwcca',
  'cka',
  'procrustes',
  'regression',
  'soft-matching',
  'principal-angles',
  'dimensionality',
  'shared-dimensions',
  'rbf-cka',
  'rsa',
] as const;
export type SubspaceMethod = (typeof subspaceMethods)[number];

/** An analysis with every option filled in. */
export type RecipeAnalysis =
  | { name: 'correlation' }
  | { name: 'matching'; score: ScoreKind }
  | { name: 'mutual-information'; bins: number }
  /** `paper`: alphas are the paper's decay lambda; alpha = lambda x number of targets. */
  | { name: 'sparse-mapping'; alphas: number[]; mode: 'exact' | 'paper' }
  /** `group`: one graph per pair of networks, or one of all networks. */
  | {
      name: 'spectral-clusters';
      affinity: (typeof affinityKinds)[number];
      k: number[];
      group: 'pair' | 'all';
      seed: number;
    }
  /** `variance`: share kept by SVCCA and the principal angles; `ridge`: penalty as a share of the mean eigenvalue. */
  | { name: 'subspaces'; methods: SubspaceMethod[]; variance: number; ridge: number; seed: number }
  | { name: 'code'; rotations: number; seed: number }
  | { name: 'certainty'; resamples: number; level: number; fdr: number; seed: number }
  | { name: 'neighbourhoods'; epsilons: number[] }
  | { name: 'many-networks'; threshold: number; fdr: number }
  | { name: 'layer-map'; score: 'cka' | 'matching' };

export type AnalysisNamed<Name extends AnalysisName> = Extract<RecipeAnalysis, { name: Name }>;

/** A recipe with every default filled in and every cross reference checked; paths still as written. */
export interface Recipe {
  title: string;
  /** Null where every network is saved activations and nothing was said of their inputs. */
  data: RecipeData | null;
  networks: RecipeNetwork[];
  layers: RecipeLayer[];
  /** Compared networks, each pair once. */
  pairs: [string, string][];
  folds: { test: number; seed: number } | null;
  analyses: RecipeAnalysis[];
  provider: (typeof providerNames)[number];
  threads: number | null;
  batch: number | null;
  /** GiB that the moments of one pass may take; left out: half of what is free. */
  memory?: number;
}
