import type { TopInputs } from '#core/domain/result.ts';
import type { ShownInputs } from '#core/domain/shown-inputs.ts';
import type { EngineData } from '#core/ipc/engine.ts';
import { AppError } from '#core/errors.ts';
import type { CaptureHooks } from './capture-hooks.ts';
import { topPictures } from './top-pictures.ts';

/** Pictures of the top inputs of the recipe's layers; none, and a note, where the data cannot be read again. */
export async function keptPictures(
  data: EngineData,
  layers: readonly { top: TopInputs[] }[],
  hooks: CaptureHooks,
): Promise<ShownInputs[]> {
  try {
    return await topPictures(
      data,
      layers.map(({ top }) => top),
      () => hooks.checkpoint(),
    );
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
    hooks.note(`Pictures of top inputs are not kept in the project: ${error.message}`);
    return [];
  }
}

export function withoutArrays({
  images: _images,
  values: _values,
  ...facts
}: ShownInputs): Omit<ShownInputs, 'images' | 'values'> {
  return facts;
}
