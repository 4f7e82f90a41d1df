import { expect, test } from 'vitest';
import { AppError, type ErrorCode } from '#core/errors.ts';
import type { JobRecord } from '#core/domain/job.ts';
import type { Recipe } from '#core/domain/recipe.ts';
import type { DatabaseService, EngineService } from '#main/app/services.ts';
import { createJobService } from '#main/jobs/job-service.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const recipe: Recipe = {
  title: 'Broken',
  data: { images: 'absent.npy', scale: 1 },
  networks: [{ name: 'A', model: 'absent.onnx' }],
  layers: [],
  pairs: [],
  folds: null,
  analyses: [{ name: 'correlation' }],
  provider: 'cpu',
  threads: null,
  batch: null,
};

/** A job that fails with the given code when the stored results are asked for. */
async function failWith(code: ErrorCode) {
  const folder = temporaryFolder();
  const refuse = () => Promise.reject(new AppError(code, 'No.'));
  const methods = {
    rememberedHash: refuse,
    rememberHash: refuse,
    storedResults: refuse,
    putJob: async () => undefined,
  };
  const jobs = createJobService({
    engine: { status: () => ({ state: 'off' }) } as EngineService,
    database: { path: `${folder}/p.consilience`, methods } as unknown as DatabaseService,
  });
  const request = {
    recipe: { ...recipe, data: { scale: 1, images: import.meta.filename } },
    recipeText: '',
    baseFolder: folder,
  };
  const { id } = jobs.start(request);
  await jobs.finished(id).catch(() => undefined);
  return { jobs, job: jobs.list()[0] };
}

test.each<ErrorCode>(['engine-failed', 'run-failed', 'bad-data', 'not-found'])(
  '%s may be tried again',
  async (code) => {
    const { jobs, job } = await failWith(code);
    expect(job).toMatchObject({ state: 'failed', canRetry: true, error: { code } });
    expect(jobs.retry(job.id).id).not.toBe(job.id);
  },
);

test.each<ErrorCode>(['bad-recipe', 'not-available'])(
  '%s would fail again, so it is not offered',
  async (code) => {
    const { jobs, job } = await failWith(code);
    expect(job).toMatchObject({ state: 'failed', canRetry: false, error: { code } });
    expect(() => jobs.retry(job.id)).toThrow('cannot be run again');
  },
);

test('a queued job that is cancelled ends as cancelled and may be tried again', async () => {
  const { jobs } = await failWith('run-failed');
  const { id } = jobs.start({ recipe, recipeText: '', baseFolder: '.' });
  expect(jobs.cancel(id)).toBe(true);
  await expect(jobs.finished(id)).rejects.toThrow('cancelled');
  expect(jobs.list()[0]).toMatchObject({ id, state: 'cancelled', canRetry: true });
});

/** Jobs that fail one after the other once the gate opens; the order in which they came to it. */
async function queueOf(titles: string[]) {
  const folder = temporaryFolder();
  const order: string[] = [];
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const records: JobRecord[] = [];
  const methods = {
    rememberedHash: () => gate.then(() => Promise.reject(new AppError('storage', 'Closed.'))),
    putJob: async (record: JobRecord) => void records.push(record),
  };
  const jobs = createJobService({
    engine: { status: () => ({ state: 'off' }) } as EngineService,
    database: { path: `${folder}/p.consilience`, methods } as unknown as DatabaseService,
  });
  jobs.subscribe((job) => {
    if (job.state === 'running' && order.at(-1) !== job.title) order.push(job.title);
  });
  const ids = titles.map((title) => {
    const data = { scale: 1, images: import.meta.filename };
    return jobs.start({ recipe: { ...recipe, title, data }, recipeText: '', baseFolder: folder }).id;
  });
  const infoOf = (id: string) => jobs.list().find((job) => job.id === id)!;
  await expect.poll(() => infoOf(ids[0]).state).toBe('running');
  const finish = async () => {
    open();
    await Promise.allSettled(ids.map((id) => jobs.finished(id)));
  };
  return { jobs, ids, order, records, infoOf, finish };
}

test('jobs run one after the other, in the order in which they were put', async () => {
  const { jobs, ids, order, infoOf, finish } = await queueOf(['one', 'two', 'three', 'four']);
  expect(ids.map((id) => infoOf(id).place)).toEqual([undefined, 1, 2, 3]);
  expect(jobs.move(ids[3], 'first')).toBe(true);
  expect(jobs.move(ids[1], 'later')).toBe(true);
  expect(ids.map((id) => infoOf(id).place)).toEqual([undefined, 3, 2, 1]);
  expect(jobs.move(ids[1], 'later')).toBe(false);
  expect(jobs.move(ids[0], 'last')).toBe(false);
  await finish();
  expect(order).toEqual(['one', 'four', 'three', 'two']);
});

test('a held job lets the others pass, keeps its place, and runs once it is released', async () => {
  const { jobs, ids, order, infoOf, finish } = await queueOf(['one', 'two', 'three']);
  expect(jobs.pause(ids[1])).toBe(true);
  expect(infoOf(ids[1])).toMatchObject({ state: 'paused', place: 1 });
  expect(infoOf(ids[1]).startedAt).toBeUndefined();
  const two = jobs.finished(ids[1]);
  const others = finish();
  await Promise.allSettled([jobs.finished(ids[0]), jobs.finished(ids[2])]);
  expect(order).toEqual(['one', 'three']);
  expect(jobs.resume(ids[1])).toBe(true);
  await Promise.allSettled([two, others]);
  expect(order).toEqual(['one', 'three', 'two']);
});

test('a waiting job that is cancelled ends at once, and the places behind it move up', async () => {
  const { jobs, ids, order, infoOf, finish } = await queueOf(['one', 'two', 'three']);
  expect(jobs.cancel(ids[1])).toBe(true);
  await expect(jobs.finished(ids[1])).rejects.toThrow('cancelled');
  expect(infoOf(ids[0]).state).toBe('running');
  expect(infoOf(ids[2]).place).toBe(1);
  expect(jobs.cancel(ids[1])).toBe(false);
  expect(jobs.pause(ids[1])).toBe(false);
  await finish();
  expect(order).toEqual(['one', 'three']);
});

test('a running job that is paused here goes on where it was, and a cancelled one ends while it is paused', async () => {
  const { jobs, ids, infoOf, records, finish } = await queueOf(['one', 'two']);
  expect(jobs.pause(ids[0])).toBe(true);
  expect(infoOf(ids[0])).toMatchObject({ state: 'paused', pausedAt: expect.any(String) });
  expect(jobs.pause(ids[0])).toBe(false);
  // A paused job keeps its turn.
  expect(infoOf(ids[1])).toMatchObject({ state: 'queued', place: 1 });
  expect(jobs.resume(ids[0])).toBe(true);
  expect(infoOf(ids[0])).toMatchObject({ state: 'running', pausedAt: undefined });
  expect(jobs.pause(ids[0])).toBe(true);
  expect(jobs.cancel(ids[0])).toBe(true);
  expect(jobs.resume(ids[0])).toBe(false);
  await finish();
  // Until a job has ended the project calls it interrupted, with what it asked.
  const [first] = records;
  expect(first).toMatchObject({ title: 'one', state: 'interrupted', request: { recipeText: '' } });
  const ended = records.filter(({ state }) => state !== 'interrupted');
  expect(ended.map(({ title, state, request }) => [title, state, request])).toEqual([
    // The hash of its data was being asked for: what fails there is what ended it.
    ['one', 'failed', null],
    ['two', 'failed', null],
  ]);
  expect(ended[0].log.map((entry) => entry.text).join(' ')).toMatch(/Paused.*Resumed after.*Paused/);
});
