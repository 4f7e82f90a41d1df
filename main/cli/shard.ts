import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { ProviderName } from '#core/domain/provider.ts';
import { makeShard } from '../cluster/make-shard.ts';
import { ShardCheckpoint } from '../cluster/shard-checkpoint.ts';
import { createEngineService } from '../engine/supervisor.ts';
import { loadRecipe } from '../recipe/load.ts';
import { printJson, printLine } from './output.ts';
import { withProgress } from './pass-progress.ts';

export interface ShardCommandOptions {
  index: number;
  of: number;
  out: string;
  second?: string;
  provider?: ProviderName;
  threads?: number;
  json?: true;
}

/** `consilience shard`. */
export async function shard(recipePath: string, options: ShardCommandOptions): Promise<void> {
  const { index, of, out, second } = options;
  if (index > of)
    throw new AppError('bad-request', `--index ${index} of --of ${of}: shards are numbered from 1 to ${of}.`);
  const engine = createEngineService();
  try {
    const request = await loadRecipe(recipePath, engine.methods);
    if (options.provider) request.recipe.provider = options.provider;
    if (options.threads) request.recipe.threads = options.threads;
    const jobId = randomUUID();
    const recipeFile = basename(recipePath);
    const checkpoint = new ShardCheckpoint(resolve(out));
    const what = { shard: { index, of }, out, second, jobId, recipeFile, checkpoint };
    const { answer, notes } = await withProgress(
      engine,
      jobId,
      () => makeShard(engine, request, what),
      (state) => checkpoint.keep(state),
    );
    const { range, timings, images } = answer.summary;
    const bytes = (await stat(out)).size;
    if (options.json) {
      printJson({
        file: resolve(out),
        pass: answer.kind,
        shard: { index, of },
        range,
        images,
        bytes,
        timings,
        notes,
      });
      return;
    }
    printLine(
      `Shard ${index} of ${of}, inputs ${range.first + 1} to ${range.end} of ${images} (${answer.kind} pass), ` +
        `${sizeWords(bytes)}: ${resolve(out)}`,
    );
  } finally {
    await engine.stop();
  }
}

function sizeWords(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
