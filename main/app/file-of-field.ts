import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError } from '#core/errors.ts';

/**
 * Facts of a file that a field of a recipe names.
 *
 * @throws AppError `not-found` where nothing is there, `bad-recipe` where it is no file; field, path and remedy named
 */
export async function fileOfField(path: string, field: string): Promise<Stats> {
  const stats = await stat(path).catch((error: unknown) => {
    throw new AppError(
      'not-found',
      `${field}: the file ${path} does not exist or cannot be read; check the path.`,
      { path, field },
      error,
    );
  });
  if (stats.isFile()) return stats;
  throw new AppError('bad-recipe', `${field}: ${path} is not a file; name one.`, { path, field });
}
