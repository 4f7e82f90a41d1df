import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headlineNumber } from '#core/domain/result.ts';
import type { DatabaseService, EngineService, RunRequest } from '#main/app/services.ts';
import { makeShard } from '#main/cluster/make-shard.ts';
import { mergeFiles, readShards, writeSecondStart, type Merged } from '#main/cluster/merge-files.ts';
import { ShardCheckpoint } from '#main/cluster/shard-checkpoint.ts';
import { readShard } from '#main/cluster/shard-file.ts';
import { openDatabase } from '#main/database/client.ts';
import { createEngineService } from '#main/engine/supervisor.ts';
import { createJobService } from '#main/jobs/job-service.ts';
import { loadRecipe } from '#main/recipe/load.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { samplesFolder } from '../fixtures/samples.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

let engine: EngineService;
const folder = mkdtempSync(join(tmpdir(), 'consilience-test-'));
const recipe = join(folder, 'digits.yaml');
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  engine = createEngineService();
  await engine.start();
  writeFileSync(
    recipe,
    `title: Digits in parts
data: {images: ${join(samplesFolder, 'digits.npz')}, key: images, layout: NHW, scale: 0.00392156862745098, limit: 400}
networks:
  - {name: Net1, model: ${join(samplesFolder, 'net1.onnx')}}
  - {name: Net2, model: ${join(samplesFolder, 'net2.onnx')}}
layers: [{name: fc1, tensors: /Relu_3_output_0, sample: image}]
folds: {test: 0.25, seed: 0}
batch: 16
analyses: [matching, certainty, mutual-information, {subspaces: [cka]}]
`,
  );
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function shard(
  request: RunRequest,
  name: string,
  index: number,
  second?: string,
  jobId: string = randomUUID(),
) {
  const out = at(`${name}-${index}.shard`);
  const checkpoint = new ShardCheckpoint(out);
  const what = { shard: { index, of: 3 }, out, second, jobId, recipeFile: 'digits.yaml', checkpoint };
  const notes: string[] = [];
  let [pass, before] = [0, -1];
  const stop = engine.follow(jobId, {
    note: (sentence) => notes.push(sentence),
    checkpoint: (state) => checkpoint.keep(state),
    progress: ({ stage, done }) => {
      if (stage !== 'capturing') return;
      if (done < before) pass++;
      before = done;
      if (jobId === 'stopped' || (jobId === 'stopped in the second' && pass === 1 && done > 0))
        void engine.methods.cancel(jobId);
    },
  });
  try {
    const { contents } = await makeShard(engine, request, what);
    return { out, contents, notes };
  } finally {
    stop();
  }
}

async function merge(paths: string[], database: DatabaseService, start?: string): Promise<Merged> {
  const workFolder = at(`work-${randomUUID()}`);
  const parts = { engine, database, jobId: randomUUID(), workFolder };
  const read = await readShards(paths);
  const merged = await mergeFiles(read, parts);
  if (start) await writeSecondStart(start, read, parts);
  return merged;
}

async function analysed(request: RunRequest, database: DatabaseService) {
  const jobs = createJobService({ engine, database });
  await jobs.finished(jobs.start(request).id);
  return database.methods.results();
}

/** Chance levels come from shuffles within shards: other draws of the same. */
const ofShuffles = /null|effective|chance|pValue|significant|shuffled|aboveChance|discover/i;

describe('a recipe in three parts', () => {
  it('merges to the results of one machine, in whatever order the files come', async () => {
    const request = await loadRecipe(recipe);
    const [sharded, whole] = [
      await openDatabase(at('sharded.consilience'), 'create', 'Digits'),
      await openDatabase(at('whole.consilience'), 'create', 'Digits'),
    ];
    try {
      const first: string[] = [];
      for (const index of [3, 1, 2]) first.push((await shard(request, 'first', index)).out);
      const merged = await merge(first, sharded, at('start'));
      expect(merged).toMatchObject({
        kind: 'first',
        shards: 3,
        images: 400,
        isStored: false,
        needsSecond: true,
      });
      expect(await merge(first, sharded)).toMatchObject({ isStored: true });
      const second: string[] = [];
      for (const index of [2, 3, 1]) second.push((await shard(request, 'second', index, at('start'))).out);
      const { request: rest } = await merge(second, sharded);
      const results = await analysed(rest, sharded);
      const one = await analysed(request, whole);
      expect(results.map(({ id }) => id).sort()).toEqual(one.map(({ id }) => id).sort());
      let compared = 0;
      for (const { id, analysis, headline } of one) {
        const other = results.find((entry) => entry.id === id)?.headline ?? {};
        for (const key of Object.keys(headline).filter((name) => !ofShuffles.test(name))) {
          const value = headlineNumber(headline, key);
          if (value === undefined) continue;
          expect(headlineNumber(other, key), `${analysis} ${key}`).toBeCloseTo(value, 5);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(20);
      const { provenance } = await sharded.methods.result(one[0].id);
      expect(provenance.shards).toBe(3);
      expect((await whole.methods.result(one[0].id)).provenance.shards).toBeUndefined();
    } finally {
      await sharded.close();
      await whole.close();
    }
  });

  it('goes on where a shard was stopped, to the same bits, and leaves nothing beside it', async () => {
    process.env.CONSILIENCE_CHECKPOINT_MS = '0';
    try {
      const request = await loadRecipe(recipe);
      const whole = await shard(request, 'whole', 2);
      await expect(shard(request, 'stopped', 2, undefined, 'stopped')).rejects.toThrow(/cancelled/);
      expect(existsSync(at('stopped-2.shard'))).toBe(false);
      expect(existsSync(at('stopped-2.shard.checkpoint.json'))).toBe(true);
      const again = await shard(request, 'stopped', 2);
      expect(again.notes.join(' ')).toMatch(/Goes on from image/);
      expect(again.contents).toBe(whole.contents);
      expect(readdirSync(folder).filter((name) => name.startsWith('stopped'))).toEqual(['stopped-2.shard']);
    } finally {
      delete process.env.CONSILIENCE_CHECKPOINT_MS;
    }
  });

  it('goes on where a shard was stopped in its second pass over the data', async () => {
    process.env.CONSILIENCE_CHECKPOINT_MS = '0';
    try {
      const folder = temporaryFolder();
      const request = await loadRecipe(writeRecipe(folder, { limit: 400, more: 'batch: 16' }));
      const single = await shard(request, 'single', 3);
      // Less than the moments of both layers take, so each has a pass of its own.
      request.recipe.memory = 0.0016;
      const whole = await shard(request, 'passes', 3);
      expect(whole.notes.join(' ')).toMatch(/2 passes over the data.*: conv3; fc1\./);
      expect(whole.contents).toBe(single.contents);
      await expect(shard(request, 'halted', 3, undefined, 'stopped in the second')).rejects.toThrow(
        /cancelled/,
      );
      const again = await shard(request, 'halted', 3);
      expect(again.notes.join(' ')).toMatch(
        /An earlier run read everything up to image 400 for conv3; that is not read again\..*Goes on from image/,
      );
      expect(again.contents).toBe(single.contents);
      expect(readdirSync(at('')).filter((name) => name.startsWith('halted'))).toEqual(['halted-3.shard']);
    } finally {
      delete process.env.CONSILIENCE_CHECKPOINT_MS;
    }
  });

  it('is refused where the data changed since, or the project lacks the first pass', async () => {
    const request = await loadRecipe(recipe);
    const other = await openDatabase(at('other.consilience'), 'create', 'Digits');
    try {
      const second = [1, 2, 3].map((index) => at(`second-${index}.shard`));
      await expect(merge(second, other)).rejects.toThrow(
        'other.consilience does not hold the first pass of these shards; merge the first-pass shards into it first.',
      );
      const { origin } = await readShard(second[0]);
      expect(origin.captureKey).toMatch(/^[0-9a-f]{64}$/);
      const changed = { ...request, recipe: { ...request.recipe, folds: null } };
      await expect(shard(changed, 'changed', 1, at('start'))).rejects.toThrow(
        '--second start was made from another recipe; merge the first-pass shards of this recipe again.',
      );
    } finally {
      await other.close();
    }
  });
});
