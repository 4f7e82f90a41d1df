import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appFolder, launchApp, type LaunchedApp } from './launch.ts';
import { JobBar } from './pages/job-bar.ts';
import { NewAnalysisPage } from './pages/new-analysis-page.ts';
import { StartPage } from './pages/start-page.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { enginesOf } from './support/engine-process.ts';
import { writeRepeatedImages } from './support/long-data.ts';
import { captureScreens } from './support/screens.ts';

/** An analysis of one's own on real models: chosen, run, cancelled, and its engine killed. */
const samples = path.join(appFolder, 'samples');
const models = ['net1.onnx', 'net2.onnx', 'net5.onnx'].map((name) => path.join(samples, name));
let app: LaunchedApp;
let jobs: JobBar;
let form: NewAnalysisPage;
let workspace: WorkspacePage;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-own-'));
  await writeRepeatedImages(path.join(samples, 'digits.npz'), path.join(folder, 'many.npy'), 3);
  app = await launchApp();
  jobs = new JobBar(app.page);
  form = new NewAnalysisPage(app.page);
  workspace = new WorkspacePage(app.page);
});

afterAll(async () => {
  const end = await app?.close();
  await rm(folder, { recursive: true, force: true });
  expect(end?.networkLog).toEqual({ requested: [], contacted: [] });
});

async function fill(title: string, data: string): Promise<void> {
  await form.title.fill(title);
  // The form keeps what was chosen before.
  if ((await form.layers.count()) === 0) {
    await app.answerDialogs({ open: models });
    await form.addNetworks.click();
  }
  await expect.poll(() => form.layers.count(), { timeout: 30_000 }).toBeGreaterThan(0);
  await app.answerDialogs({ open: [data] });
  await form.addData.click();
  await form.pictures.first().waitFor();
}

it('a new analysis runs on chosen models, data and layers', async () => {
  await new StartPage(app.page).newAnalysis.click();
  await captureScreens(app, 'new-analysis-empty');
  await fill('Three networks', path.join(samples, 'digits.npz'));
  await captureScreens(app, 'new-analysis');
  await app.answerDialogs({ save: path.join(folder, 'own.consilience') });
  await form.run.click();
  await jobs.waitFor('done', 150_000);
  await workspace.show('overview');
  expect(await workspace.options('a')).toEqual(['Net1', 'Net2']);
  expect(await workspace.finding.textContent()).toMatch(/\d/);
});

it('a running analysis is cancelled, and what is stored stays', async () => {
  await workspace.newAnalysis();
  await fill('Long', path.join(folder, 'many.npy'));
  await form.keepAnalyses('Correlation', 'Match', 'Certainty');
  await form.run.click();
  await jobs.waitForProgress();
  await captureScreens(app, 'running');
  await jobs.cancel.click();
  await jobs.waitFor('cancelled', 15_000);
  await workspace.show('overview');
  expect(await workspace.finding.textContent()).toMatch(/\d/);
});

it('a killed engine ends the job in plain words, and the retry finishes', async () => {
  await jobs.retry.click();
  await jobs.waitForProgress();
  const engines = enginesOf(app.mainPid);
  expect(engines).toHaveLength(1);
  process.kill(engines[0], 'SIGKILL');
  await jobs.failure.waitFor({ timeout: 15_000 });
  expect(await jobs.failure.textContent()).toMatch(/engine/i);
  await captureScreens(app, 'engine-killed');
  await jobs.retry.click();
  await jobs.waitFor('done', 150_000);
  expect(enginesOf(app.mainPid)).toHaveLength(1);
  await expect.poll(() => workspace.options('run')).toHaveLength(2);
});

it('the whole session left no error in the page', () => expect(app.pageErrors).toEqual([]));
