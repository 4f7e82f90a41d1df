import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { ProjectRun } from '#core/domain/project.ts';
import type { Recipe, RecipeData } from '#core/domain/recipe.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { EngineData, EngineNetwork } from '#core/ipc/engine.ts';
import { hashData, hashFileOrFolder } from '../jobs/data-hash.ts';
import { dataFilesOf, engineDataOf, engineNetworkOf } from '../jobs/engine-data.ts';
import type { SampleProject } from './sample-project.ts';
import type { DatabaseService } from './services.ts';

interface Parts {
  database: DatabaseService;
  sample: SampleProject;
  parse(text: string, label: string): Recipe;
}

/** A stored run with the files it read, as far as they are still there and unchanged. */
export interface RunFiles {
  run: ProjectRun;
  recipe: Recipe;
  /** @throws AppError `not-available` where the data file is gone or has changed */
  data(): Promise<EngineData>;
  /** @throws AppError `not-available` where the model is gone or has changed */
  network(name: string): Promise<EngineNetwork>;
}

/** What the recipe says of the axes of a layer's tensor. */
export function axesOf(recipe: Recipe, layer: string, network: string): string | undefined {
  return recipe.layers.find(({ name }) => name === layer)?.axes?.[network];
}

/** @throws AppError `not-found` */
export async function runFilesOf(runId: string, parts: Parts): Promise<RunFiles> {
  const { runs } = await parts.database.methods.summary();
  const run = runs.find((candidate) => candidate.id === runId);
  if (!run) throw new AppError('not-found', 'The project holds no such run; choose another run.', { runId });
  const recipe = parts.parse(run.recipe, `The recipe of "${run.title}"`);
  const find = (written: string, sha256: string, what: string) => findFile(written, sha256, what, parts);
  return {
    run,
    recipe,
    async data() {
      if (!recipe.data)
        throw new AppError(
          'not-available',
          'This run compares saved activations alone: there are no inputs to show.',
        );
      const { skipped } = run.data;
      const left = { ...(skipped && { skipped: skipped.map(({ name }) => name) }) };
      if (dataFilesOf(recipe.data).length === 1) {
        const path = await find(recipe.data.images, run.data.sha256, 'the data of this run');
        return { ...engineDataOf(recipe.data, recipe.networks, () => path), ...left };
      }
      const folder = await folderOfData(recipe.data, run.data.sha256, parts);
      return { ...engineDataOf(recipe.data, recipe.networks, (file) => resolve(folder, file)), ...left };
    },
    async network(name) {
      const stored = run.networks.find((network) => network.name === name);
      const written = recipe.networks.find((network) => network.name === name);
      if (!stored || !written)
        throw new AppError('not-found', `The run has no network ${name}; choose another.`, { name });
      if (written.model === undefined)
        throw new AppError(
          'not-available',
          `${name} is saved activations (${stored.file}): there is no model to run and to look into.`,
        );
      return engineNetworkOf(written, await find(written.model, stored.sha256, `the model of ${name}`));
    },
  };
}

/** The folder that the paths of several data files are relative to, where they have the contents they had. */
async function folderOfData(data: RecipeData, sha256: string, { database, sample }: Parts): Promise<string> {
  const folder = dirname(database.path);
  const folders = database.path === sample.projectPath ? [dirname(sample.recipePath), folder] : [folder];
  for (const base of folders) {
    const found = await hashData(data, base, database.methods).catch(() => null);
    if (found === sha256) return base;
  }
  const files = dataFilesOf(data).map((file) => basename(file));
  throw new AppError(
    'not-available',
    `${files.join(', ')}, the data of this run, are no longer where they were read, or have changed. Put the originals back to see what needs them.`,
    { files },
  );
}

/**
 * Where a file with these very bytes is: where it was last seen, where the recipe says (relative to the project, and
 * to the samples for the sample project), or beside the project file.
 */
async function findFile(
  written: string,
  sha256: string,
  what: string,
  { database, sample }: Parts,
): Promise<string> {
  const folder = dirname(database.path);
  const folders = database.path === sample.projectPath ? [dirname(sample.recipePath), folder] : [folder];
  const places = new Set([
    ...(await database.methods.pathsOfHash(sha256)),
    ...folders.map((base) => resolve(base, written)),
    join(folder, basename(written)),
  ]);
  let isChanged = false;
  for (const path of places) {
    const found = await hashIfThere(path, database.methods);
    if (found === sha256) return path;
    isChanged ||= found !== null;
  }
  const file = basename(written);
  const happened = isChanged ? 'has changed since' : 'is no longer where it was read';
  throw new AppError(
    'not-available',
    `${file}, ${what}, ${happened}. Put the original back, or beside the project file, to see what needs it.`,
    { file, sha256, isChanged },
  );
}

async function hashIfThere(path: string, database: DatabaseMethods): Promise<string | null> {
  try {
    return await hashFileOrFolder(path, 'file', database);
  } catch (error) {
    if (error instanceof AppError && (error.code === 'not-found' || error.code === 'bad-recipe')) return null;
    throw error;
  }
}
