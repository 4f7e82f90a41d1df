import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchApp, type LaunchedApp } from './launch.ts';
import { InspectorPage } from './pages/inspector-page.ts';
import { JobBar } from './pages/job-bar.ts';
import { StartPage } from './pages/start-page.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { captureScreens } from './support/screens.ts';

/** What do the matched units see? Units are selected, stepped through, and compared by what excites them. */
/** Networks run for what is shown, on a machine that may be busy. */
const patience = { timeout: 30_000 };
let app: LaunchedApp;
let workspace: WorkspacePage;
let inspector: InspectorPage;

beforeAll(async () => {
  app = await launchApp({ size: { width: 1280, height: 800 } });
  workspace = new WorkspacePage(app.page);
  inspector = new InspectorPage(app.page);
  await new StartPage(app.page).openSample.click();
  await new JobBar(app.page).waitFor('done', 90_000);
});

afterAll(async () => {
  const end = await app?.close();
  expect(end?.networkLog).toEqual({ requested: [], contacted: [] });
});

it('a selected pair shows the nine inputs that excite each of its units', async () => {
  await workspace.show('match');
  await workspace.choose({ layer: 'conv2' });
  await app.page.getByTestId('pairs-table').getByRole('row').nth(3).click();
  await expect.poll(() => inspector.pictures('Net1').count(), patience).toBe(9);
  await expect.poll(() => inspector.pictures('Net2').count(), patience).toBe(9);
  const label = await inspector.pictures('Net1').first().getAttribute('aria-label');
  expect(label).toMatch(/^Input \d+: unit \d+ of Net1 answers \d+\.\d+ at row \d+, column \d+$/);
  await expect
    .poll(() => inspector.distribution.textContent(), patience)
    .toMatch(/From 512 of 2,?000 images/);
  await expect.poll(() => inspector.partners.count(), patience).toBe(6);
  await captureScreens(app, 'inspector');
});

it('the activation is laid over the inputs, and the crop comes back', async () => {
  const first = inspector.pictures('Net1').first();
  const crop = await inspector.painted(first);
  await inspector.look('Whole');
  await expect.poll(() => inspector.painted(first), patience).not.toBe(crop);
  const whole = await inspector.painted(first);
  await inspector.look('Activation');
  await expect.poll(() => inspector.painted(first), patience).not.toBe(whole);
  await captureScreens(app, 'inspector-activation');
  await inspector.look('Crop');
  await expect.poll(() => inspector.painted(first), patience).toBe(crop);
});

it('keys and buttons step through the units', async () => {
  const before = await inspector.unitOf('Net1');
  const there = before > 0 ? 'Unit before' : 'Unit after';
  const step = before > 0 ? -1 : 1;
  await inspector.step(there);
  await expect.poll(() => inspector.unitOf('Net1'), patience).toBe(before + step);
  await app.page.keyboard.press(step < 0 ? 'ArrowRight' : 'ArrowLeft');
  await expect.poll(() => inspector.unitOf('Net1'), patience).toBe(before);
});

it('a partner in another network is one click away', async () => {
  const partner = inspector.pane.getByRole('button', { name: /^Show unit \d+ of Net3, its match$/ });
  const unit = Number(await partner.textContent());
  await partner.click();
  await expect.poll(() => inspector.unitOf('Net3'), patience).toBe(unit);
  await workspace.choose({ b: 'Net2' });
});

it('units of the first layer show their filters', async () => {
  await workspace.choose({ layer: 'conv1' });
  await app.page.getByTestId('pairs-table').getByRole('row').nth(2).click();
  await expect.poll(() => inspector.filters.count(), patience).toBe(2);
  await inspector.filters.first().scrollIntoViewIfNeeded();
  await captureScreens(app, 'inspector-filters');
});

it('the best and the worst eight pairs stand beside each other, whole, and select', async () => {
  await workspace.choose({ layer: 'conv3' });
  await workspace.show('best-and-worst');
  const pairs = app.page.getByTestId('extreme-pair');
  await expect.poll(() => pairs.count(), patience).toBe(16);
  const pictures = app.page.getByTestId('view-best-and-worst').getByRole('img');
  await expect.poll(() => pictures.count(), patience).toBe(16 * 2 * 9);
  await captureScreens(app, 'best-and-worst');
  await pairs.nth(8).click();
  await inspector.pane.waitFor();
  const name = await pairs.nth(8).getByRole('button').getAttribute('aria-label');
  expect(name).toContain(`unit ${await inspector.unitOf('Net1')} of Net1`);
  // All of it is on the screen, beside the inspector too.
  await app.page.waitForTimeout(300);
  const view = (await app.page.getByTestId('view-best-and-worst').boundingBox())!;
  for (const at of [7, 15]) {
    const box = (await pairs.nth(at).boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(view.y + view.height);
    expect(box.x + box.width).toBeLessThanOrEqual(view.x + view.width);
  }
  await captureScreens(app, 'best-and-worst-inspector');
});

it('left no error in the page', () => expect(app.pageErrors).toEqual([]));
