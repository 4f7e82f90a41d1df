import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchApp, type LaunchedApp } from './launch.ts';
import { StartPage } from './pages/start-page.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { largeCorrelation, writeLargeProject } from './support/large-project.ts';
import { captureScreens } from './support/screens.ts';

/** Layers of 2,048 units: the pictures come in tiles, coarse ones first, and the values are those that are stored. */
let app: LaunchedApp;
let workspace: WorkspacePage;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-wide-'));
  const project = path.join(folder, 'wide.consilience');
  await writeLargeProject(project);
  app = await launchApp();
  workspace = new WorkspacePage(app.page);
  await app.answerDialogs({ open: [project] });
  await new StartPage(app.page).openProject.click();
  await workspace.show('correlation');
});

afterAll(async () => {
  await app?.close();
  await rm(folder, { recursive: true, force: true });
});

const picture = (panel: 'a' | 'b' | 'between' | 'permuted') =>
  workspace.heatmap(panel).locator('canvas').first();
const tilesOf = async (panel: 'between' | 'permuted') =>
  Number(await picture(panel).getAttribute('data-drawn'));

/** Points at a place of the picture of A against B, in shares of its sides; what the readout then says. */
async function pointAt(x: number, y: number): Promise<{ unitA: number; unitB: number; value: number }> {
  const box = (await picture('between').boundingBox())!;
  // The picture stands in its canvas with room for the axes at the left, at the top and at the right.
  const side = box.width - 68;
  await app.page.mouse.move(box.x + 52 + x * side, box.y + 8 + y * side);
  const shown = /Net1 unit ([\d,]+) × Net2 unit ([\d,]+)\s*r = (−?)(\d?\.\d{3})/;
  await expect.poll(() => workspace.readout.textContent()).toMatch(shown);
  const [, unitA, unitB, sign, size] = shown.exec((await workspace.readout.textContent()) ?? '') ?? [];
  return {
    unitA: Number(unitA.replace(',', '')),
    unitB: Number(unitB.replace(',', '')),
    value: (sign ? -1 : 1) * Number(size),
  };
}

it('the whole picture is one coarse tile', async () => {
  await expect.poll(() => tilesOf('between')).toBe(1);
  await expect.poll(() => tilesOf('permuted')).toBe(1);
  await captureScreens(app, 'wide-layers');
});

it('zooming goes down to four cells through finer tiles, with the stored value at each step', async () => {
  let mostTiles = 0;
  for (let step = 0; step < 8; step++) {
    const { unitA, unitB, value } = await pointAt(0.52, 0.48);
    expect(Math.abs(value - largeCorrelation(unitA, unitB))).toBeLessThanOrEqual(0.00051);
    await app.page.mouse.wheel(0, -400);
    await app.page.waitForTimeout(100);
    mostTiles = Math.max(mostTiles, await tilesOf('between'));
  }
  expect(mostTiles).toBeGreaterThan(1);
  const [above, below] = [await pointAt(0.5, 0.3), await pointAt(0.5, 0.55)];
  expect(below.unitA - above.unitA).toBe(1);
});

it('left no error in the page', () => expect(app.pageErrors).toEqual([]));
