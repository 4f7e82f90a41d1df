import { stat } from 'node:fs/promises';
import { basename, extname, isAbsolute } from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/errors.ts';
import type { DroppedFiles } from '#core/ipc/areas/window.ts';
import { arrayExtensions } from './array-extensions.ts';
import type { TokenStore } from './token-store.ts';

/** What the preload script sends; a File that did not come from the file system has an empty path. */
const pathsSchema = z.array(z.string().max(4096)).min(1).max(64);

const kindOf: Record<string, keyof Omit<DroppedFiles, 'refused'>> = {
  '.onnx': 'models',
  ...Object.fromEntries(arrayExtensions.map((ending) => [`.${ending}`, 'data'] as const)),
  '.zip': 'data',
  '.tar': 'data',
  '.consilience': 'projects',
  '.yaml': 'recipes',
  '.yml': 'recipes',
};
const whatIsTaken =
  'ONNX models (.onnx), arrays (.npy, .npz, .h5, .safetensors, .parquet ...), images (a folder, .zip, .tar), a recipe (.yaml) or a project (.consilience)';

/** Sorts dropped files by their endings and gives each a token; what cannot be opened is refused in words. */
export async function droppedFiles(sent: unknown, tokens: TokenStore): Promise<DroppedFiles> {
  const paths = pathsSchema.safeParse(sent);
  if (!paths.success)
    throw new AppError('bad-request', 'Drop at most 64 files at a time, from a folder of this computer.');
  const dropped: DroppedFiles = { models: [], data: [], projects: [], recipes: [], refused: [] };
  for (const path of paths.data) {
    const fileName = basename(path);
    const found = isAbsolute(path) ? await stat(path).catch(() => null) : null;
    const kind = found?.isDirectory() ? 'data' : kindOf[extname(path).toLowerCase()];
    if (!found) dropped.refused.push(`What was dropped is no file of this computer; drop ${whatIsTaken}.`);
    else if (kind === undefined) dropped.refused.push(`${fileName} is not opened here; drop ${whatIsTaken}.`);
    else dropped[kind].push({ token: tokens.issue(path), fileName, bytes: found.size });
  }
  return { ...dropped, refused: [...new Set(dropped.refused)] };
}
