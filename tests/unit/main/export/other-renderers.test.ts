import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sourceFontFolder } from '#main/export/fonts.ts';
import { blockMeans, greyOfPng, halved, type GreyPicture } from './grey-picture.ts';

/**
 * The gallery as programs draw it that nobody here wrote, beside our PNG. Every renderer sets letters its own way and
 * some kern, so pictures are compared by the means of their blocks: what has to agree is what stands where, how dark.
 */
const gallery = path.join(import.meta.dirname, '../../../../docs/gallery');
const figures = readdirSync(gallery).flatMap((file) => /^(.+)\.png$/.exec(file)?.[1] ?? []);

/** Half a millimetre and two. */
const [fine, coarse] = [3, 12];
/**
 * Of 255: mean over the picture, the worst fine block, and the worst coarse one. Cells of a matrix end up to a pixel
 * elsewhere; photographs smaller than a fingernail are scaled each in its own way; poppler sets letters darker.
 */
const tolerances = {
  svg: {
    lines: { mean: 0.6, fine: 30, coarse: 7 },
    cells: { mean: 5, fine: 70, coarse: 13 },
    pictures: { mean: 5, fine: 80, coarse: 20 },
  },
  pdf: {
    lines: { mean: 1.5, fine: 65, coarse: 13 },
    cells: { mean: 7, fine: 95, coarse: 18 },
    pictures: { mean: 11, fine: 135, coarse: 42 },
  },
};

const has = (tool: string, version: string): boolean => spawnSync(tool, [version]).status === 0;
const hasRsvg = has('rsvg-convert', '--version');
const hasPoppler = has('pdftoppm', '-v');
const hasXmllint = has('xmllint', '--version');
if (!hasRsvg) console.log('Skipped: our SVG by librsvg (librsvg2-bin is not installed).');
if (!hasPoppler) console.log('Skipped: our PDF by poppler (poppler-utils is not installed).');
if (!hasXmllint) console.log('Skipped: whether our SVG is well-formed (libxml2-utils is not installed).');

const folder = mkdtempSync(path.join(tmpdir(), 'renderers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Only the bundled fonts, as in our own renderer: not what happens to be installed. */
function fontSettings(): Record<string, string> {
  const file = path.join(folder, 'fonts.conf');
  const text = `<?xml version="1.0"?><fontconfig><dir>${sourceFontFolder}</dir><cachedir>${folder}</cachedir></fontconfig>`;
  if (!existsSync(file)) writeFileSync(file, text);
  return { ...(process.env as Record<string, string>), FONTCONFIG_FILE: file };
}

async function drawnBy(tool: string, args: string[]): Promise<void> {
  const child = spawn(tool, args, { env: fontSettings(), stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const status = await new Promise((done) => child.on('close', done));
  expect({ status, complaints }).toEqual({ status: 0, complaints: '' });
}

function printed(tool: string, args: string[]): string {
  const { status, stdout } = spawnSync(tool, args, { encoding: 'utf8' });
  expect(status).toBe(0);
  return stdout;
}

type Tolerance = (typeof tolerances)['svg']['lines'];

const picture = (file: string): GreyPicture => greyOfPng(readFileSync(file));

function expectAlike(ours: GreyPicture, theirs: GreyPicture, tolerance: Tolerance): void {
  expect(Math.abs(ours.cols - theirs.cols)).toBeLessThanOrEqual(1);
  expect(Math.abs(ours.rows - theirs.rows)).toBeLessThanOrEqual(1);
  const differences = (block: number): number[] => {
    const [one, other] = [blockMeans(ours, block), blockMeans(theirs, block)];
    const rows = Math.min(one.length, other.length);
    return Array.from({ length: rows }, (_, row) => row).flatMap((row) =>
      one[row].slice(0, other[row].length).map((value, col) => Math.abs(value - other[row][col])),
    );
  };
  const [small, large] = [differences(fine), differences(coarse)];
  const found = {
    mean: small.reduce((sum, value) => sum + value, 0) / small.length,
    fine: Math.max(...small),
    coarse: Math.max(...large),
  };
  for (const key of ['mean', 'fine', 'coarse'] as const) expect(found[key], key).toBeLessThan(tolerance[key]);
}

it('covers the gallery', () => expect(figures.length).toBeGreaterThanOrEqual(15));

describe.each(figures)('%s', (name) => {
  const of = (ending: string): string => path.join(gallery, `${name}.${ending}`);
  const images = readFileSync(of('svg'), 'utf8').split('<image').length - 1;
  const kind = images > 12 ? 'pictures' : images > 0 ? 'cells' : 'lines';

  it.skipIf(!hasRsvg)('as SVG by librsvg is our PNG', async () => {
    const ours = picture(of('png'));
    const out = path.join(folder, `${name}-svg.png`);
    await drawnBy('rsvg-convert', ['-w', String(ours.cols), '-h', String(ours.rows), '-o', out, of('svg')]);
    expectAlike(ours, picture(out), tolerances.svg[kind]);
  });

  it.skipIf(!hasPoppler)('as PDF by poppler is our PNG', async () => {
    const ours = picture(of('png'));
    const out = path.join(folder, `${name}-pdf`);
    // Twice as fine: poppler smooths pictures that it magnifies less than four times, whatever they ask.
    const size = ['-scale-to-x', String(2 * ours.cols), '-scale-to-y', String(2 * ours.rows)];
    await drawnBy('pdftoppm', [...size, '-png', '-singlefile', of('pdf'), out]);
    expectAlike(ours, halved(picture(`${out}.png`)), tolerances.pdf[kind]);
  });

  it.skipIf(!hasPoppler)('as PDF embeds its letters as subsets, and has its words as text', () => {
    const lines = printed('pdffonts', [of('pdf')])
      .split('\n')
      .slice(2)
      .filter(Boolean);
    expect(lines.length).toBeGreaterThan(0);
    // Name (with the prefix of a subset), type, encoding, embedded, subset, unicode.
    for (const line of lines) expect(line).toMatch(/^[A-Z]{6}\+.* yes +yes +yes +/);
    const text = printed('pdftotext', ['-raw', of('pdf'), '-']).replace(/\s/g, '');
    expect(text).not.toContain('\ufffd');
    const words = new Set(
      [...readFileSync(of('svg'), 'utf8').matchAll(/<text[^>]*>([^<]+)</g)]
        .flatMap(([, words]) => words.split(/\s+/))
        .filter((word) => /^[\p{L}\d−.]{2,}$/u.test(word)),
    );
    expect(words.size).toBeGreaterThan(5);
    expect([...words].filter((word) => !text.includes(word))).toEqual([]);
  });

  it.skipIf(!hasXmllint)('is well-formed SVG', async () => {
    await drawnBy('xmllint', ['--noout', of('svg')]);
  });

  it('has its size and its resolution in all three files', () => {
    const [, width, height] =
      /width="([\d.]+)mm" height="([\d.]+)mm"/.exec(readFileSync(of('svg'), 'utf8')) ?? [];
    const png = readFileSync(of('png'));
    const at = png.indexOf('pHYs');
    const perMetre = [png.readUInt32BE(at + 4), png.readUInt32BE(at + 8)];
    expect(perMetre).toEqual([perMetre[0], perMetre[0]]);
    expect(png[at + 12]).toBe(1);
    const dpi = perMetre[0] * 0.0254;
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(
      [width, height].map((mm) => Math.round((Number(mm) / 25.4) * Math.round(dpi))),
    );
    const [, x, y] = /MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(readFileSync(of('pdf'), 'latin1')) ?? [];
    for (const [points, mm] of [
      [x, width],
      [y, height],
    ])
      expect(Math.abs((Number(points) / 72) * 25.4 - Number(mm))).toBeLessThan(0.01);
  });
});

it.skipIf(!hasPoppler).each([
  ['01-correlations', 4, 48],
  ['05-mapping-weights', 1, 48],
  ['08-clusters', 1, 96],
  ['16-correlations-fc1', 4, 128],
])('%s as PDF has its %i matrices at one pixel a cell, %i x as many', (name, matrices, units) => {
  const lines = printed('pdfimages', ['-list', path.join(gallery, `${name}.pdf`)])
    .split('\n')
    .slice(2);
  const sizes = lines.filter(Boolean).map((line) => line.trim().split(/\s+/).slice(3, 5).map(Number));
  // Colour bars are pictures too, and no squares.
  const square = sizes.filter(([width, height]) => width === height);
  expect(square).toEqual(Array.from({ length: matrices }, () => [units, units]));
});
