import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { launchApp, type LaunchedApp } from './launch.ts';
import { SubspacesPage } from './pages/subspaces-page.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { captureScreens } from './support/screens.ts';

/** Units in space: looked at, turned, picked by keyboard and mouse, drawn around, saved. */
let app: LaunchedApp;
let workspace: WorkspacePage;
let view: SubspacesPage;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-subspaces-'));
  const project = path.join(folder, 'spaces.consilience');
  const recipe = writeRecipe(folder, {
    networks: ['Net1', 'Net2', 'Net3'],
    layers: ['conv2'],
    analyses: ['correlation', 'matching', 'spectral-clusters', 'subspaces', 'many-networks'],
    limit: 160,
  });
  const done = await runCommand(['run', recipe, '--project', project]);
  expect(done.status).toBe(0);
  app = await launchApp({ args: [project], size: { width: 1280, height: 800 } });
  workspace = new WorkspacePage(app.page);
  view = new SubspacesPage(app.page);
  await workspace.show('subspaces');
  await view.stage.waitFor();
}, 180_000);

afterAll(async () => {
  const end = await app?.close();
  await rm(folder, { recursive: true, force: true });
  expect(end?.networkLog).toEqual({ requested: [], contacted: [] });
});

const inspector = () => app.page.getByRole('complementary', { name: 'Inspector' });

it('draws the units with WebGL, and nothing more once it is drawn', async () => {
  await view.picture();
  expect(await view.stage.getAttribute('data-painter')).toBe('webgl');
  const drawn = await view.drawings();
  await app.page.waitForTimeout(600);
  expect(await view.drawings()).toBe(drawn);
  expect(await view.stage.textContent()).toMatch(/canonical direction 1, ρ \.\d\d/);
  await captureScreens(app, 'subspaces-aligned');
});

it('steps through units by r with the keyboard, and selects one everywhere', async () => {
  await view.press('n');
  const first = await view.tip.textContent();
  expect(first).toMatch(/Net[12] unit \d+.*r \.\d\d with Net[12] unit \d+/);
  await view.press('n', 'n');
  const shown = (await view.tip.textContent()) ?? '';
  expect(shown).not.toBe(first);
  const [, network, unit] = /(Net[12]) unit (\d+)/.exec(shown) ?? [];
  await view.press('Enter');
  await expect
    .poll(() => inspector().textContent())
    .toMatch(new RegExp(`${network}[^]*unit ${unit}|unit ${unit}`));
  await workspace.show('match');
  const row = app.page.getByTestId('pairs-table').locator('[role=row][aria-selected=true]');
  await row.waitFor();
  expect(await row.textContent()).toContain(unit);
  await workspace.show('subspaces');
  await view.stage.waitFor();
});

it('selects the unit under the mouse', async () => {
  await view.picture();
  await view.press('n');
  await view.picture();
  const words = (await view.tip.textContent()) ?? '';
  const { x, y } = await view.pointedPlace();
  await app.page.mouse.move(x + 60, y + 60);
  await app.page.mouse.move(x, y);
  await expect.poll(() => view.tip.textContent()).toBe(words);
  await app.page.mouse.click(x, y);
  const [, unit] = /unit (\d+)/.exec(words) ?? [];
  await expect.poll(() => inspector().textContent()).toContain(unit);
});

it('takes the units inside a lasso as the group, adds the nearest, and lets go of them', async () => {
  await view.tool('list').click();
  await view.tool('lasso').click();
  await view.drag([
    [0.3, 0.2],
    [0.5, 0.15],
    [0.5, 0.85],
    [0.3, 0.8],
    [0.3, 0.3],
  ]);
  await expect.poll(() => view.groupSize()).toBeGreaterThan(3);
  const size = await view.groupSize();
  await captureScreens(app, 'subspaces-lasso');
  await view.press('g');
  expect(await view.groupSize()).toBeGreaterThan(size);
  await view.press('Escape');
  expect(await view.groupSize()).toBe(0);
  // Without a mouse: the list takes units one by one.
  await app.page.getByTestId('space-filter').fill('net2');
  await app.page.getByTestId('space-list').focus();
  for (const key of [' ', 'ArrowDown', ' ']) await app.page.keyboard.press(key);
  expect(await view.groupSize()).toBe(2);
  await app.page.getByTestId('space-filter').fill('');
  await view.press('Escape', 'l');
  await view.tool('list').click();
});

describe('the camera', () => {
  it('is part of what Undo brings back, to the pixel', async () => {
    await app.page.mouse.move(1, 1);
    await view.press('0');
    const before = await view.picture();
    await view.drag([
      [0.4, 0.5],
      [0.7, 0.4],
    ]);
    expect(await view.picture()).not.toBe(before);
    await app.page.keyboard.press('Control+z');
    await app.page.mouse.move(1, 1);
    await expect.poll(() => view.picture(), { timeout: 10_000 }).toBe(before);
  });

  it('gives the same saved picture twice, at the asked size', async () => {
    const save = async (name: string) => {
      const file = path.join(folder, name);
      await app.answerDialogs({ save: file });
      await view.savePicture(1500);
      await expect
        .poll(() =>
          readFile(file).then(
            (bytes) => bytes.length,
            () => 0,
          ),
        )
        .toBeGreaterThan(1000);
      return readFile(file);
    };
    const first = await save('first.png');
    expect(first.readUInt32BE(16)).toBe(1500);
    expect((await save('second.png')).equals(first)).toBe(true);
  });
});

describe('frames', () => {
  it.each(['own', 'profile', 'umap'] as const)('%s', async (frame) => {
    await view.frame(frame);
    await view.set('colour', 'cluster');
    await view.tick('hulls', frame === 'own');
    await view.picture();
    await captureScreens(app, `subspaces-${frame}`);
  });

  it('of all networks, by their profiles', async () => {
    await view.tick('hulls', false);
    await view.set('scope', 'all');
    await view.set('colour', 'convergence');
    await view.canvas.waitFor();
    await view.picture();
    expect(await app.page.getByRole('group', { name: 'Legend' }).textContent()).toMatch(/Net1.*Net2.*Net3/s);
    await captureScreens(app, 'subspaces-all-networks');
  });

  it('move there, unless less motion is asked for', async () => {
    const drawingsOf = async (name: 'aligned' | 'own') => {
      await view.picture();
      const before = await view.drawings();
      await view.frame(name);
      await view.picture();
      return (await view.drawings()) - before;
    };
    await view.frame('aligned');
    expect(await drawingsOf('own')).toBeGreaterThan(5);
    await app.page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await drawingsOf('aligned')).toBeLessThanOrEqual(3);
    await app.page.emulateMedia({ reducedMotion: null });
  });
});

it('left no error in the page', () => expect(app.pageErrors).toEqual([]));
