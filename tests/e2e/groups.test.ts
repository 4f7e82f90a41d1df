import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { launchApp, type LaunchedApp } from './launch.ts';
import { ClustersPage, SparseMapPage } from './pages/groups-page.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { captureScreens } from './support/screens.ts';

/** Groups of units: a cut is chosen, a cluster selected everywhere, and a unit taken apart into its few sources. */
let app: LaunchedApp;
let workspace: WorkspacePage;
let clusters: ClustersPage;
let map: SparseMapPage;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-groups-'));
  const project = path.join(folder, 'groups.consilience');
  const recipe = writeRecipe(folder, {
    networks: ['Net1', 'Net2'],
    layers: ['conv3'],
    analyses: ['correlation', 'matching', 'sparse-mapping', 'spectral-clusters'],
    limit: 160,
  });
  const done = await runCommand(['run', recipe, '--project', project]);
  expect(done.status).toBe(0);
  app = await launchApp({ args: [project] });
  workspace = new WorkspacePage(app.page);
  clusters = new ClustersPage(app.page);
  map = new SparseMapPage(app.page);
}, 180_000);

afterAll(async () => {
  const end = await app?.close();
  await rm(folder, { recursive: true, force: true });
  expect(end?.networkLog).toEqual({ requested: [], contacted: [] });
});

const finding = () => expect.poll(() => workspace.finding.textContent(), { timeout: 15_000 });

describe('clusters', () => {
  it('are cut by keyboard, by dragging, and as stored', async () => {
    await workspace.show('clusters');
    await clusters.dendrogram.waitFor();
    const before = await clusters.groups();
    await clusters.press('ArrowRight', 'ArrowRight');
    await finding().toMatch(new RegExp(`cut into ${before + 2} groups`));
    await expect.poll(() => clusters.cards.count()).toBe(before + 2);
    // The cut of the hierarchy has its facts as soon as the correlations are read.
    await finding().toMatch(/normalised cut \d/);
    await clusters.drag(0.5, 0.02);
    await expect.poll(() => clusters.groups()).toBe(1);
    // Changes that follow each other at once are one step of Undo.
    await app.page.waitForTimeout(700);
    await clusters.drag(0.1, 0.6);
    await expect.poll(() => clusters.groups()).toBeGreaterThan(2);
    await captureScreens(app, 'clusters-hierarchy');
    await app.page.keyboard.press('Control+z');
    await expect.poll(() => clusters.groups()).toBe(1);
    await clusters.chooseStored(4);
    await finding().toMatch(/form 4 groups .*stability/);
  });

  it('are selected, and stay so in other views', async () => {
    await clusters.select(2);
    expect(await clusters.isSelected(2)).toBe('true');
    await clusters.orderBy('groups');
    await captureScreens(app, 'clusters-groups');
    await workspace.show('sparse-map');
    await expect.poll(() => map.rows.count(), { timeout: 15_000 }).toBeGreaterThan(5);
    await map.chart.focus();
    await app.page.getByTestId('targets-table').getByRole('button', { name: 'target' }).click();
    await expect.poll(() => map.inGroup()).toBeGreaterThan(0);
    await workspace.show('clusters');
    await expect.poll(() => clusters.isSelected(2)).toBe('true');
  });
});

describe('a sparse map', () => {
  it('has an alpha that is chosen by keyboard', async () => {
    await workspace.show('sparse-map');
    await map.chart.waitFor();
    await map.press('Home');
    await finding().toMatch(/alpha 0\.3\)/);
    await map.press('ArrowRight');
    await finding().toMatch(/alpha 0\.1\)/);
  });

  it('takes a target apart into its sources, and selects source and target everywhere', async () => {
    await map.rows.nth(3).click();
    const inspector = app.page.getByRole('complementary', { name: 'Inspector' });
    await inspector.waitFor();
    const target = /\d+/.exec((await map.target.textContent()) ?? '')?.[0];
    await expect.poll(() => inspector.textContent()).toMatch(new RegExp(`unit ${target} of Net2`));
    await expect.poll(() => map.sources.count()).toBeGreaterThan(0);
    const source = /\d+/.exec((await map.sources.first().textContent()) ?? '')?.[0];
    await map.sources.first().click();
    await expect.poll(() => inspector.textContent()).toMatch(new RegExp(`unit ${source} of Net1`));
    await expect.poll(() => inspector.textContent()).toMatch(new RegExp(`unit ${target} of Net2`));
    await captureScreens(app, 'sparse-map-target');
  });
});

it('met no error in the page', () => {
  expect(app.pageErrors).toEqual([]);
});
