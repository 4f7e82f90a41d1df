import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { launchApp, type LaunchedApp } from './launch.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { viewNames } from '#renderer/app/view-names.ts';
import { seriousFindings } from './support/axe.ts';
import { captureScreens, screenFile } from './support/screens.ts';

/** A project with every analysis, made by the command line and opened in the window. */
let app: LaunchedApp;
let workspace: WorkspacePage;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-ladder-'));
  const project = path.join(folder, 'ladder.consilience');
  const recipe = writeRecipe(folder, {
    networks: ['Net1', 'Net2', 'Net3'],
    layers: ['conv2', 'conv3'],
    analyses: [
      ...[
        'correlation',
        'matching',
        'certainty',
        'mutual-information',
        'sparse-mapping',
        'spectral-clusters',
      ],
      ...['subspaces', 'code', 'neighbourhoods', 'many-networks', 'layer-map'],
    ],
    limit: 160,
  });
  const done = await runCommand(['run', recipe, '--project', project]);
  expect(done.status).toBe(0);
  app = await launchApp({ args: [project] });
  workspace = new WorkspacePage(app.page);
}, 180_000);

afterAll(async () => {
  const end = await app?.close();
  await rm(folder, { recursive: true, force: true });
  expect(end?.networkLog).toEqual({ requested: [], contacted: [] });
});

const views = viewNames.filter((view) => view !== 'validation');
/** Those whose picture is a text, or rows of them. */
const withoutPicture = ['methods'];

describe('a project with every analysis', () => {
  it.each(views)(
    'shows %s: a finding with numbers, no error, and nothing that axe calls serious',
    async (view) => {
      await workspace.show(view);
      const pane = app.page.getByTestId(`view-${view}`);
      await expect.poll(() => pane.textContent(), { timeout: 15_000 }).toMatch(/\d/);
      await expect.poll(() => pane.locator('[data-state="loading"]').count(), { timeout: 15_000 }).toBe(0);
      if (!withoutPicture.includes(view))
        await expect.poll(() => pane.locator('svg, canvas').count()).toBeGreaterThan(0);
      expect(await pane.getByRole('alert').count()).toBe(0);
      expect(await seriousFindings(app.page)).toEqual([]);
      await captureScreens(app, view);
    },
  );

  it.each([1.25, 1.5, 2])('is whole and within reach at %d times the size, in 1280 x 800', async (factor) => {
    await app.resize({ width: 1280, height: 800 });
    await magnify(factor);
    try {
      for (const view of views) {
        // The rail scrolls; what it names stays within reach.
        await app.page.getByTestId(`rail-${view}`).scrollIntoViewIfNeeded();
        await workspace.show(view);
        await expect.poll(() => reach(app.page)).toEqual([]);
      }
      await app.page.screenshot({ path: await screenFile(`magnified-${factor}`) });
    } finally {
      await magnify(1);
    }
  });

  it('met no error in the page', () => {
    expect(app.pageErrors).toEqual([]);
  });

  it('recomputes published numbers on its Validation page', async () => {
    await app.page.getByTestId('rail-validation').click();
    const finding = app.page.getByTestId('finding');
    await finding.waitFor();
    await app.page.waitForFunction(() =>
      document.querySelector('[data-testid="finding"]')?.textContent.includes('published numbers'),
    );
    expect(await finding.textContent()).toMatch(/All of \d\d published numbers.*agree/);
    await captureScreens(app, 'validation');
  });
});

/** The size of everything in the window, as a person sets it. */
function magnify(factor: number): Promise<void> {
  return app.electron.evaluate(({ BrowserWindow }, size) => {
    BrowserWindow.getAllWindows()[0].webContents.setZoomFactor(size);
  }, factor);
}

/** Controls of the bar and the foot that lie outside the window, and a view too narrow to be read. */
function reach(page: LaunchedApp['page']): Promise<string[]> {
  return page.evaluate(() => {
    const outside = [
      ...document.querySelectorAll('.window > header :is(button, select), [data-testid="job-bar"] button'),
    ]
      .filter((control) => {
        const { left, right, top, bottom } = control.getBoundingClientRect();
        return right > left && (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1);
      })
      .map((control) => control.getAttribute('aria-label') ?? control.textContent.trim());
    const main = document.querySelector('main');
    return main && main.clientWidth >= 260
      ? outside
      : [...outside, `a view ${main?.clientWidth} pixels wide`];
  });
}
