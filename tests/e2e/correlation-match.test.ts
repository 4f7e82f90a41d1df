import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, type LaunchedApp } from './launch.ts';
import { CorrelationPage } from './pages/correlation-page.ts';
import { MatchPage } from './pages/match-page.ts';
import { viewNames } from '#renderer/app/view-names.ts';
import { StartPage } from './pages/start-page.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { LargeNumbers, writeLargeProject } from './support/large-project.ts';
import { captureScreens } from './support/screens.ts';

/** Correlation and Match on layers of 2,048 units: orders, brushing, certainty and information, linked both ways. */
const known = new LargeNumbers();
let app: LaunchedApp;
let workspace: WorkspacePage;
let correlation: CorrelationPage;
let match: MatchPage;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-match-'));
  const project = path.join(folder, 'wide.consilience');
  await writeLargeProject(project, { withAnalyses: true });
  app = await launchApp();
  workspace = new WorkspacePage(app.page);
  correlation = new CorrelationPage(app.page);
  match = new MatchPage(app.page);
  await app.answerDialogs({ open: [project] });
  await new StartPage(app.page).openProject.click();
  await workspace.show('correlation');
});

afterAll(async () => {
  await app?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Zooms by the wheel with the pointer where it is. */
async function zoom(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    await app.page.mouse.wheel(0, -400);
    await app.page.waitForTimeout(60);
  }
}

describe('correlation', () => {
  it('in another order shows the stored value of every cell, coarse and deep', async () => {
    for (const order of ['mean', 'cluster', 'convergence', 'match'] as const) {
      await correlation.orderBy(order);
      await expect.poll(() => correlation.drawnOrder('between')).toBe(`between by ${order}`);
      for (const [x, y] of [
        [0.21, 0.73],
        [0.6, 0.4],
      ]) {
        await correlation.pointAt('between', x, y);
        const { unitA, unitB, r } = await correlation.facts();
        expect(Math.abs(r - known.correlation(unitA, unitB))).toBeLessThanOrEqual(0.00051);
      }
      await zoom(9);
      await correlation.pointAt('between', 0.5, 0.5);
      const deep = await correlation.facts();
      expect(Math.abs(deep.r - known.correlation(deep.unitA, deep.unitB))).toBeLessThanOrEqual(0.00051);
      await correlation.picture('between').press('0');
    }
  });

  it('by match puts the best pairs on the diagonal, with the p-value of certainty and its q', async () => {
    await correlation.pointAt('between', 0.0002, 0.0002);
    await zoom(9);
    await correlation.pointAt('between', 0.02, 0.02);
    const { unitA, unitB, r, text } = await correlation.facts();
    expect([unitA, unitB]).toEqual([0, known.match(0)]);
    expect(r).toBeCloseTo(0.95, 3);
    await expect.poll(() => correlation.card.textContent()).toMatch(/p = 1\.0e−12/);
    await expect.poll(() => correlation.card.textContent()).toMatch(/q = 1\.0e−9/);
    expect(text).toMatch(/mean/);
    await correlation.picture('between').press('0');
  });

  it('marks the units of a drag along an axis in every view, and dims the rest on request', async () => {
    await correlation.orderBy('unit');
    await correlation.drag('between', [-0.04, 0.25], [-0.04, 0.5]);
    await expect.poll(() => correlation.group.textContent()).toMatch(/5\d\d units of Net1/);
    await correlation.group.getByRole('checkbox').check();
    await app.page.mouse.move(1, 1);
    await captureScreens(app, 'correlation-wide-brushed');
    await workspace.show('match');
    await app.page.getByText(/^only 5\d\d units of Net1/).click();
    await expect.poll(() => match.count.textContent()).toMatch(/^5\d\d of 2,048 units/);
    await captureScreens(app, 'match-wide-group');
    await app.page.getByText(/^only 5\d\d units of Net1/).click();
    await workspace.show('correlation');
    await correlation.picture('between').press('Delete');
    await correlation.group.waitFor({ state: 'hidden' });
  });

  it('marks by keyboard, shows one picture alone, and undoes what was set', async () => {
    const picture = correlation.picture('between');
    await picture.focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'b', 'ArrowDown', 'ArrowDown', 'Enter'])
      await app.page.keyboard.press(key);
    await expect.poll(() => correlation.group.textContent()).toMatch(/3 units of Net1, 1 unit of Net2/);
    await picture.press('l');
    await expect.poll(() => correlation.panels.inputValue()).toBe('between');
    await correlation.picture('a').waitFor({ state: 'detached' });
    await captureScreens(app, 'correlation-wide-only');
    await app.page.waitForTimeout(600);
    await app.page.keyboard.press('Control+z');
    await expect.poll(() => correlation.panels.inputValue()).toBe('all');
    await correlation.picture('a').waitFor();
    await correlation.picture('between').press('Delete');
  });
});

describe('match', () => {
  it('has certainty and information of every pair, and filters by them', async () => {
    await workspace.show('match');
    const heads = await match.heads();
    expect(heads.map((head) => head.replace(/ [↓↑]/, '').trim())).toEqual(
      expect.arrayContaining(['stability', 'q', 'I, nats', 'agree']),
    );
    for (const [filter, count] of [
      ['q < .05', '1,024'],
      ['stability < .7', '409'],
      ['differ', '512'],
      ['agree', '1,536'],
      ['mi > .1, r > .9', '96'],
    ]) {
      await match.filter.fill(filter);
      await expect.poll(() => match.count.textContent()).toContain(`${count} of 2,048 units`);
    }
    await match.filter.fill('');
    await captureScreens(app, 'match-wide');
  });

  it('sorts, steps by keyboard to the ends, and selects in the pictures', async () => {
    await match.sortBy('match r');
    await match.sortBy('match r');
    await expect.poll(async () => (await match.rows())[0]?.[0]).toBe('2047');
    await match.table.locator('[role="rowgroup"]').last().focus();
    await app.page.keyboard.press('End');
    await expect.poll(() => match.selected.first().textContent()).toMatch(/^\s*0\s/);
    await app.page.keyboard.press('Home');
    await expect.poll(() => match.selected.first().textContent()).toMatch(/^\s*2047/);
    await app.page.keyboard.press('Enter');
    await app.page.getByRole('complementary', { name: 'Inspector' }).waitFor();
  });

  it('copies the rows shown', async () => {
    await match.filter.fill('r > .949');
    await expect.poll(() => match.count.textContent()).toMatch(/^3 of/);
    await app.page.getByRole('button', { name: 'Copy CSV' }).click();
    await app.page.getByText('3 rows copied as CSV.').waitFor();
    const text = await app.electron.evaluate(({ clipboard }) => clipboard.readText());
    expect(text.split('\n')[0]).toMatch(/^unit of Net1,match in Net2,match r/);
    expect(text.trim().split('\n')).toHaveLength(4);
    await match.filter.fill('');
  });
});

describe('every other view of wide layers', () => {
  it.each(viewNames)(
    'opens %s: what it holds, or why it is empty and what to do',
    { timeout: 60_000 },
    async (view) => {
      await workspace.show(view);
      const pane = app.page.getByTestId(`view-${view}`);
      await expect.poll(() => pane.locator('[data-state="loading"]').count(), { timeout: 30_000 }).toBe(0);
      const alerts = await pane.getByRole('alert').allTextContents();
      // The made-up project's recipe names no files, and Data says so.
      if (view === 'data') for (const alert of alerts) expect(alert).toContain('The recipe of');
      else expect(alerts).toEqual([]);
      expect((await pane.textContent())?.trim()).not.toBe('');
    },
  );
});

it('left no error in the page', () => expect(app.pageErrors).toEqual([]));
