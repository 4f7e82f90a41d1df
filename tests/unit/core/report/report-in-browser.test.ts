import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analysisNames } from '#core/domain/recipe.ts';
import { layoutFigure } from '#core/figure/layout/layout-figure.ts';
import { panelKindNames } from '#core/figure/spec.ts';
import { sceneToSvg } from '#core/figure/svg.ts';
import { formulas } from '#core/report/formulas.ts';
import { reportPage } from '#core/report/report-page.ts';
import { themedSvg } from '#core/report/themed-svg.ts';
import { deflate } from '#main/export/deflate.ts';
import { embeddedFonts } from '#main/export/fonts.ts';
import { reportContentSecurityPolicy } from '#main/security/content-security-policy.ts';
import { pageExample } from '../figure/panel-examples.ts';

/** The report as a reader opens it: from a file, without a network, on a light and a dark screen and on paper. */
const executablePath = process.env.CONSILIENCE_CHROMIUM ?? '/usr/bin/chromium';
const hasChromium = existsSync(executablePath);
const hasPoppler = spawnSync('pdftotext', ['-v']).status === 0;
if (!hasChromium) console.log('Skipped: the report in a browser (chromium is not installed).');
if (!hasPoppler) console.log('Skipped: the printed report (poppler-utils is not installed).');

const folder = mkdtempSync(path.join(tmpdir(), 'report-'));
const file = path.join(folder, 'report.html');
const rows = 40;

async function writeReport(): Promise<void> {
  const figures = panelKindNames.map((kind, at) => {
    const figure = pageExample({
      preset: 'nature-double',
      title: `Plate ${at + 1}`,
      panels: [{ kind }, { kind }],
      columns: 2,
    });
    const options = { deflate, dpi: 60, idPrefix: `f${at}-` };
    const [light, dark] = (['light', 'dark'] as const).map((theme) =>
      sceneToSvg(layoutFigure(figure, theme), options),
    );
    return {
      label: kind,
      drawing: themedSvg(light, dark),
      caption: 'What is shown, and over what. '.repeat(12),
    };
  });
  const page = reportPage(
    {
      title: 'A report',
      subtitle: 'of everything',
      findings: ['conv1: found.'],
      figures,
      leftOut: [],
      methods: {
        sections: [
          { heading: 'Matching', paragraphs: [['As before ', { cite: ['li2016convergent'] }, '.']] },
        ],
        references: ['li2016convergent'],
      },
      analyses: new Set(analysisNames),
      tables: [
        {
          title: 'matching',
          columns: ['networks', 'r'],
          rows: Array.from({ length: rows }, (_, at) => ['A–B', String(at)]),
        },
      ],
      provenance: [['data', 'SHA-256 1234']],
      recipe: 'title: "x"',
    },
    { policy: reportContentSecurityPolicy, fonts: await embeddedFonts() },
  );
  writeFileSync(file, page);
}

describe.skipIf(!hasChromium)('the report in a browser without a network', () => {
  let browser: Browser;
  const complaints: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    await writeReport();
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(colorScheme: 'light' | 'dark'): Promise<Page> {
    const context = await browser.newContext({ offline: true, colorScheme });
    const page = await context.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => asked.push(request.url().slice(0, 60)));
    await page.goto(pathToFileURL(file).href);
    await page.evaluate('document.fonts.ready');
    return page;
  }

  it('shows every figure, formula and table, asks for nothing and complains of nothing', async () => {
    const page = await open('light');
    const heights = (selector: string) =>
      page.locator(selector).evaluateAll((found) => found.map((one) => one.getBoundingClientRect().height));
    const figures = await heights('figure svg');
    expect(figures).toHaveLength(panelKindNames.length);
    expect(Math.min(...figures)).toBeGreaterThan(60);
    const math = await heights('math');
    expect(math).toHaveLength(formulas.length);
    expect(Math.min(...math)).toBeGreaterThan(10);
    expect(await heights('#numbers tbody tr')).toHaveLength(rows);
    // A browser without MathML would set fractions in a line.
    const fractions = await heights('mfrac');
    expect(Math.min(...fractions)).toBeGreaterThan(18);
    expect(await page.evaluate('document.fonts.check("12px Arimo")')).toBe(true);
    // Pictures in data: are requests too, and all there are.
    expect(asked.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
    expect(asked.filter((url) => url.startsWith('file:'))).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  it('has figures in the colours of the page, light and dark', async () => {
    const colours: string[][] = [];
    for (const theme of ['light', 'dark'] as const) {
      const page = await open(theme);
      const of = (selector: string, property: string) =>
        page
          .locator(selector)
          .first()
          .evaluate((one, name) => getComputedStyle(one).getPropertyValue(name), property);
      colours.push([
        await of('body', 'background-color'),
        await of('figure svg > rect', 'fill'),
        await of('figure svg text', 'fill'),
      ]);
      const shown = await page
        .locator('.on-dark')
        .evaluateAll((found) => found.map((one) => getComputedStyle(one).display));
      expect(new Set(shown)).toEqual(new Set([theme === 'dark' ? 'inline' : 'none']));
    }
    expect(colours).toEqual([
      ['rgb(255, 255, 255)', 'rgb(255, 255, 255)', 'rgb(26, 26, 26)'],
      ['rgb(15, 18, 22)', 'rgb(15, 18, 22)', 'rgb(232, 235, 239)'],
    ]);
    expect(complaints).toEqual([]);
  });

  it.skipIf(!hasPoppler)(
    'prints on A4 with whole figures, each with its caption, headings with what follows',
    async () => {
      const page = await open('dark');
      const pdf = path.join(folder, 'report.pdf');
      await page.pdf({ path: pdf, preferCSSPageSize: true });
      const info = execFileSync('pdfinfo', [pdf], { encoding: 'utf8' });
      expect(info).toMatch(/Page size:\s+59[45][.\d]* x 84[12][.\d]* pts \(A4\)/);
      const pages = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' }).split('\f');
      const pageWith = (text: RegExp): number => pages.findIndex((one) => text.test(one));
      panelKindNames.forEach((kind, at) => {
        const top = pageWith(new RegExp(`Plate ${at + 1}\\b`));
        expect(top, kind).toBeGreaterThanOrEqual(0);
        // The caption stands below the picture: on the same page, nothing between was cut.
        expect(pageWith(new RegExp(`Figure ${at + 1}\\.`)), kind).toBe(top);
      });
      expect(pageWith(/^\s*Figures\s*$/m)).toBe(pageWith(/Plate 1\b/));
      expect(pages[pageWith(/^\s*Formulas\s*$/m)]).toContain(formulas[0].name);
      for (const one of pages.filter((text) => text.trim() !== '')) {
        const lines = one.trim().split('\n');
        expect(lines.at(-1)).not.toMatch(
          /^\s*(Findings|Figures|Methods|Formulas|Numbers|Provenance|Recipe)\s*$/,
        );
      }
      // Paper is white, whatever the screen: a corner of the first page.
      execFileSync('pdftoppm', [
        '-r',
        '20',
        '-f',
        '1',
        '-l',
        '1',
        '-singlefile',
        pdf,
        path.join(folder, 'page'),
      ]);
      const corner = execFileSync('tail', ['-c', '3', path.join(folder, 'page.ppm')]);
      expect([...corner]).toEqual([255, 255, 255]);
    },
  );
});
