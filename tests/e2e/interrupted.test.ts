import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appFolder, launchApp, type LaunchedApp } from './launch.ts';
import { JobBar } from './pages/job-bar.ts';
import { JobsPanel } from './pages/jobs-panel.ts';
import { NewAnalysisPage } from './pages/new-analysis-page.ts';
import { StartPage } from './pages/start-page.ts';
import { writeRepeatedImages } from './support/long-data.ts';
import { captureScreens } from './support/screens.ts';

/** Electron's main process is killed while a pass is under way; and a cluster's jobs beside the project. */
const samples = path.join(appFolder, 'samples');
let folder = '';
let project = '';
let app: LaunchedApp;

async function start(): Promise<LaunchedApp> {
  const env = { CONSILIENCE_CHECKPOINT_MS: '200', PATH: `${path.join(folder, 'bin')}:${process.env.PATH}` };
  return launchApp({ userFolder: path.join(folder, 'user'), env });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-interrupted-'));
  project = path.join(folder, 'long.consilience');
  await writeRepeatedImages(path.join(samples, 'digits.npz'), path.join(folder, 'many.npy'), 3);
  await writeQueue();
  app = await start();
});

afterAll(async () => {
  await app?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('killed in the middle of a pass, it offers to resume, and goes on from the checkpoint', async () => {
  const form = new NewAnalysisPage(app.page);
  await new StartPage(app.page).newAnalysis.click();
  await app.answerDialogs({ open: ['net1.onnx', 'net2.onnx'].map((name) => path.join(samples, name)) });
  await form.title.fill('Long');
  await form.addNetworks.click();
  await expect.poll(() => form.layers.count(), { timeout: 30_000 }).toBeGreaterThan(0);
  await app.answerDialogs({ open: [path.join(folder, 'many.npy')] });
  await form.addData.click();
  await form.pictures.first().waitFor();
  await form.keepAnalyses('Correlation', 'Match');
  await app.answerDialogs({ save: project });
  await form.run.click();
  await app.page
    .getByTestId('job-bar')
    .filter({ hasText: /[3-8]\d %/ })
    .waitFor({ timeout: 60_000 });
  const closed = app.electron.waitForEvent('close');
  process.kill(app.mainPid, 'SIGKILL');
  await closed;

  app = await start();
  await new StartPage(app.page).recentProject('Long').click();
  const interrupted = app.page.getByTestId('job-interrupted');
  await interrupted.waitFor();
  const panel = new JobsPanel(app.page);
  await captureScreens(app, 'interrupted');
  await captureScreens(app, 'interrupted-jobs', { open: () => panel.open(), close: () => panel.close() });
  expect(await new JobBar(app.page).retry.textContent()).toBe('Resume');
  await app.page.getByTestId('resume-run').click();
  await panel.open();
  await expect.poll(() => panel.past.first().getAttribute('data-state'), { timeout: 120_000 }).toBe('done');
  const log = (await panel.newestLog()).join('\n');
  expect(log).toMatch(/Goes on from image [\d,]+ of 6,000, where an earlier run stopped\./);
  await panel.close();
  expect(await interrupted.count()).toBe(0);
});

it('tells how the jobs on the cluster are doing: done, at work, waiting, failed with the reason', async () => {
  await writeClusterJobs();
  const panel = new JobsPanel(app.page);
  await panel.open();
  const cluster = app.page.getByTestId('cluster-jobs');
  await cluster.waitFor();
  expect(await cluster.getAttribute('data-state')).toBe('running');
  const steps = await cluster.getByTestId('cluster-step').allInnerTexts();
  expect(steps[0]).toMatch(/First pass[\s\S]*2 of 8 shards/);
  expect(await cluster.getByTestId('cluster-failed').innerText()).toMatch(
    /Shard 4 failed\.\s+digits\.npz cannot be read; check the path\./,
  );
  await panel.close();
  await captureScreens(app, 'cluster-jobs', { open: () => panel.open(), close: () => panel.close() });
});

it('left no error in the page', () => expect(app.pageErrors).toEqual([]));

/** A queue of two tasks at work, four that wait and the jobs after them, as `squeue` would list it. */
async function writeQueue(): Promise<void> {
  const rows = [
    ...['71|3|RUNNING|None', '71|5|RUNNING|None', '71|6|PENDING|Resources', '71|7|PENDING|Resources'],
    ...['71|8|PENDING|Resources', '72|N/A|PENDING|Dependency'],
  ];
  await mkdir(path.join(folder, 'bin'));
  for (const [program, lines] of [
    ['squeue', rows],
    ['scontrol', ['JobId=71 JobState=FAILED']],
  ] as const) {
    const file = path.join(folder, 'bin', program);
    await writeFile(file, `#!/bin/sh\ncat <<'END'\n${lines.join('\n')}\nEND\n`);
    await chmod(file, 0o755);
  }
}

async function writeClusterJobs(): Promise<void> {
  const at = (...names: string[]) => path.join(`${project}.slurm`, ...names);
  await mkdir(at('shards'), { recursive: true });
  await mkdir(at('logs'));
  const plan = {
    ...{ format: 1, title: 'Long', recipe: 'long.yaml', project, shards: 8 },
    ...{ stages: ['first', 'merge'], keys: { first: 'k', second: null }, jobs: { first: '71', merge: '72' } },
    submittedAt: new Date().toISOString(),
  };
  await writeFile(at('plan.json'), JSON.stringify(plan));
  for (const index of [1, 2]) await writeFile(at('shards', `first-${index}.shard`), '');
  await writeFile(at('logs', 'first-3.log'), 'Reading activations, 320 of 750 images (43 %)\n');
  await writeFile(at('logs', 'first-4.log'), 'digits.npz cannot be read; check the path.\n');
}
