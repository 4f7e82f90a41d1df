import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectRun } from '#core/domain/project.ts';
import { openDatabase } from '#main/database/client.ts';
import { createEngineService } from '#main/engine/supervisor.ts';
import type { DatabaseService, EngineService, RunOutcome } from '#main/app/services.ts';
import type { HandlerContext } from '#main/ipc/context.ts';
import { datasetHandlers } from '#main/ipc/handlers/dataset.ts';
import { unitHandlers } from '#main/ipc/handlers/unit.ts';
import { loadRecipe, parseRecipe } from '#main/recipe/load.ts';
import { createJobService } from '#main/jobs/job-service.ts';
import { float32Npy } from '../fixtures/npy-files.ts';
import { writeModel } from '../fixtures/onnx-models.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { answerOf, tokenNetwork, writeTokens } from '../fixtures/token-networks.ts';

/** Networks of token ids, run without a vocabulary and then with one, through a real engine and project. */
const [samples, length, units] = [40, 12, 6];
const words = ['[PAD]', 'the', 'cat', '##s', 'sat', 'on', 'a', 'mat'];
/** The last id has no word. */
const idOf = (sample: number, place: number) => (7 * sample + 5 * place + ((sample * place) % 3)) % 9;
const rows = Array.from({ length: samples }, (_, sample) =>
  Array.from({ length }, (_place, place) => idOf(sample, place)),
);
let folder: string;
let engine: EngineService;
let database: DatabaseService;
let before: RunOutcome;
let after: RunOutcome;
let run: ProjectRun;

const recipeOf = (data: string) => `title: Tokens
data: { ${data} }
networks: [{ name: A, model: a.onnx }, { name: B, model: b.onnx }]
layers: [{ name: first, tensors: tokens, sample: token, axes: NTC }]
analyses: [correlation, matching]
`;
const contextOf = (open: DatabaseService) =>
  ({
    session: { required: () => ({ database: open }) },
    engine,
    sample: { projectPath: '/none', recipePath: '/none' },
    recipes: { parse: parseRecipe },
  }) as unknown as HandlerContext;

async function runRecipe(data: string): Promise<RunOutcome> {
  const path = join(folder, 'recipe.yaml');
  writeFileSync(path, recipeOf(data));
  const jobs = createJobService({ engine, database });
  return jobs.finished(jobs.start(await loadRecipe(path)).id);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'consilience-tokens-'));
  engine = createEngineService();
  for (const [at, name] of ['a', 'b'].entries())
    writeModel(join(folder, `${name}.onnx`), tokenNetwork({ tokens: 9, units, seed: at }));
  writeTokens(join(folder, 'ids.npy'), rows);
  writeFileSync(join(folder, 'vocab.txt'), `${words.join('\n')}\n`);
  database = await openDatabase(join(folder, 'tokens.consilience'), 'create', 'Tokens');
  before = await runRecipe('images: ids.npy, layout: NT');
  const numbers = await topInputs(database, before.runId);
  expect(numbers.inputs?.kind).toBe('trace');
  after = await runRecipe('images: ids.npy, layout: NT, vocabulary: vocab.txt');
  [run] = (await database.methods.summary()).runs;
}, 120_000);

afterAll(async () => {
  await database.close();
  await engine.stop();
  rmSync(folder, { recursive: true });
});

const topInputs = (open: DatabaseService, runId: string) =>
  unitHandlers.topInputs({ runId, network: 'B', layer: 'first', units: [0, 3] }, contextOf(open));

describe('a vocabulary that is added to a recipe', () => {
  it('takes effect and has nothing computed again', () => {
    expect(before).toMatchObject({ computed: 2, reused: 0 });
    expect(after).toMatchObject({ computed: 0, reused: 2, runId: before.runId, resultIds: before.resultIds });
    expect(run.data.vocabulary).toEqual({
      file: 'vocab.txt',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('shows top inputs as words, the token that excites most among them', async () => {
    const { units: found, inputs, geometry } = await topInputs(database, run.id);
    expect(inputs).toMatchObject({ kind: 'text', rows: 1, cols: length });
    expect(geometry).toMatchObject({ height: 1, width: length });
    expect(inputs!.words).toEqual(
      Object.fromEntries(words.map((word, id) => [id, word.startsWith('##') ? word.slice(2) : ` ${word}`])),
    );
    for (const { unit, images, places, values } of found) {
      const slot = inputs!.images.indexOf(images[0]);
      expect([...inputs!.values.subarray(slot * length, (slot + 1) * length)]).toEqual(rows[images[0]]);
      const best = rows[images[0]].map((id) => answerOf(id, unit, 1));
      expect(values[0]).toBeCloseTo(Math.max(...best), 6);
      expect(places[0]).toBe(best.indexOf(Math.max(...best)));
    }
  });

  it('shows inputs read from the data, and the first ones, as words', async () => {
    const context = contextOf(database);
    const read = await unitHandlers.inputs({ runId: run.id, images: [39, 2] }, context);
    expect(read).toMatchObject({ kind: 'text', words: { 1: ' the' } });
    expect([...read.values.subarray(0, length)]).toEqual(rows[39]);
    const { text, pictures, count } = await datasetHandlers.previewOfRun(
      { runId: run.id, count: 64 },
      context,
    );
    expect({ kind: text?.kind, shown: text?.images.length, pictures, count }).toEqual({
      ...{ kind: 'text', shown: 40, pictures: [], count: 40 },
    });
  });

  it('travels with the project', async () => {
    const elsewhere = temporaryFolder();
    for (const end of ['', '-wal'])
      copyFileSync(join(folder, `tokens.consilience${end}`), join(elsewhere, `copy.consilience${end}`));
    const copy = await openDatabase(join(elsewhere, 'copy.consilience'), 'open');
    try {
      expect((await topInputs(copy, run.id)).inputs).toMatchObject({ kind: 'text', words: { 2: ' cat' } });
    } finally {
      await copy.close();
    }
  });

  it('says once which ids it lacks, and is not needed again where the project keeps it', async () => {
    expect(after.notes).toContain('1 token id is not in vocab.txt (8 tokens), such as 8: shown as numbers.');
    rmSync(join(folder, 'vocab.txt'));
    const again = await runRecipe('images: ids.npy, layout: NT, vocabulary: vocab.txt');
    expect(again.notes).toContain(
      'vocab.txt is no longer where it was read: token ids are shown as the words that the project keeps.',
    );
    await expect(runRecipe('images: ids.npy, layout: NT, vocabulary: other.txt')).rejects.toThrow(
      /data\.vocabulary: the file .*other\.txt does not exist/,
    );
  });

  it('is refused where the numbers are no token ids', async () => {
    writeFileSync(join(folder, 'vocab.txt'), words.join('\n'));
    writeFileSync(join(folder, 'floats.npy'), float32Npy([4, 3], new Float32Array(12)));
    await expect(runRecipe('images: floats.npy, vocabulary: vocab.txt')).rejects.toThrow(
      'data.vocabulary: floats.npy is float32, and token ids are whole numbers; leave the vocabulary out.',
    );
    await expect(runRecipe('images: ids.npy, layout: NC, vocabulary: vocab.txt')).rejects.toThrow(
      'data.vocabulary: makes no sense with layout NC: words are for token ids, of layout NT (or N); leave it out.',
    );
  });
});
