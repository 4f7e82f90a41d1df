import { dirname, join, resolve } from 'node:path';
import { fileOf, type Recipe } from '#core/domain/recipe.ts';
import { hashData } from './data-hash.ts';
import { hashFile, type HashMemory } from './file-hash.ts';
import { hashOf, type InputHashes } from './job-keys.ts';
import { weightFilesOf } from './weight-files.ts';

/** Hashes of the files that a recipe names; paths are relative to its folder. */
export async function hashInputs(
  { data, networks }: Recipe,
  baseFolder: string,
  database: HashMemory,
): Promise<InputHashes> {
  const path = (file: string) => resolve(baseFolder, file);
  const dataHash = data && (await hashData(data, baseFolder, database));
  const models: Record<string, string> = {};
  const weights: Record<string, string> = {};
  for (const [index, network] of networks.entries()) {
    const file = fileOf(network);
    models[network.name] = await hashFile(path(file.path), `networks[${index}].${file.field}`, database);
    if (network.model !== undefined) {
      const ofWeights = await hashWeights(path(network.model), `networks[${index}].model`, database);
      if (ofWeights) weights[network.name] = ofWeights;
    }
  }
  return {
    data: dataHash ?? hashOf({ activations: models }),
    models,
    ...(Object.keys(weights).length > 0 && { weights }),
  };
}

/** Of the files beside a model that hold its weights; null where there are none. */
async function hashWeights(modelPath: string, field: string, database: HashMemory): Promise<string | null> {
  const hashes: string[] = [];
  for (const file of weightFilesOf(modelPath))
    hashes.push(await hashFile(join(dirname(modelPath), file), field, database));
  return hashes.length > 0 ? hashOf(hashes) : null;
}
