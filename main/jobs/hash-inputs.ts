import { resolve } from 'node:path';
import { fileOf, type Recipe } from '#core/domain/recipe.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { hashData } from './data-hash.ts';
import { hashFile } from './file-hash.ts';
import { hashOf, type InputHashes } from './job-keys.ts';

/** Hashes of the files that a recipe names; paths are relative to its folder. */
export async function hashInputs(
  { data, networks }: Recipe,
  baseFolder: string,
  database: DatabaseMethods,
): Promise<InputHashes> {
  const path = (file: string) => resolve(baseFolder, file);
  const dataHash = data && (await hashData(data, baseFolder, database));
  const models: Record<string, string> = {};
  for (const [index, network] of networks.entries()) {
    const file = fileOf(network);
    models[network.name] = await hashFile(path(file.path), `networks[${index}].${file.field}`, database);
  }
  return { data: dataHash ?? hashOf({ activations: models }), models };
}
