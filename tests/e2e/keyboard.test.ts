import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tourSteps } from '#renderer/features/tour/tour.svelte.ts';
import { appFolder, launchApp, type LaunchedApp } from './launch.ts';
import { JobBar } from './pages/job-bar.ts';
import { JobsPanel } from './pages/jobs-panel.ts';
import { Keyboard } from './pages/keyboard.ts';
import { NewAnalysisPage } from './pages/new-analysis-page.ts';
import { StartPage } from './pages/start-page.ts';
import { TourCard } from './pages/tour-card.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { writeRepeatedImages } from './support/long-data.ts';

/** A first session on a fresh profile, without a mouse: the tour, an analysis of one's own, a job that fails. */
const samples = path.join(appFolder, 'samples');
let app: LaunchedApp;
let keys: Keyboard;
let start: StartPage;
let form: NewAnalysisPage;
let workspace: WorkspacePage;
let bar: JobBar;
let panel: JobsPanel;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-keyboard-'));
  await copyFile(path.join(samples, 'digits.npz'), path.join(folder, 'gone.npz'));
  await writeRepeatedImages(path.join(samples, 'digits.npz'), path.join(folder, 'many.npy'), 5);
  app = await launchApp({ isFirstLook: true });
  keys = new Keyboard(app.page);
  start = new StartPage(app.page);
  form = new NewAnalysisPage(app.page);
  workspace = new WorkspacePage(app.page);
  bar = new JobBar(app.page);
  panel = new JobsPanel(app.page);
});

afterAll(async () => {
  const end = await app?.close();
  await rm(folder, { recursive: true, force: true });
  expect(end?.networkLog).toEqual({ requested: [], contacted: [] });
});

it('the first look at the sample project is a tour, walked by keyboard and not offered again', async () => {
  const tour = new TourCard(app.page);
  await keys.activate(start.openSample);
  for (const [index, { title }] of tourSteps.entries()) {
    await expect.poll(() => tour.title.textContent(), { timeout: 30_000 }).toBe(title);
    expect(await tour.place.textContent()).toBe(`${index + 1} of ${tourSteps.length}`);
    await expect.poll(() => tour.focused()).toMatch(/^(Next|Done)$/);
    await keys.press('Enter');
  }
  await tour.card.waitFor({ state: 'hidden' });
  await bar.waitFor('done', 90_000);
  await workspace.closeProjectByName();
  await keys.activate(start.recentProject('Digits'));
  await workspace.finding.waitFor();
  expect(await tour.card.count()).toBe(0);
});

it('a new analysis is chosen, run and read without a mouse', async () => {
  await workspace.closeProjectByName();
  await keys.activate(start.newAnalysis);
  await keys.write(form.title, 'By keyboard');
  await app.answerDialogs({ open: ['net1.onnx', 'net2.onnx'].map((name) => path.join(samples, name)) });
  await keys.activate(form.addNetworks);
  await expect.poll(() => form.layers.count(), { timeout: 30_000 }).toBeGreaterThan(0);
  await app.answerDialogs({ open: [path.join(samples, 'digits.npz')] });
  await keys.activate(form.addData);
  await form.pictures.first().waitFor();
  await keys.write(form.limit, '200');
  await app.answerDialogs({ save: path.join(folder, 'keyboard.consilience') });
  await keys.activate(form.run);
  await bar.waitFor('done', 90_000);
  expect(await workspace.finding.textContent()).toMatch(/\d/);
  await keys.press('3');
  await app.page.getByTestId('view-match').waitFor();
  await expect.poll(() => workspace.finding.textContent()).toMatch(/Net1 and Net2 .* r/);
});

it('a job whose data is gone says in the panel what happened and what to do', async () => {
  const queueWith = async (title: string, data: string) => {
    await keys.press('n');
    await keys.write(form.title, title);
    await app.answerDialogs({ open: [path.join(folder, data)] });
    await keys.activate(form.addData);
    await form.pictures.first().waitFor();
    await keys.write(form.limit, ' ');
    await keys.activate(form.run);
    await workspace.projectMenu.waitFor();
  };
  await queueWith('Long', 'many.npy');
  await queueWith('Without its data', 'gone.npz');
  await rm(path.join(folder, 'gone.npz'));
  await keys.press('j');
  await keys.activate(app.page.getByTestId('panel-cancel'));
  const failed = panel.past.filter({ hasText: 'Without its data' });
  await expect.poll(() => failed.getAttribute('data-state'), { timeout: 60_000 }).toBe('failed');
  const words = (await failed.getByTestId('past-reason').textContent()) ?? '';
  expect(words).toMatch(/gone\.npz does not exist or cannot be read/);
  expect(words).toMatch(/every result stored so far is kept|Nothing was changed/);
  expect(words).toMatch(/Put the file back.*Retry/s);
  await panel.close();
});

it('the whole session left no error in the page', () => expect(app.pageErrors).toEqual([]));
