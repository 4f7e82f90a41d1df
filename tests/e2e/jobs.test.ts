import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { appFolder, launchApp, type LaunchedApp } from './launch.ts';
import { JobBar } from './pages/job-bar.ts';
import { JobsPanel } from './pages/jobs-panel.ts';
import { NewAnalysisPage } from './pages/new-analysis-page.ts';
import { StartPage } from './pages/start-page.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { writeRepeatedImages } from './support/long-data.ts';
import { captureScreens } from './support/screens.ts';

/** A queue of real analyses: paused, resumed, held, moved, removed, cancelled, read afterwards. */
const samples = path.join(appFolder, 'samples');
let app: LaunchedApp;
let bar: JobBar;
let panel: JobsPanel;
let form: NewAnalysisPage;
let workspace: WorkspacePage;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-jobs-'));
  await writeRepeatedImages(path.join(samples, 'digits.npz'), path.join(folder, 'many.npy'), 4);
  app = await launchApp();
  bar = new JobBar(app.page);
  panel = new JobsPanel(app.page);
  form = new NewAnalysisPage(app.page);
  workspace = new WorkspacePage(app.page);
});

afterAll(async () => {
  const end = await app?.close();
  await rm(folder, { recursive: true, force: true });
  expect(end?.networkLog).toEqual({ requested: [], contacted: [] });
});

it('a running job is paused, stands still, and goes on', async () => {
  await new StartPage(app.page).newAnalysis.click();
  await app.answerDialogs({ open: ['net1.onnx', 'net2.onnx'].map((name) => path.join(samples, name)) });
  await form.title.fill('First');
  await form.addNetworks.click();
  await expect.poll(() => form.layers.count(), { timeout: 30_000 }).toBeGreaterThan(0);
  await app.answerDialogs({ open: [path.join(folder, 'many.npy')] });
  await form.addData.click();
  await form.pictures.first().waitFor();
  await form.keepAnalyses('Correlation', 'Match', 'Certainty');
  await app.answerDialogs({ save: path.join(folder, 'jobs.consilience') });
  await form.run.click();
  await bar.waitForProgress();
  await app.page.getByTestId('job-pause').click();
  await bar.waitFor('paused');
  await app.page.waitForTimeout(1500);
  const before = await bar.bar.textContent();
  expect(before).toMatch(/Paused while reading images/);
  await app.page.waitForTimeout(1500);
  expect(await bar.bar.textContent()).toBe(before);
});

it('others wait behind it, are moved, held and removed', async () => {
  for (const title of ['Second', 'Third', 'Fourth']) {
    await workspace.newAnalysis();
    await form.title.fill(title);
    await form.run.click();
    await workspace.projectMenu.waitFor();
  }
  await panel.open();
  expect(await panel.titlesOfQueue()).toEqual(['Second', 'Third', 'Fourth']);
  await panel.press('Move Fourth up');
  await expect.poll(() => panel.titlesOfQueue()).toEqual(['Second', 'Fourth', 'Third']);
  await panel.press('Hold Second');
  await expect.poll(() => panel.queued.first().getAttribute('data-state')).toBe('paused');
  await panel.press('Remove Third from the queue');
  await expect.poll(() => panel.titlesOfQueue()).toEqual(['Second', 'Fourth']);
  await panel.close();
  await captureScreens(app, 'jobs-paused', { open: () => panel.open(), close: () => panel.close() });
});

it('resumed, the first ends; the next that is not held runs, and takes what is stored', async () => {
  await panel.open();
  await panel.do('resume');
  await expect.poll(() => panel.past.filter({ hasText: 'First' }).count(), { timeout: 150_000 }).toBe(1);
  await expect.poll(() => panel.past.filter({ hasText: 'Fourth' }).count(), { timeout: 150_000 }).toBe(1);
  expect(await panel.titlesOfQueue()).toEqual(['Second']);
  const log = (await panel.newestLog()).join('\n');
  expect(log).toMatch(/in the project already; nothing is computed again/);
  await panel.press('Release Second');
  await expect.poll(() => panel.queued.count(), { timeout: 60_000 }).toBe(0);
  await expect.poll(() => panel.past.count()).toBe(4);
  await panel.close();
});

it('a job is cancelled while it is paused, in the panel, and run again', async () => {
  await workspace.newAnalysis();
  await form.title.fill('Fifth');
  await app.page.getByLabel('Held-out fold').selectOption('0.25');
  await form.run.click();
  await panel.open();
  await panel.active.waitFor();
  await panel.do('pause');
  await expect.poll(() => panel.active.getAttribute('data-state')).toBe('paused');
  await panel.do('cancel');
  await expect.poll(() => panel.past.first().getAttribute('data-state')).toBe('cancelled');
  await app.page.getByTestId('past-retry').first().click();
  await expect.poll(() => panel.past.first().getAttribute('data-state'), { timeout: 150_000 }).toBe('done');
});

it('the logs are there when the project is opened again', async () => {
  const log = (await panel.newestLog()).join('\n');
  await panel.close();
  expect(log).toMatch(/Engine ready: .*First pass over 8,000 images.*Done after/s);
  await captureScreens(app, 'jobs-ended', { open: () => panel.open(), close: () => panel.close() });
  await workspace.closeProject();
  await new StartPage(app.page).recentProject('First').click();
  await panel.open();
  await expect.poll(() => panel.past.count()).toBe(6);
  expect(await panel.newestLog()).toEqual(log.split('\n'));
  await panel.close();
});

it('the whole session left no error in the page', () => expect(app.pageErrors).toEqual([]));
