import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../fixtures/command-line.ts';
import { writeRecipe } from '../fixtures/recipes.ts';
import { launchApp, type LaunchedApp } from './launch.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { captureScreens } from './support/screens.ts';

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

const views = [
  'mutual-information',
  'sparse-map',
  'clusters',
  'subspaces',
  'code',
  'neighbourhoods',
  'certainty',
  'many-networks',
  'layer-map',
] as const;

describe('a project with every analysis', () => {
  it.each(views)('shows %s: a finding with numbers, and no error', async (view) => {
    await workspace.show(view);
    const pane = app.page.getByTestId(`view-${view}`);
    await expect
      .poll(() => pane.getByTestId('finding').first().textContent(), { timeout: 15_000 })
      .toMatch(/\d/);
    await expect.poll(() => pane.locator('svg, canvas').count()).toBeGreaterThan(0);
    expect(await pane.getByRole('alert').count()).toBe(0);
    await captureScreens(app, view);
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
