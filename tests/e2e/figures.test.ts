import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../fixtures/command-line.ts';
import { launchApp, type LaunchedApp } from './launch.ts';
import { FiguresPage } from './pages/figures-page.ts';
import { JobBar } from './pages/job-bar.ts';
import { seriousFindings } from './support/axe.ts';
import { captureScreens } from './support/screens.ts';

/** A figure for a paper, from the sample project to the files, by keyboard alone. */
let app: LaunchedApp;
let figures: FiguresPage;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'consilience-e2e-figures-'));
  app = await launchApp();
  figures = new FiguresPage(app.page);
});

afterAll(async () => {
  const end = await app?.close();
  await rm(folder, { recursive: true, force: true });
  expect(end?.networkLog).toEqual({ requested: [], contacted: [] });
});

const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => app.page.keyboard.press(key)), Promise.resolve());

/** Through the command palette. */
async function command(words: string): Promise<void> {
  await press('Control+k');
  await app.page.getByRole('dialog').waitFor();
  await app.page.keyboard.type(words);
  await press('Enter');
}

/** Tab until this has the focus: it is within reach of the keyboard. */
async function tabTo(selector: string, way: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  for (let stops = 0; stops < 90; stops++) {
    const isThere = await app.page.evaluate(
      (wanted) => document.activeElement?.matches(wanted) ?? false,
      selector,
    );
    if (isThere) return;
    await press(way);
  }
  throw new Error(`Tab does not come to ${selector}.`);
}

const valueOf = (testId: string) => figures.field(testId).inputValue();

async function enter(testId: string, text: string): Promise<void> {
  await tabTo(`[data-testid="${testId}"]`);
  await press('Control+a');
  await app.page.keyboard.type(text);
}

describe('a figure of the gallery', () => {
  it('is opened in the sample project', async () => {
    await app.page.getByTestId('start-new-analysis').waitFor();
    await command('sample project');
    await new JobBar(app.page).waitFor('done', 120_000);
    await press('f');
    await figures.drawn();
    await tabTo('[data-testid="gallery-figures"] [data-row]');
    await press('End', 'Home', 'Enter');
    await figures.drawn();
    expect(await valueOf('figure-name')).toBe('Correlations, permuted by matching');
    expect(await figures.size.textContent()).toMatch(/^183\.0 × [\d.]+ mm/);
    expect(await seriousFindings(app.page)).toEqual([]);
  });

  it('gets preset, width, title and colours; undo and redo go through them', async () => {
    await tabTo('[data-testid="page-preset"]');
    await app.page.keyboard.type('Thesis');
    await expect.poll(() => figures.size.textContent()).toMatch(/^150\.0 × .* mm.*Thesis/s);
    await enter('page-width', '3');
    await app.page.getByText('At least 30.').waitFor();
    await enter('page-width', '120');
    await expect.poll(() => figures.size.textContent()).toMatch(/^120\.0 × /);
    await tabTo('[data-testid="page-title"]', 'Shift+Tab');
    await app.page.keyboard.type('What two networks share');
    await tabTo('[data-testid="outline-page"]', 'Shift+Tab');
    await press('ArrowDown', 'Enter');
    await tabTo('[data-testid="option-colours"]');
    await app.page.keyboard.type('grey');
    await expect.poll(() => figures.picture.textContent()).toContain('What two networks share');
    await expect.poll(() => figures.field('figure-caption').textContent()).toMatch(/black/);
    await press('Control+z', 'Control+z', 'Control+z', 'Control+z');
    await expect.poll(() => figures.state.textContent()).toBe('Gallery');
    await expect.poll(() => figures.size.textContent()).toMatch(/^183\.0 × /);
    for (let at = 0; at < 4; at++) await press('Control+Shift+z');
    await expect.poll(() => figures.size.textContent()).toMatch(/^120\.0 × /);
    await expect.poll(() => figures.field('figure-caption').textContent()).toMatch(/black/);
  });

  it('is saved, and there to be edited when the project is opened again', async () => {
    await press('Control+s');
    await expect.poll(() => figures.state.textContent()).toBe('Saved');
    await captureScreens(app, 'figures');
    await command('Close project');
    await app.page.getByTestId('start-new-analysis').waitFor();
    await command('sample project');
    await app.page.getByTestId('view-overview').waitFor();
    await press('f');
    await figures.drawn();
    await expect.poll(() => figures.state.textContent()).toBe('Saved');
    expect(await valueOf('page-title')).toBe('What two networks share');
    expect(await valueOf('page-width')).toBe('120');
    await enter('page-title', 'Shared units');
    await press('Control+s');
    await expect.poll(() => figures.state.textContent()).toBe('Saved');
    await figures.drawn();
  });
});

describe('its files', () => {
  it('are SVG, PDF and PNG of its size', async () => {
    // Out of the fields, in which E is a letter.
    await tabTo('[data-testid="figure-export"]', 'Shift+Tab');
    // Places in the menu.
    for (const [place, file] of [
      [1, 'one.svg'],
      [0, 'one.pdf'],
      [3, 'one.png'],
    ] as const) {
      await app.answerDialogs({ save: path.join(folder, file) });
      await press('e');
      await app.page.getByRole('menu').waitFor();
      await expect.poll(() => app.page.locator('[role="menu"]:focus-within').count()).toBe(1);
      await press('Home', ...Array.from({ length: place }, () => 'ArrowDown'), 'Enter');
      await figures.written();
      await expect.poll(() => readdir(folder)).toContain(file);
      await tabTo('[data-testid="figure-export"]');
    }
    const svg = await readFile(path.join(folder, 'one.svg'), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*width="120mm"/);
    expect(svg).toContain('Shared units');
    expect((await readFile(path.join(folder, 'one.pdf'), 'latin1')).slice(0, 5)).toBe('%PDF-');
    const png = await readFile(path.join(folder, 'one.png'));
    expect(png.readUInt32BE(16)).toBe(Math.round((120 / 25.4) * 600));
  });

  it('are on the clipboard too', async () => {
    for (const [place, has] of [
      [
        0,
        () => app.electron.evaluate(async ({ clipboard }) => (await clipboard.readText()).startsWith('<svg')),
      ],
      [1, () => app.electron.evaluate(({ clipboard }) => clipboard.has('image/png'))],
    ] as const) {
      await app.electron.evaluate(({ clipboard }) => clipboard.clear());
      await tabTo('[data-testid="figure-copy"]', 'Shift+Tab');
      await press('Enter');
      await expect.poll(() => app.page.locator('[role="menu"]:focus-within').count()).toBe(1);
      await press('Home', ...Array.from({ length: place }, () => 'ArrowDown'), 'Enter');
      await expect.poll(has).toBe(true);
    }
  });

  it('are written for all figures at once', async () => {
    const all = path.join(folder, 'all');
    await mkdir(all, { recursive: true });
    await app.answerDialogs({ open: [all] });
    await tabTo('[data-testid="export-all-open"]', 'Shift+Tab');
    await press('Enter');
    await tabTo('[data-testid="all-saved"]');
    await press('ArrowDown');
    await tabTo('[data-testid="export-all-run"]');
    await press('Enter');
    await figures.written();
    const names = await readdir(all);
    for (const end of ['.svg', '.pdf', '.png', '.figure.json', '.caption.txt'])
      expect(names.filter((name) => name.endsWith(end)).length).toBeGreaterThanOrEqual(5);
  });

  it('are those of the command line, byte for byte', async () => {
    await command('Close project');
    await app.page.getByTestId('start-new-analysis').waitFor();
    const [project] = (await readdir(app.userFolder, { recursive: true })).filter((name) =>
      name.endsWith('.consilience'),
    );
    const out = path.join(folder, 'out');
    const spec = path.join(folder, 'one.figure.json');
    const done = await runCommand([
      ...['export', path.join(app.userFolder, project), '--figure', spec],
      ...['--out', out, '--format', 'svg'],
    ]);
    expect(done.status, done.stderr).toBe(0);
    const [made] = (await readdir(out)).filter((name) => name.endsWith('.svg'));
    const [theirs, ours] = await Promise.all([
      readFile(path.join(out, made)),
      readFile(path.join(folder, 'one.svg')),
    ]);
    expect(theirs.equals(ours)).toBe(true);
  });

  it('met no error in the page', () => expect(app.pageErrors).toEqual([]));
});
