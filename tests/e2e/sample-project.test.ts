import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp, type LaunchedApp } from './launch.ts';
import { FiguresPage, type ExportItem } from './pages/figures-page.ts';
import { JobBar } from './pages/job-bar.ts';
import { StartPage } from './pages/start-page.ts';
import { WorkspacePage } from './pages/workspace-page.ts';
import { captureScreens } from './support/screens.ts';

/** A person's first minutes: the sample project is opened, looked at, exported, closed and opened again. */
let app: LaunchedApp;
let start: StartPage;
let workspace: WorkspacePage;
let jobs: JobBar;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-export-'));
  app = await launchApp();
  start = new StartPage(app.page);
  workspace = new WorkspacePage(app.page);
  jobs = new JobBar(app.page);
});

afterAll(async () => {
  const end = await app?.close();
  await rm(folder, { recursive: true, force: true });
  // The product's promise, over everything that this file does.
  expect(end?.networkLog).toEqual({ requested: [], contacted: [] });
});

it('the start screen is there, with its pictures', async () => {
  await start.openSample.waitFor();
  await captureScreens(app, 'start-empty');
});

it('the sample project opens and runs by itself', async () => {
  await start.openSample.click();
  await jobs.waitFor('done', 90_000);
  await workspace.show('overview');
  expect(await workspace.finding.textContent()).toMatch(/\d/);
  expect(await workspace.options('layer')).toEqual(['conv1', 'conv2', 'conv3', 'fc1']);
  expect(await jobs.engine.textContent()).toMatch(/CPU/);
  await captureScreens(app, 'overview');
});

describe('results', () => {
  it('show the four correlation pictures, with the value at the cursor', async () => {
    await workspace.show('correlation');
    for (const panel of ['a', 'b', 'between', 'permuted'] as const) {
      await workspace.heatmap(panel).locator('canvas').first().waitFor();
    }
    const picture = workspace.heatmap('between').locator('canvas').first();
    const box = (await picture.boundingBox())!;
    await app.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await expect.poll(() => workspace.readout.textContent()).toMatch(/unit \d+ .*r\s*=\s*[−-]?0?\.\d{3}/);
    await captureScreens(app, 'correlation');
  });

  it('show the match curves and the table of pairs', async () => {
    await workspace.show('match');
    await app.page.getByTestId('pairs-table').waitFor();
    await captureScreens(app, 'match');
  });

  it('show what was compared', async () => {
    await workspace.show('data');
    await captureScreens(app, 'data');
  });

  it('follow the chosen pair and layer', async () => {
    await workspace.show('match');
    const before = await workspace.finding.textContent();
    await workspace.choose({ layer: 'fc1' });
    await expect.poll(() => workspace.finding.textContent()).not.toBe(before);
    await workspace.choose({ layer: 'conv2' });
  });
});

describe('export', () => {
  const views = {
    'correlation-quad': 'correlation',
    'matching-curves': 'match',
    'layer-means': 'overview',
  } as const;
  type Kind = keyof typeof views;
  const exportAs = async (figure: Kind, item: ExportItem): Promise<string> => {
    const file = path.join(folder, `${figure}.${item.slice(0, 3)}`);
    await app.answerDialogs({ save: file });
    const figures = new FiguresPage(app.page);
    await workspace.show(views[figure]);
    await figures.openFromView();
    await figures.field('page-preset').selectOption({ label: 'Nature, double column · 183 mm' });
    await figures.drawn();
    await figures.export(item);
    return file;
  };

  it.each(Object.keys(views) as Kind[])(
    'writes %s of its view as PDF: one page of the preset width, fonts embedded, text that can be searched',
    async (figure) => {
      const file = await exportAs(figure, 'pdf');
      const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
      expect(info).toMatch(/^Pages:\s+1$/m);
      const [, width] = /Page size:\s+([\d.]+) x ([\d.]+) pts/.exec(info)!;
      expect(Math.abs((Number(width) / 72) * 25.4 - 183)).toBeLessThanOrEqual(0.1);
      const fonts = execFileSync('pdffonts', [file], { encoding: 'utf8' }).trim().split('\n').slice(2);
      expect(fonts.length).toBeGreaterThan(0);
      for (const font of fonts) expect(font).toMatch(/Arimo.*TrueType.*\byes yes yes\b/);
      expect(execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' })).toMatch(/Net1|conv2/);
    },
  );

  it('writes the same PDF twice', async () => {
    const first = await readFile(await exportAs('layer-means', 'pdf'));
    const second = await readFile(await exportAs('layer-means', 'pdf'));
    expect(second.equals(first)).toBe(true);
  });

  it('writes SVG with live text at its size in millimetres', async () => {
    const svg = await readFile(await exportAs('matching-curves', 'svg'), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*width="183mm"/);
    expect(svg).toContain('<text');
  });

  it('writes PNG at the asked resolution', async () => {
    const png = await readFile(await exportAs('correlation-quad', 'png-600'));
    expect(png.toString('latin1', 1, 4)).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(Math.round((183 / 25.4) * 600));
    const resolution = png.indexOf('pHYs');
    expect(png.readUInt32BE(resolution + 4)).toBe(Math.round(600 / 0.0254));
  });

  it('puts the numbers and the caption beside the figure', async () => {
    const names = await readdir(folder);
    expect(names).toEqual(expect.arrayContaining(['layer-means.caption.txt', 'layer-means.figure.json']));
    expect(names.some((name) => name.startsWith('layer-means') && name.endsWith('.csv'))).toBe(true);
  });
});

describe('the project', () => {
  it('is closed, listed with its thumbnail, and opened again at once', async () => {
    await workspace.closeProject();
    const card = start.recentProject('Digits');
    await card.waitFor();
    await captureScreens(app, 'start-recent');
    await card.click();
    await workspace.show('overview');
    expect(await workspace.finding.textContent()).toMatch(/\d/);
  });

  it('left no error in the page', () => expect(app.pageErrors).toEqual([]));
});
