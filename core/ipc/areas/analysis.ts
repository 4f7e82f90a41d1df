import { z } from 'zod';
import { method } from '../define.ts';
import type { RunEstimate } from '../../domain/estimate.ts';
import { dataChoice } from './dataset.ts';
import type { PickedFile } from './network.ts';
import { token } from './project.ts';
import {
  analysisNames,
  axesText,
  inputSchema,
  sampleSchema,
  type RecipeAnalysis,
  type RecipeData,
  type RecipeInput,
  type RecipeLayer,
} from '../../domain/recipe.ts';
import type { Preprocess } from '../../domain/preprocess.ts';
import { preprocessSchema } from '../../domain/preprocess-schema.ts';
import { providerNames, type ProviderName } from '../../domain/provider.ts';

const analysesToRun = z
  .array(z.enum(analysisNames))
  .min(1)
  .max(analysisNames.length)
  .refine((names) => new Set(names).size === names.length, 'each analysis is named once');

const name = z.string().min(1).max(200);
/** A value for each network, by its name. */
const byNetwork = <Value extends z.ZodType>(value: Value) => z.record(name, value);

/** A new analysis as the window's form holds it: a recipe with file tokens in place of paths. */
export const analysisDraft = z.strictObject({
  title: z.string().min(1).max(200),
  /** Null: every network is saved activations. */
  data: dataChoice.nullable(),
  networks: z
    .array(
      z.strictObject({
        name,
        token,
        preprocess: preprocessSchema.optional(),
        inputs: z.record(z.string().max(1000), inputSchema).optional(),
        ids: name.optional(),
      }),
    )
    .min(1)
    .max(64),
  layers: z
    .array(
      z.strictObject({
        name,
        tensors: byNetwork(z.string().min(1).max(1000)),
        sample: sampleSchema,
        axes: byNetwork(axesText).optional(),
      }),
    )
    .min(1)
    .max(256),
  folds: z.union([
    z.literal('none'),
    z.strictObject({ test: z.number().gt(0).lt(1), seed: z.int().nonnegative() }),
  ]),
  /** Left out: every pair of networks once. */
  pairs: z
    .array(z.tuple([name, name]))
    .min(1)
    .max(2016)
    .optional(),
  /** Names, or a name with options; these are checked with the recipe. */
  analyses: z
    .array(z.union([z.enum(analysisNames), z.record(z.enum(analysisNames).or(z.string()), z.unknown())]))
    .min(1)
    .max(analysisNames.length),
  provider: z.enum(providerNames),
  threads: z.int().positive().max(1024).nullable(),
  batch: z.int().positive().max(65_536).nullable(),
  memory: z.number().positive().max(65_536).optional(),
});
export type AnalysisDraft = z.infer<typeof analysisDraft>;

/** Files as the window may know them, and how the data is read. */
export interface RunInputs {
  title: string;
  networks: {
    name: string;
    file: PickedFile;
    preprocess?: Preprocess;
    inputs?: Record<string, RecipeInput>;
    ids?: string;
  }[];
  /** Null: every network is saved activations. */
  data:
    | ({
        file: PickedFile;
        arrays?: Record<string, { file: PickedFile; key?: string }>;
        vocabulary?: PickedFile;
      } & Omit<RecipeData, 'images' | 'arrays' | 'vocabulary'>)
    | null;
  /** Of a recipe file: the rest of it. */
  more?: {
    layers: RecipeLayer[];
    /** Null: every pair once. */
    pairs: [string, string][] | null;
    analyses: RecipeAnalysis[];
    folds: { test: number; seed: number } | null;
    provider: ProviderName;
    threads: number | null;
    batch: number | null;
    memory?: number;
  };
}

export const analysisArea = {
  /** Validates the draft wholly, then queues it in the open project. */
  start: method<{ jobId: string }>()(analysisDraft),
  /** The files and reading of a stored run, for a new analysis of the same networks on the same data. */
  inputsOfRun: method<RunInputs>()(z.strictObject({ runId: z.string().min(1).max(100) })),
  /** A recipe file that was dropped on the window, as the form may take it over. */
  inputsOfRecipe: method<RunInputs>()(z.strictObject({ token })),
  /**
   * Runs a stored run's recipe again with these analyses added; what is stored already is reused. `cuts`: into how many
   * groups the spectral clusters are cut as well.
   */
  add: method<{ jobId: string }>()(
    z.strictObject({
      runId: z.string().min(1).max(100),
      analyses: analysesToRun,
      cuts: z.array(z.int().min(2).max(1024)).min(1).max(16).optional(),
    }),
  ),
  /** Time, memory and disk of the draft, measured on its files; a newer question ends the one before as `cancelled`. */
  estimate: method<RunEstimate>()(analysisDraft),
  cancelEstimate: method<{ cancelled: boolean }>()(z.strictObject({})),
  /** The draft as recipe text, to keep beside the data or to run from the command line. */
  recipeText: method<{ yaml: string }>()(analysisDraft),
  /** Asks for a file and writes that text into it; null when the person cancels. */
  saveRecipe: method<{ fileName: string | null }>()(analysisDraft),
};
