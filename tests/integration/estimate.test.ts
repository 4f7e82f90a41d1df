import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEstimate } from '#core/domain/estimate.ts';
import { createEstimator } from '#main/app/estimator.ts';
import { openDatabase } from '#main/database/client.ts';
import { createEngineService } from '#main/engine/supervisor.ts';
import { loadRecipe } from '#main/recipe/load.ts';
import { engineProcesses, runCommand, until } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

describe('consilience estimate', () => {
  it('gives time by stage, memory and disk as JSON, and stores nothing', async () => {
    const folder = temporaryFolder();
    const recipe = writeRecipe(folder, {
      analyses: ['correlation', 'matching', 'mutual-information'],
      limit: 400,
    });
    const temporary = temporaryFolder();
    const { status, stdout } = await runCommand(
      ['estimate', recipe, '--json'],
      { TMPDIR: temporary },
      folder,
    );
    expect(status).toBe(0);
    const answer = JSON.parse(stdout) as RunEstimate;
    expect(answer).toMatchObject({ images: 400, results: 6, reused: 0 });
    expect(answer.stages.map(({ stage }) => stage)).toEqual([
      'starting',
      'capturing',
      'counting',
      'analysing',
      'storing',
    ]);
    expect(answer.stages.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(answer.seconds, 9);
    expect(answer.memoryBytes).toBeGreaterThan(50 * 2 ** 20);
    expect(answer.memoryBytes).toBeLessThan(4 * 2 ** 30);
    expect(answer.diskBytes).toBeGreaterThan(100_000);
    expect(readdirSync(folder)).toEqual(['recipe.yaml']);
    expect(readdirSync(temporary).filter((name) => name.startsWith('consilience-estimate-'))).toEqual([]);
  }, 90_000);

  it('says in words what it will cost', async () => {
    const folder = temporaryFolder();
    const { status, stdout } = await runCommand(['estimate', writeRecipe(folder, { limit: 80 })]);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /first pass over the data.*\nAbout .* for 4 results over 80 images on \d+ threads; up to \d+ MiB of memory.*the project grows by about \d+ MiB\./s,
    );
  }, 60_000);

  it('refuses a wrong recipe as run does', async () => {
    const folder = temporaryFolder();
    const { status, stderr } = await runCommand(['estimate', writeRecipe(folder, { more: 'colour: blue' })]);
    expect(status).toBe(2);
    expect(stderr).toContain('unknown key "colour"');
  });
});

describe('an estimate in the window', () => {
  it('leaves out what the project holds', async () => {
    const folder = temporaryFolder();
    const project = join(folder, 'p.consilience');
    const first = writeRecipe(folder, { analyses: ['correlation'], limit: 100 });
    expect((await runCommand(['run', first, '--project', project])).status).toBe(0);
    const database = await openDatabase(project, 'open');
    try {
      const request = await loadRecipe(writeRecipe(folder, { limit: 100 }, 'more.yaml'));
      const answer = await createEstimator(() => createEngineService()).estimate(request, database.methods);
      expect(answer).toMatchObject({ results: 4, reused: 2 });
      expect(answer.stages.map(({ stage }) => stage)).not.toContain('capturing');
    } finally {
      await database.close();
    }
  }, 60_000);

  it.skipIf(process.platform !== 'linux')(
    'ends at once when it is cancelled, and leaves no engine',
    async () => {
      const folder = temporaryFolder();
      const estimator = createEstimator(() => createEngineService());
      const request = await loadRecipe(writeRecipe(folder, { limit: 2000 }));
      const first = estimator.estimate(request, null);
      first.catch(() => undefined);
      await until('the engine runs', () => engineProcesses({ parent: process.pid }).length > 0);
      const second = estimator.estimate(request, null);
      await expect(first).rejects.toMatchObject({ code: 'cancelled' });
      second.catch(() => undefined);
      expect(estimator.cancel()).toBe(true);
      await expect(second).rejects.toMatchObject({ code: 'cancelled' });
      expect(estimator.cancel()).toBe(false);
      await until('no engine is left', () => engineProcesses({ parent: process.pid }).length === 0, 5000);
    },
    60_000,
  );
});
