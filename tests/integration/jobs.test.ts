import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JobInfo } from '#core/domain/job.ts';
import type { DatabaseService, EngineService, JobService } from '#main/app/services.ts';
import { openDatabase } from '#main/database/client.ts';
import { createEngineService } from '#main/engine/supervisor.ts';
import { createJobService } from '#main/jobs/job-service.ts';
import { loadRecipe } from '#main/recipe/load.ts';
import { engineProcesses } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/** Jobs on a real engine and a real project: paused in each stage, resumed, cancelled, killed. */

interface World {
  jobs: JobService;
  engine: EngineService;
  database: DatabaseService;
  recipe: string;
  latest(jobId: string): JobInfo;
  enginePid(): number;
}

async function world(limit: number, analyses: string[], more = 'batch: 8'): Promise<World> {
  const folder = temporaryFolder();
  const engine = createEngineService();
  const database = await openDatabase(join(folder, 'p.consilience'), 'create', 'P');
  const jobs = createJobService({ engine, database });
  onTestFinished(async () => {
    await engine.stop();
    await database.close();
  });
  const recipe = writeRecipe(folder, { networks: ['Net1', 'Net2'], analyses, limit, more });
  const enginePid = () => engineProcesses({ parent: process.pid })[0];
  return {
    jobs,
    engine,
    database,
    recipe,
    enginePid,
    latest: (id) => jobs.list().find((job) => job.id === id)!,
  };
}

/** Processor time of a process and its threads, milliseconds. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Processor time in 700 ms of a pause, once there is next to none: a batch or a checkpoint's distance, what is being
 * stored and threads that still start come first, which on a busy machine takes a while.
 */
async function pausedCpuMs(pid: number): Promise<number> {
  await delay(600);
  for (let looks = 0; ; looks++) {
    const before = cpuMs(pid);
    await delay(700);
    const used = cpuMs(pid) - before;
    if (used <= 50 || looks === 20) return used;
  }
}

/** A hash over every array of every result, by result. */
async function contentOf({ methods }: DatabaseService): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const { id, headline } of await methods.results()) {
    const hash = createHash('sha256').update(JSON.stringify(headline));
    for (const { name } of (await methods.result(id)).arrays) {
      const { data } = await methods.array(id, name);
      hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
    content[id] = hash.digest('hex');
  }
  return content;
}

async function reached(of: World, jobId: string, stage: JobInfo['progress']['stage'], done: number) {
  await expect
    .poll(() => of.latest(jobId).progress, { timeout: 30_000, interval: 5 })
    .toMatchObject({ stage, done: expect.toSatisfy((value: number) => value >= done) });
}

const allAnalyses = [
  'correlation',
  'matching',
  'certainty',
  'mutual-information',
  'spectral-clusters',
  'subspaces',
  'code',
];

describe.skipIf(process.platform !== 'linux')('a paused job', () => {
  it('uses no processor time, and once resumed gives bit for bit what a run without a pause gives', async () => {
    const plain = await world(1200, allAnalyses);
    await plain.jobs.finished(plain.jobs.start(await loadRecipe(plain.recipe)).id);
    const expected = await contentOf(plain.database);
    expect(Object.keys(expected).length).toBeGreaterThan(10);

    const paused = await world(1200, allAnalyses);
    const { id } = paused.jobs.start(await loadRecipe(paused.recipe));
    const used: number[] = [];
    for (const [stage, done] of [
      ['capturing', 100],
      ['counting', 100],
      ['analysing', 2],
    ] as const) {
      await reached(paused, id, stage, done);
      expect(paused.jobs.pause(id)).toBe(true);
      expect(paused.latest(id).state).toBe('paused');
      used.push(await pausedCpuMs(paused.enginePid()));
      const at = paused.latest(id).progress;
      await delay(300);
      expect(paused.latest(id).progress).toEqual(at);
      expect(paused.jobs.resume(id)).toBe(true);
    }
    const outcome = await paused.jobs.finished(id);
    expect(
      used.every((ms) => ms <= 50),
      `processor time in 700 ms of pause: ${used.join(', ')} ms`,
    ).toBe(true);
    const { analyseMs, inferenceMs, accumulateMs, decodeWaitMs } = outcome.timings;
    const { startedAt, finishedAt, pausedMs } = paused.latest(id);
    expect(pausedMs).toBeGreaterThan(3 * 1300);
    // Time paused is in no stage's time.
    const worked = Date.parse(finishedAt!) - Date.parse(startedAt!) - pausedMs;
    expect(analyseMs + inferenceMs + accumulateMs + decodeWaitMs).toBeLessThan(worked + 900);
    expect(await contentOf(paused.database)).toEqual(expected);
    const [record] = await paused.database.methods.jobs();
    expect(record).toMatchObject({ id, state: 'done', runId: outcome.runId });
    expect(record.log.filter((entry) => entry.text.startsWith('Paused'))).toHaveLength(3);
    expect(record.log.map((entry) => entry.text).join('\n')).toMatch(
      /Asked: 2 networks.*Checked.*to compute.*Engine ready.*First pass over 1,200 images.*Second pass.*Computed \d+ results.*stored.*Done after.*paused\./s,
    );
  }, 180_000);

  it.each(['capturing', 'analysing'] as const)(
    'is cancelled while it waits (%s)',
    async (stage) => {
      const of = await world(
        stage === 'capturing' ? 2000 : 300,
        allAnalyses,
        stage === 'capturing' ? 'batch: 4' : '',
      );
      const { id } = of.jobs.start(await loadRecipe(of.recipe));
      await reached(of, id, stage, 1);
      of.jobs.pause(id);
      await delay(300);
      expect(of.jobs.cancel(id)).toBe(true);
      await expect(of.jobs.finished(id)).rejects.toMatchObject({ code: 'cancelled' });
      expect(of.latest(id)).toMatchObject({ state: 'cancelled', canRetry: true });
      // The engine goes on with the next job.
      const again = of.jobs.retry(id);
      await of.jobs.finished(again.id);
      expect(of.latest(again.id).state).toBe('done');
    },
    120_000,
  );

  it('ends as failed, in plain words, when the engine dies; a retry finishes', async () => {
    const of = await world(2000, ['correlation', 'matching'], 'batch: 4');
    const { id } = of.jobs.start(await loadRecipe(of.recipe));
    await reached(of, id, 'capturing', 1);
    of.jobs.pause(id);
    await delay(300);
    process.kill(of.enginePid(), 'SIGKILL');
    await expect(of.jobs.finished(id)).rejects.toMatchObject({ code: 'engine-failed' });
    expect(of.latest(id)).toMatchObject({ state: 'failed', canRetry: true, pausedAt: undefined });
    const [record] = await of.database.methods.jobs();
    expect(record.log.filter((entry) => entry.kind === 'problem').map((entry) => entry.text)).toEqual([
      expect.stringContaining('The engine process was ended by SIGKILL.'),
    ]);
    await of.jobs.finished(of.jobs.retry(id).id);
    expect(existsSync(`${of.database.path}-work`)).toBe(false);
  }, 120_000);
});

it('two jobs on one engine run in the order of the queue', async () => {
  const of = await world(200, ['correlation'], '');
  const request = await loadRecipe(of.recipe);
  const titled = (title: string) => ({ ...request, recipe: { ...request.recipe, title } });
  const order: string[] = [];
  of.jobs.subscribe((job) => {
    if (job.state === 'done') order.push(job.title);
  });
  const [one, two, three] = ['one', 'two', 'three'].map((title) => of.jobs.start(titled(title)));
  of.jobs.move(three.id, 'first');
  await Promise.all([one, two, three].map(({ id }) => of.jobs.finished(id)));
  expect(order).toEqual(['three', 'one', 'two']);
  expect((await of.database.methods.jobs()).map((job) => job.title)).toEqual(['two', 'one', 'three']);
});
