import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import { jointNeeds } from '#core/domain/analysis-needs.ts';
import { kernelVersions, version } from '#core/version.ts';
import type { SecondSums, ShardNumber } from '#core/ipc/engine.ts';
import type { EngineService, RunRequest } from '../app/services.ts';
import { hashInputs } from '../jobs/hash-inputs.ts';
import { captureKey, hashOf } from '../jobs/job-keys.ts';
import { extrasOf, passRequestOf, secondPassOf, topInputs } from '../jobs/pass-request.ts';
import { planTasks } from '../jobs/plan-tasks.ts';
import { HashFile } from './hash-file.ts';
import type { ShardCheckpoint } from './shard-checkpoint.ts';
import { contentsOf, finishFile, readSecondStart, type ShardFile, type ShardOrigin } from './shard-file.ts';

export interface ShardOptions {
  shard: ShardNumber;
  out: string;
  /** What a second pass starts from; absent: the first pass. */
  second?: string;
  jobId: string;
  /** Name of the recipe file. */
  recipeFile: string;
  /** Told by whoever follows the engine; see `ShardCheckpoint.keep`. */
  checkpoint: ShardCheckpoint;
}

/** Hashes that the shards in a folder share. */
function hashFileBeside(out: string): string {
  return join(dirname(resolve(out)), 'hashes.json');
}

/** Runs one part of a recipe's pass and writes its sums. Nothing of that name is there until it is whole. */
export async function makeShard(
  engine: EngineService,
  request: RunRequest,
  options: ShardOptions,
): Promise<ShardFile> {
  const { shard, jobId, checkpoint } = options;
  const out = resolve(options.out);
  await mkdir(dirname(out), { recursive: true });
  const start = options.second === undefined ? null : await readSecondStart(resolve(options.second));
  const { origin, wanted } = await originOf(engine, request, options);
  if (start) requireSame(start.origin, origin, options.second as string);
  const temporary = `${out}.${process.pid}.part`;
  const of = { key: origin.captureKey, shard, software: origin.software, sums: start && wanted };
  const checkpoints = checkpoint.plan(await checkpoint.stored(hashOf(of)));
  const pass = { ...passRequestOf(request, { jobId, outFile: temporary }), shard, checkpoints };
  try {
    let file: ShardFile;
    if (start) {
      if (!wanted)
        throw new AppError(
          'bad-request',
          'No analysis of this recipe needs a second pass; leave --second out.',
        );
      const capture = { layers: start.layers, arrays: start.arrays };
      const summary = await engine.methods.secondShard({ ...pass, capture, ...wanted });
      file = { kind: 'second', origin, wanted, summary, contents: contentsOf(summary.arrays) };
    } else {
      const summary = await engine.methods.captureShard({
        ...pass,
        topK: topInputs,
        extras: extrasOf(request.recipe),
      });
      file = { kind: 'first', origin, summary, contents: contentsOf(summary.arrays) };
    }
    file.summary.arrays.path = '';
    await finishFile(temporary, out, file);
    await checkpoint.forget();
    await checkpoint.dropStale();
    return file;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Where the shards of this recipe come from, and the second pass that its analyses need; null: none. */
export async function originOf(
  engine: EngineService,
  { recipe, recipeText, baseFolder }: RunRequest,
  { out, recipeFile }: Pick<ShardOptions, 'out' | 'recipeFile'>,
): Promise<{ origin: ShardOrigin; wanted: SecondSums | null }> {
  const memory = await HashFile.open(hashFileBeside(out));
  const hashes = await hashInputs(recipe, baseFolder, memory);
  await memory.save();
  const { layerMap } = jointNeeds(recipe.analyses);
  const { versions } = await engine.start();
  const { onnxruntime } = versions;
  return {
    origin: {
      title: recipe.title,
      software: {
        consilience: version,
        capture: String(kernelVersions.capture),
        ...(onnxruntime && { onnxruntime }),
      },
      captureKey: captureKey(recipe, hashes, { topInputs, extras: extrasOf(recipe), layerMap }),
      hashes,
      files: [...memory.used],
      recipeText,
      provider: recipe.provider,
      recipeFile: basename(recipeFile),
      baseFolder,
    },
    wanted: secondPassOf(planTasks(recipe, hashes), recipe),
  };
}

function requireSame(start: ShardOrigin, own: ShardOrigin, file: string): void {
  if (start.captureKey === own.captureKey) return;
  const what =
    start.hashes.data !== own.hashes.data
      ? 'other data'
      : JSON.stringify(start.hashes) !== JSON.stringify(own.hashes)
        ? 'other networks'
        : 'another recipe';
  throw new AppError(
    'bad-request',
    `--second ${basename(file)} was made from ${what}; merge the first-pass shards of this recipe again.`,
  );
}
