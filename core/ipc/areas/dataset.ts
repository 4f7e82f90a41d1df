import { z } from 'zod';
import { method } from '../define.ts';
import { token } from './project.ts';
import { dataLayouts, type DataInspection, type DataPreview } from '../../domain/dataset.ts';
import type { PickedFile } from './network.ts';

/** How the chosen file is read; the same fields as in a recipe, with a token in place of the path. */
export const dataChoice = z.strictObject({
  token,
  key: z.string().max(200).optional(),
  layout: z.enum(dataLayouts).optional(),
  scale: z.number().positive().optional(),
  mean: z.array(z.number()).min(1).max(64).optional(),
  std: z.array(z.number().positive()).min(1).max(64).optional(),
  limit: z.int().positive().optional(),
});
export type DataChoice = z.infer<typeof dataChoice>;

export const datasetArea = {
  /** Asks for one data file; null when the person cancels. */
  pick: method<{ file: PickedFile | null }>()(z.strictObject({})),
  inspect: method<DataInspection>()(z.strictObject({ token })),
  /** The first inputs of a stored run, as its networks saw them. */
  previewOfRun: method<DataPreview>()(
    z.strictObject({ runId: z.string().min(1).max(100), count: z.int().min(1).max(64) }),
  ),
  preview: method<DataPreview>()(z.strictObject({ data: dataChoice, count: z.int().min(1).max(64) })),
};
