import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { appFolder, launchApp, type LaunchedApp } from './launch.ts';
import { NewAnalysisPage } from './pages/new-analysis-page.ts';
import { SettingsDialog } from './pages/settings-dialog.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { dropFiles, enterFiles } from './support/drop-files.ts';
import { captureScreens } from './support/screens.ts';

/** Files dropped on the window, several windows, settings, the graph of a network, the menu. */
const samples = path.join(appFolder, 'samples');
let app: LaunchedApp;
let folder = '';
let one = '';
let two = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-windows-'));
  one = path.join(folder, 'one.consilience');
  two = path.join(folder, 'two.consilience');
  const recipe = writeRecipe(folder, { analyses: ['correlation', 'matching'], limit: 120 });
  const done = await runCommand(['run', recipe, '--project', one]);
  expect(done.status).toBe(0);
  await cp(one, two);
  await writeFile(path.join(folder, 'notes.txt'), 'not a project');
  app = await launchApp();
});

afterAll(async () => {
  const end = await app?.close();
  await rm(folder, { recursive: true, force: true });
  expect(end?.networkLog).toEqual({ requested: [], contacted: [] });
});

const paneOfTitles = (page: Page) => page.getByTestId('project-menu').textContent();

/** The menu item of this label, as its shortcut or a click on it would do it. */
async function chooseInMenu(label: string): Promise<void> {
  const found = await app.electron.evaluate(({ Menu, BrowserWindow }, wanted) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
    const item = items.find((candidate) => candidate.label === wanted);
    item?.click(undefined, BrowserWindow.getAllWindows()[0]);
    return item !== undefined;
  }, label);
  expect(found, `the menu has ${label}`).toBe(true);
}

it('shows where files may be dropped, and refuses in words what it cannot open', async () => {
  await app.page.getByTestId('start-new-analysis').waitFor();
  await enterFiles(app, [path.join(samples, 'net1.onnx')]);
  await app.page.getByTestId('drop-target').waitFor();
  await app.page.screenshot({
    path: path.join(process.env.CONSILIENCE_E2E_SCREENS ?? folder, 'drop-target.png'),
  });
  await dropFiles(app, [path.join(folder, 'notes.txt'), folder]);
  await app.page
    .getByText(/notes\.txt is not opened here; drop ONNX models/)
    .first()
    .waitFor();
  expect(await app.page.getByTestId('drop-target').count()).toBe(0);
});

it('takes dropped models and data into a new analysis, with an estimate before the run', async () => {
  const form = new NewAnalysisPage(app.page);
  await dropFiles(
    app,
    ['net1.onnx', 'net2.onnx', 'digits.npz'].map((name) => path.join(samples, name)),
  );
  await form.title.waitFor();
  await expect.poll(() => form.layers.count(), { timeout: 30_000 }).toBeGreaterThan(2);
  await form.pictures.first().waitFor();
  await expect.poll(() => form.estimate.getAttribute('data-state'), { timeout: 90_000 }).toBe('ready');
  expect(await form.estimate.textContent()).toMatch(
    /Time\s*about \d+ (s|min).*Memory\s*\d+ MB.*Project\s*\+ [\d.]+ [KM]B/s,
  );
  await captureScreens(app, 'estimate');
  await app.page.getByLabel('Held-out fold').selectOption('0.25');
  await expect.poll(() => form.estimate.getAttribute('data-state')).toBe('loading');
  await app.page.getByRole('button', { name: 'Stop' }).click();
  await expect.poll(() => form.estimate.getAttribute('data-state')).toBe('off');
});

it('fills the form in from a dropped recipe', async () => {
  const form = new NewAnalysisPage(app.page);
  await dropFiles(app, [path.join(folder, 'recipe.yaml')]);
  await expect.poll(() => form.title.inputValue(), { timeout: 20_000 }).toBe('A small comparison');
  await expect.poll(() => form.layers.count()).toBe(2);
  expect(await app.page.getByLabel('Held-out fold').inputValue()).toBe('0.25');
});

it('opens a dropped project, with the inputs and the layer graph of its networks', async () => {
  await dropFiles(app, [one]);
  await expect.poll(() => paneOfTitles(app.page)).toContain('one.consilience');
  const workspace = new WorkspacePage(app.page);
  await workspace.show('data');
  const graph = app.page.getByTestId('graph-canvas');
  await graph.waitFor({ timeout: 30_000 });
  // Boxes out of sight are not drawn.
  await app.page.getByRole('button', { name: 'Whole graph' }).click();
  await expect.poll(() => graph.locator('.node.captured').count()).toBe(2);
  await app.page.getByRole('region', { name: 'First inputs' }).locator('canvas, img').first().waitFor();
  await captureScreens(app, 'data-top');
  await graph.scrollIntoViewIfNeeded();
  await graph.focus();
  for (let step = 0; step < 4; step++) await app.page.keyboard.press('ArrowDown');
  await app.page.getByTestId('graph-details').waitFor();
  await app.page.getByTestId('graph-search').fill('relu_2');
  await expect.poll(() => app.page.getByTestId('graph-details').textContent()).toContain('/Relu_2_output_0');
  await captureScreens(app, 'graph');
});

it('starts a new analysis with a layer of the graph', async () => {
  await app.page.getByTestId('graph-search').fill('/conv1/Conv');
  await app.page.getByTestId('graph-add').click();
  const form = new NewAnalysisPage(app.page);
  await form.title.waitFor();
  await expect.poll(() => form.layers.count(), { timeout: 30_000 }).toBeGreaterThan(0);
  const names = () =>
    form.layers
      .locator('input.name')
      .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
  await expect.poll(async () => (await names()).join(' '), { timeout: 20_000 }).toMatch(/conv1/i);
  await app.page.getByRole('button', { name: 'Leave' }).click();
});

it('opens a second window on another project, each with its own session', async () => {
  await app.answerDialogs({ open: [two] });
  const appeared = app.electron.waitForEvent('window', { timeout: 30_000 });
  await chooseInMenu('Open Project in New Window…');
  const second = await appeared;
  await expect.poll(() => paneOfTitles(second), { timeout: 20_000 }).toContain('two.consilience');
  expect(await paneOfTitles(app.page)).toContain('one.consilience');

  // The same file again comes to the front; no third window, no error.
  await app.electron.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows())
      window.on('focus', () => Object.assign(globalThis, { focused: window.getTitle() + window.id }));
  });
  const menu = second.getByTestId('project-menu');
  await menu.click();
  await app.answerDialogs({ open: [one] });
  await second.getByRole('menuitem', { name: 'Open project…' }).click();
  await second.waitForTimeout(1000);
  expect(await paneOfTitles(second)).toContain('two.consilience');
  expect(app.electron.windows()).toHaveLength(2);
  expect(await second.getByText(/could not|locked/i).count()).toBe(0);
  await second.close();
  await expect.poll(() => app.electron.windows().length).toBe(1);
});

it('keeps settings, shows them in every window, and applies them', async () => {
  const settings = new SettingsDialog(app.page);
  await chooseInMenu('Settings…');
  await settings.root.waitFor();
  await settings.choose('scale', '1.25');
  await expect
    .poll(() =>
      app.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0].webContents.getZoomFactor(),
      ),
    )
    .toBeCloseTo(1.25, 5);
  await settings.choose('motion', 'reduced');
  expect(await app.page.evaluate(() => document.documentElement.dataset.motion)).toBe('reduced');
  await settings.choose('scale', '1');
  await settings.choose('linear-algebra', 'portable');
  await app.page.getByText(/once the engine has been restarted/).waitFor();
  await settings.restart();
  await expect
    .poll(() => app.page.getByTestId('engine-status').textContent(), { timeout: 30_000 })
    .toContain('onnxruntime products');
  await settings.close();
  await captureScreens(app, 'settings', { open: () => settings.open(), close: () => settings.close() });
  const kept = JSON.parse(await readFile(path.join(app.userFolder, 'settings.json'), 'utf8')) as object;
  expect(kept).toMatchObject({ motion: 'reduced', linearAlgebra: 'portable', scale: 1 });
});

it('the whole session left no error in the page', () => expect(app.pageErrors).toEqual([]));
