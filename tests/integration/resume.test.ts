import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '#main/database/client.ts';
import { createEngineService } from '#main/engine/supervisor.ts';
import { createJobService } from '#main/jobs/job-service.ts';
import { projects } from '../../scripts/bench/kept-in-project.ts';
import { shards } from '../../scripts/bench/kept-shard.ts';
import { killRuns } from '../../scripts/bench/kill-runs.ts';
import { startCommand, until } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

/** Two passes: moments in a random order with groups and shuffles, then joint histograms. */
const recipeOptions = {
  layers: ['conv3'],
  analyses: ['correlation', 'matching', 'certainty', 'mutual-information'],
  limit: 240,
  more: 'batch: 8',
};

describe.skipIf(process.platform !== 'linux')('a run that is killed', () => {
  it('goes on from its last checkpoint and gives the same bits, whoever is killed', async () => {
    const folder = temporaryFolder();
    const recipe = writeRecipe(folder, recipeOptions);
    const kills = await killRuns({
      command: (project) => ['run', recipe, '--project', project],
      makes: projects,
      victims: ['engine', 'command', 'both'],
      kills: 3,
      seed: 11,
      everyMs: 50,
      graceMs: 10_000,
      folder,
    });
    expect(kills).toHaveLength(3);
  }, 180_000);

  it('leaves a shard that goes on from its checkpoint to the same bits', async () => {
    const folder = temporaryFolder();
    const recipe = writeRecipe(folder, { ...recipeOptions, limit: 600 });
    const kills = await killRuns({
      command: (file) => ['shard', recipe, '--index', '2', '--of', '3', '--out', file],
      makes: shards,
      victims: ['engine', 'command'],
      kills: 2,
      seed: 5,
      everyMs: 50,
      graceMs: 10_000,
      folder,
    });
    expect(kills).toHaveLength(2);
  }, 120_000);

  it('leaves a shard of two passes over the data that goes on from either', async () => {
    const folder = temporaryFolder();
    const options = { ...recipeOptions, layers: ['conv3', 'fc1'], analyses: ['correlation'], limit: 1200 };
    // GiB: each layer's moments fit, those of both do not.
    const recipe = writeRecipe(folder, { ...options, more: 'batch: 1\nmemory: 0.0016' });
    const kills = await killRuns({
      command: (file) => ['shard', recipe, '--index', '2', '--of', '2', '--out', file],
      makes: shards,
      victims: ['engine', 'command'],
      kills: 8,
      seed: 3,
      everyMs: 50,
      graceMs: 10_000,
      folder,
    });
    expect(kills).toHaveLength(8);
  }, 180_000);

  it('is listed when its project is opened again, and goes on from there with the same bits', async () => {
    const folder = temporaryFolder();
    const recipe = writeRecipe(folder, { ...recipeOptions, limit: 600 });
    const [whole, project] = [join(folder, 'whole'), join(folder, 'p')];
    await startCommand(['run', recipe, '--project', whole]).finished;
    const run = startCommand(['run', recipe, '--project', project], {
      CONSILIENCE_CHECKPOINT_MS: '50',
      CONSILIENCE_PROGRESS_MS: '0',
    });
    await until('half is read', () => /Reading activations, [2-5]\d\d of/.test(run.stderr()));
    run.child.kill('SIGKILL');
    await run.finished;

    const engine = createEngineService();
    const database = await openDatabase(project, 'open');
    onTestFinished(async () => {
      await engine.stop();
      await database.close();
    });
    const jobs = createJobService({ engine, database });
    await jobs.ready;
    const [interrupted] = jobs.list();
    expect(interrupted).toMatchObject({ state: 'interrupted', canRetry: true, title: 'A small comparison' });
    const resumed = jobs.retry(interrupted.id);
    const seen: number[] = [];
    jobs.subscribe(({ progress }) => progress.stage === 'capturing' && seen.push(progress.done));
    const { notes } = await jobs.finished(resumed.id);
    expect(notes[0]).toMatch(/^Goes on from image \d+ of 600, where an earlier run stopped\.$/);
    expect(seen[0]).toBe(Number(/image (\d+)/.exec(notes[0])?.[1]));
    expect(seen[0]).toBeGreaterThan(0);
    expect(await projects.contentOf(project)).toEqual(await projects.contentOf(whole));
    // It is not offered a second time, here or in a later session.
    expect(jobs.list().find(({ id }) => id === interrupted.id)).toMatchObject({ canRetry: false });
    const later = createJobService({ engine, database });
    await later.ready;
    expect(later.list()).toEqual([]);
  }, 120_000);

  it('begins again, and says why, where the checkpoint is of batches of another size', async () => {
    const folder = temporaryFolder();
    const options = { ...recipeOptions, analyses: ['correlation'], limit: 2000 };
    const recipe = writeRecipe(folder, options);
    const project = join(folder, 'p');
    const run = startCommand(['run', recipe, '--project', project], {
      CONSILIENCE_CHECKPOINT_MS: '50',
      CONSILIENCE_PROGRESS_MS: '0',
    });
    await until('some is read', () => /Reading activations, [2-9]\d\d of/.test(run.stderr()));
    run.child.kill('SIGINT');
    await run.finished;
    const again = startCommand([
      'run',
      writeRecipe(folder, { ...options, more: 'batch: 16' }),
      '--project',
      project,
    ]);
    const { status, stderr } = await again.finished;
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /note: An earlier run stopped at image [\d,]+; this one begins again, because its batches had 8 images and now have 16\.\n/,
    );
    expect(stderr).toContain('Reading activations, 0 of 2000');
  }, 60_000);
});
