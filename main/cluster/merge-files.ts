import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import { jointNeeds } from '#core/domain/analysis-needs.ts';
import { captureArrayName } from '#core/ipc/engine.ts';
import type { DatabaseService, EngineService, RunRequest } from '../app/services.ts';
import { engineDataOf } from '../jobs/engine-data.ts';
import { hashInputs } from '../jobs/hash-inputs.ts';
import { captureKey, type InputHashes } from '../jobs/job-keys.ts';
import { extrasOf, secondPassOf, topInputs } from '../jobs/pass-request.ts';
import { planTasks } from '../jobs/plan-tasks.ts';
import { parseRecipe } from '../recipe/load.ts';
import { checkShards, type NamedShard } from './check-shards.ts';
import { copyArrays, finishFile, readShard, type ShardOrigin } from './shard-file.ts';

export interface MergeParts {
  engine: EngineService;
  database: DatabaseService;
  jobId: string;
  /** For files on the way; removed by whoever made it. */
  workFolder: string;
}

export interface Merged {
  kind: 'first' | 'second';
  shards: number;
  images: number;
  notes: string[];
  /** Whether the project had the capture already. */
  isStored: boolean;
  /** Whether an analysis needs a second pass that these shards are not. */
  needsSecond: boolean;
  /** What is left to do: the analyses, from what is stored now. */
  request: RunRequest;
}

/** Reads and checks shards before anything is opened or written. */
export async function readShards(
  paths: readonly string[],
): Promise<{ shards: NamedShard[]; notes: string[] }> {
  const given: NamedShard[] = [];
  for (const path of paths) given.push({ path, file: await readShard(resolve(path)) });
  return checkShards(given);
}

/** Merges shards into the project: of first passes to a capture as one machine would have stored it. */
export async function mergeFiles(
  { shards, notes }: { shards: NamedShard[]; notes: string[] },
  parts: MergeParts,
): Promise<Merged> {
  const { database, engine, jobId, workFolder } = parts;
  const [{ file: first }] = shards;
  const { origin } = first;
  const { request, hashes } = await requestOf(origin, database);
  const { recipe, baseFolder } = request;
  const needsSecond = secondPassOf(planTasks(recipe, hashes), recipe) !== null;
  await rm(workFolder, { recursive: true, force: true });
  await mkdir(workFolder, { recursive: true });
  const isStored = await database.methods.hasCapture(origin.captureKey);
  const facts = { shards: shards.length, images: first.summary.images, notes, isStored };
  if (first.kind === 'second') {
    if (!isStored)
      throw new AppError(
        'bad-request',
        `${basename(database.path)} does not hold the first pass of these shards; merge the first-pass shards into it first.`,
      );
    const files = shards.map(({ file }) => file.summary.arrays);
    const outFile = join(workFolder, 'second.arrays');
    const arrays = await engine.methods.addShards({ jobId, files, sums: first.wanted, outFile });
    return {
      kind: 'second',
      ...facts,
      needsSecond: false,
      request: { ...request, second: { ...first.wanted, arrays } },
    };
  }
  if (!isStored) {
    const data =
      recipe.data && engineDataOf(recipe.data, recipe.networks, (file) => resolve(baseFolder, file));
    const { arrays, ...summary } = await engine.methods.mergeShards({
      jobId,
      shards: shards.flatMap(({ file }) => (file.kind === 'first' ? [file.summary] : [])),
      extras: extrasOf(recipe),
      layers: recipe.layers.length,
      data,
      outFile: join(workFolder, 'capture.arrays'),
    });
    await database.methods.putCapture({ id: origin.captureKey, summary, arrays });
    await rm(arrays.path, { force: true });
  }
  return { kind: 'first', ...facts, needsSecond, request };
}

/** Writes what second passes start from: means and bin edges of a stored capture. */
export async function writeSecondStart(
  path: string,
  { shards: [{ file }] }: { shards: NamedShard[] },
  { database, workFolder }: MergeParts,
): Promise<void> {
  const { origin } = file;
  const { captureKey: id } = origin;
  const exported = await database.methods.exportCapture(id, join(workFolder, 'stored.arrays'));
  const { layers } = await database.methods.capture(id);
  const names = new Set(
    layers.flatMap((_, layer) => ['mean', 'edges'].map((what) => captureArrayName(layer, 'train', what))),
  );
  const out = resolve(path);
  await mkdir(dirname(out), { recursive: true });
  const temporary = `${out}.${process.pid}.part`;
  try {
    const arrays = await copyArrays(exported, (name) => names.has(name), temporary);
    await finishFile(temporary, out, { kind: 'start', origin, layers, arrays: { ...arrays, path: '' } });
  } finally {
    await rm(temporary, { force: true });
    await rm(exported.path, { force: true });
  }
}

/** The recipe of the shards, held to the files that it names as they are now. */
async function requestOf(
  origin: ShardOrigin,
  database: DatabaseService,
): Promise<{ request: RunRequest; hashes: InputHashes }> {
  const { recipeText, recipeFile, baseFolder, provider, files } = origin;
  const recipe = parseRecipe(recipeText, recipeFile);
  recipe.provider = provider;
  for (const { path, bytes, mtimeMs, sha256 } of files)
    await database.methods.rememberHash(path, bytes, mtimeMs, sha256);
  const hashes = await hashInputs(recipe, baseFolder, database.methods);
  const { layerMap } = jointNeeds(recipe.analyses);
  const key = captureKey(recipe, hashes, { topInputs, extras: extrasOf(recipe), layerMap });
  if (key !== origin.captureKey)
    throw new AppError(
      'bad-request',
      `The data or the models of ${recipeFile} are not what the shards were made from; put the files back, or make the shards again.`,
    );
  return { request: { recipe, recipeText, baseFolder }, hashes };
}
