import { dirname, join } from 'node:path';
import type { Recipe } from '#core/domain/recipe.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { hashFile } from './file-hash.ts';
import { hashOf, type InputHashes } from './job-keys.ts';
import { weightFilesOf } from './weight-files.ts';

/** Hashes of a recipe's models and of the files beside them that hold their weights. */
export async function hashModels(
  recipe: Recipe,
  resolvePath: (path: string) => string,
  database: DatabaseMethods,
): Promise<Pick<InputHashes, 'models' | 'weights'>> {
  const models: Record<string, string> = {};
  const weights: Record<string, string> = {};
  for (const [index, { name, model }] of recipe.networks.entries()) {
    const path = resolvePath(model);
    const field = `networks[${index}].model`;
    models[name] = await hashFile(path, field, database);
    const hashes: string[] = [];
    for (const file of weightFilesOf(path))
      hashes.push(await hashFile(join(dirname(path), file), field, database));
    if (hashes.length > 0) weights[name] = hashOf(hashes);
  }
  return { models, ...(Object.keys(weights).length > 0 && { weights }) };
}
