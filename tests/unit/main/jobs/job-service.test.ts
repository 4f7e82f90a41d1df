import { expect, test } from 'vitest';
import { AppError, type ErrorCode } from '#core/errors.ts';
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
  const methods = { rememberedHash: refuse, rememberHash: refuse, storedResults: refuse };
  const jobs = createJobService({
    engine: {} as EngineService,
    database: { path: `${folder}/p.consilience`, methods } as unknown as DatabaseService,
  });
  const request = {
    recipe: { ...recipe, data: { ...recipe.data, images: import.meta.filename } },
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
