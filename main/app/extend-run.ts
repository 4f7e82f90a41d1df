import { access } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { ProjectRun } from '#core/domain/project.ts';
import { fileOf, type AnalysisName, type Recipe } from '#core/domain/recipe.ts';
import { dataFilesOf } from '../jobs/engine-data.ts';
import { addAnalyses } from '../recipe/add-analyses.ts';
import type { SampleProject } from './sample-project.ts';
import type { DatabaseService, RunRequest } from './services.ts';

export interface RunFiles {
  database: DatabaseService;
  sample: SampleProject;
  parse(text: string, label: string): Recipe;
}

/** The request that runs a stored run's recipe with more analyses. Its files must still be where it says. */
export async function extendedRun(
  runId: string,
  analyses: readonly AnalysisName[],
  of: RunFiles,
  cuts: readonly number[] = [],
): Promise<RunRequest> {
  const { run, folderOfFiles } = await storedRun(runId, of);
  const recipeText = addAnalyses(run.recipe, analyses, cuts);
  const recipe = of.parse(recipeText, `The recipe of "${run.title}"`);
  return { recipe, recipeText, baseFolder: await folderOfFiles(recipe) };
}

/** A stored run as it would be asked for again, its files found. */
export async function requestOfRun(runId: string, of: RunFiles): Promise<RunRequest & { run: ProjectRun }> {
  const { run, folderOfFiles } = await storedRun(runId, of);
  const recipe = of.parse(run.recipe, `The recipe of "${run.title}"`);
  return { run, recipe, recipeText: run.recipe, baseFolder: await folderOfFiles(recipe) };
}

async function storedRun(runId: string, { database, sample }: RunFiles) {
  const { runs } = await database.methods.summary();
  const run = runs.find((candidate) => candidate.id === runId);
  if (!run) throw new AppError('not-found', 'The project holds no such run; choose another run.', { runId });
  const folderOfFiles = (recipe: Recipe) => {
    const files = [...dataFilesOf(recipe.data), ...recipe.networks.map((network) => fileOf(network).path)];
    return folderOf(files, database.path, sample);
  };
  return { run, folderOfFiles };
}

/** A project does not keep its recipe's folder: relative paths are looked for beside the project file. */
async function folderOf(files: string[], projectPath: string, sample: SampleProject): Promise<string> {
  const folders = [dirname(projectPath)];
  if (projectPath === sample.projectPath) folders.unshift(dirname(sample.recipePath));
  let missing: string[] = [];
  for (const folder of folders) {
    missing = await missingIn(folder, files);
    if (missing.length === 0) return folder;
  }
  const names = missing.map((file) => basename(file)).join(', ');
  throw new AppError(
    'not-found',
    `Files of this run are no longer where its recipe names them: ${names}. Put them back, or beside the project file, or start a new analysis.`,
    { files: missing.map((file) => basename(file)) },
  );
}

async function missingIn(folder: string, files: string[]): Promise<string[]> {
  const found = await Promise.all(
    files.map((file) =>
      access(resolve(folder, file)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return files.filter((_, at) => !found[at]);
}
