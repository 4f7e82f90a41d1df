import { z } from 'zod';
import { method } from '../define.ts';
import { token } from './project.ts';
import { dataLayouts, type DataInspection, type DataPreview } from '../../domain/dataset.ts';
import { preprocessKeys, preprocessSchema } from '../../domain/preprocess-schema.ts';
import { maskSchema } from '../../domain/recipe.ts';
import type { PickedFile } from './network.ts';

/** How the chosen file is read; the same fields as in a recipe, with a token in place of the path. */
export const dataChoice = z.strictObject({
  token,
  key: z.string().max(200).optional(),
  layout: z.enum(dataLayouts).optional(),
  ...preprocessKeys,
  limit: z.int().positive().optional(),
  onError: z.enum(['stop', 'skip']).optional(),
  ids: z.string().min(1).max(200).optional(),
  vocabulary: token.optional(),
  mask: maskSchema.optional(),
  arrays: z
    .record(z.string().min(1).max(200), z.strictObject({ token, key: z.string().max(200).optional() }))
    .optional(),
});
export type DataChoice = z.infer<typeof dataChoice>;

export const datasetArea = {
  /** Asks for one data file, a folder of images, or a vocabulary; null when the person cancels. */
  pick: method<{ file: PickedFile | null }>()(
    z.strictObject({ folder: z.boolean().optional(), vocabulary: z.boolean().optional() }),
  ),
  inspect: method<DataInspection>()(z.strictObject({ token })),
  /** The first inputs of a stored run, as its networks saw them. */
  previewOfRun: method<DataPreview>()(
    z.strictObject({ runId: z.string().min(1).max(100), count: z.int().min(1).max(64) }),
  ),
  /** `own`: of the network that is meant, on top of the data's. */
  preview: method<DataPreview>()(
    z.strictObject({ data: dataChoice, own: preprocessSchema.optional(), count: z.int().min(1).max(64) }),
  ),
};
