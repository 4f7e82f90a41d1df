import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { layoutFigure } from '#core/figure/layout/layout-figure.ts';
import { readTrueType, subsetTrueType } from '#core/figure/pdf/true-type.ts';
import { sceneToPdf } from '#core/figure/pdf/scene-to-pdf.ts';
import { leavesOf, type Scene } from '#core/figure/scene.ts';
import { deflate } from '#main/export/deflate.ts';
import { fontFiles, readFonts, sourceFontFolder } from '#main/export/fonts.ts';
import { writePdf } from '#main/export/pdf.ts';
import { heatmapExample, quadExample } from './examples.ts';
import { pageExample } from './panel-examples.ts';

const folder = mkdtempSync(join(tmpdir(), 'figures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = (tool: string): boolean => spawnSync(tool, ['-v']).status === 0;
const isPoppler = ['pdffonts', 'pdfinfo', 'pdftotext', 'pdfimages', 'pdftoppm'].every(has);
if (!isPoppler) console.log('Skipped: what poppler says of our PDF (poppler-utils is not installed).');

/** What a program that nobody here wrote says of the PDF. */
async function ask(tool: string, scene: Scene, ...args: string[]): Promise<string> {
  const file = join(folder, 'figure.pdf');
  writeFileSync(file, await writePdf(scene));
  const before = tool === 'pdftotext' ? args : [...args, file];
  const done = spawnSync(tool, tool === 'pdftotext' ? [...before, file, '-'] : before, { encoding: 'utf8' });
  expect(done.stderr).toBe('');
  return done.stdout;
}

const mixed = () =>
  layoutFigure(
    pageExample({
      preset: 'nature-double',
      columns: 2,
      panels: [
        { kind: 'neighbourhood-curve' },
        { kind: 'mapping-weights' },
        { kind: 'mapping-target' },
        { kind: 'layer-means' },
      ],
    }),
  );

describe('a PDF', () => {
  it('is the same bytes every time and holds no date', async () => {
    const [once, again] = [await writePdf(mixed()), await writePdf(mixed())];
    expect(Buffer.from(again).equals(once)).toBe(true);
    expect(Buffer.from(once).toString('latin1')).not.toMatch(/Date|\/ID/);
  });

  it('has a page of exactly the size asked for', async () => {
    const text = Buffer.from(await writePdf({ ...mixed(), widthMm: 89, heightMm: 61.3 })).toString('latin1');
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text) ?? [];
    expect((Number(width) / 72) * 25.4).toBeCloseTo(89, 4);
    expect((Number(height) / 72) * 25.4).toBeCloseTo(61.3, 4);
  });

  it('has a cross-reference table that finds every object', async () => {
    const text = Buffer.from(await writePdf(mixed())).toString('latin1');
    const start = Number(/startxref\n(\d+)/.exec(text)?.[1]);
    const rows = text
      .slice(start)
      .split('\n')
      .filter((row) => row.endsWith(' n '));
    rows.forEach((row, at) =>
      expect(text.slice(Number(row.slice(0, 10)))).toMatch(new RegExp(`^${at + 1} 0 obj\n`)),
    );
    expect(rows.length).toBeGreaterThan(10);
  });

  it('is written without compression too', async () => {
    const plain = Buffer.from(sceneToPdf(mixed(), await readFonts(sourceFontFolder))).toString('latin1');
    expect(plain).not.toContain('FlateDecode');
    expect(plain).toContain('/Figure << /MCID 0 >> BDC');
    expect(plain).toContain(' Tj');
  });
});

describe.skipIf(!isPoppler)('what poppler says', () => {
  it('fonts are embedded subsets with a way back to text', async () => {
    const rows = (await ask('pdffonts', mixed())).trim().split('\n').slice(2);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    for (const row of rows)
      expect(row).toMatch(/^[A-Z]{6}\+Arimo\S*\s+CID TrueType\s+Identity-H\s+yes yes yes/);
  });

  it('a serif figure embeds Tinos and nothing else, Greek and minus signs as text', async () => {
    const scene = layoutFigure(
      pageExample({
        preset: 'thesis',
        type: { family: 'serif' },
        columns: 2,
        panels: [{ kind: 'mapping-weights' }, { kind: 'neighbourhood-curve' }, { kind: 'layer-means' }],
      }),
    );
    const rows = (await ask('pdffonts', scene)).trim().split('\n').slice(2);
    expect(rows.length).toBeGreaterThanOrEqual(3);
    for (const row of rows)
      expect(row).toMatch(/^[A-Z]{6}\+Tinos\S*\s+CID TrueType\s+Identity-H\s+yes yes yes/);
    const text = await ask('pdftotext', scene);
    for (const word of ['ε', 'α = 0.1', '−0.4', 'Mean correlation']) expect(text).toContain(word);
  });

  it('the page is within 0.1 mm of the figure, tagged, titled', async () => {
    const scene = mixed();
    const info = await ask('pdfinfo', scene);
    const [, width, height] = /Page size:\s+([\d.]+) x ([\d.]+) pts/.exec(info) ?? [];
    expect(Math.abs((Number(width) / 72) * 25.4 - scene.widthMm)).toBeLessThan(0.1);
    expect(Math.abs((Number(height) / 72) * 25.4 - scene.heightMm)).toBeLessThan(0.1);
    expect(info).toMatch(/Tagged:\s+yes/);
    expect(info).toMatch(/Title:\s+Matches of sets of units/);
    expect(info).not.toMatch(/Date/);
  });

  it('text is text: labels, Greek, minus signs, superscripts', async () => {
    const text = await ask('pdftotext', mixed());
    for (const word of [
      'Net1 unit (source)',
      'ε',
      'α = 0.1',
      '−0.4',
      'R²',
      'Mean correlation',
      'semi-match',
    ]) {
      expect(text).toContain(word);
    }
    expect(text).not.toMatch(/-0\.\d/);
  });

  it('matrices are one pixel a cell, not smoothed', async () => {
    const list = await ask('pdfimages', layoutFigure(quadExample(24, 30, 'icml-double')), '-list');
    const rows = list
      .trim()
      .split('\n')
      .slice(2)
      .map((row) => row.trim().split(/\s+/));
    const sizes = rows.map(([, , , width, height, colour, , , , smooth]) =>
      [width, height, colour, smooth].join(' '),
    );
    expect(sizes.slice(0, 4)).toEqual([
      '24 24 index no',
      '30 30 index no',
      '30 24 index no',
      '30 24 index no',
    ]);
  });

  it('a scene is a picture of the resolution asked for, smooth, in the size of its place', async () => {
    const scene = layoutFigure(pageExample({ preset: 'nature-single', panels: [{ kind: 'shared-space' }] }));
    const [picture] = [...leavesOf(scene.marks)].flatMap(({ mark }) => (mark.kind === 'image' ? [mark] : []));
    for (const dpi of [100, 200]) {
      const file = join(folder, 'scene.pdf');
      writeFileSync(file, await writePdf(scene, sourceFontFolder, dpi));
      const list = spawnSync('pdfimages', ['-list', file], { encoding: 'utf8' }).stdout.trim().split('\n');
      const [, , , width, height, , , , , smooth, , , x, y] = list[2].trim().split(/\s+/);
      expect([Number(width), Number(height)]).toEqual(
        [picture.widthMm, picture.heightMm].map((mm) => Math.round((mm / 25.4) * dpi)),
      );
      expect(smooth).toBe('yes');
      for (const found of [x, y]) expect(Math.abs(Number(found) - dpi)).toBeLessThanOrEqual(1);
    }
  });

  it('the cells have the colours of the map', async () => {
    const scene = layoutFigure(heatmapExample(3, 4, 'icml'));
    writeFileSync(join(folder, 'cells.pdf'), await writePdf(scene));
    spawnSync('pdfimages', ['-png', join(folder, 'cells.pdf'), join(folder, 'cell')]);
    const png = readFileSync(join(folder, 'cell-000.png'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([4, 3]);
  });

  it('is drawn without a complaint', async () => {
    await ask('pdftoppm', mixed(), '-r', '50', '-png', '-singlefile');
  });
});

describe('a subset of a font', () => {
  const [regular] = fontFiles(sourceFontFolder);
  const font = readTrueType(new Uint8Array(readFileSync(regular)));

  it('keeps advances and outlines, and is far smaller', () => {
    const glyphs = [0, ...[...'Net1−αr'].map((letter) => font.glyphOf(letter.codePointAt(0) as number))];
    expect(glyphs.slice(1)).not.toContain(0);
    const subset = subsetTrueType(font, glyphs);
    expect(subset.length).toBeLessThan(0.1 * font.bytes.length);
    const read = readSubset(subset);
    glyphs.forEach((glyph, at) => {
      expect(read.advanceOf(at)).toBe(font.advanceOf(glyph));
      const outline = Buffer.from(font.outlineOf(glyph));
      expect(Buffer.from(read.outlineOf(at)).subarray(0, outline.length).equals(outline)).toBe(true);
    });
  });

  it('brings the parts of composite glyphs along', () => {
    const subset = subsetTrueType(font, [0, font.glyphOf('é'.codePointAt(0) as number)]);
    const composite = readSubset(subset).outlineOf(1);
    const view = new DataView(composite.buffer, composite.byteOffset, composite.byteLength);
    if (view.getInt16(0) < 0) expect(readSubset(subset).glyphCount).toBeGreaterThan(2);
    else expect(composite.length).toBeGreaterThan(0);
  });

  it('has the checksum that TrueType asks for', () => {
    const subset = subsetTrueType(font, [0, 5]);
    const view = new DataView(subset.buffer, subset.byteOffset, subset.byteLength);
    let sum = 0;
    for (let at = 0; at < subset.length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
    expect(sum).toBe(0xb1b0afba);
  });

  it('says what a file that is no font lacks', () => {
    expect(() => readTrueType(new Uint8Array(64))).toThrow('no table "head"');
  });
});

/** A subset has no character map; one is put in from the whole font so that the reader accepts it. */
function readSubset(bytes: Uint8Array) {
  const whole = readTrueType(new Uint8Array(readFileSync(fontFiles(sourceFontFolder)[0])));
  return readTrueType(withTable(bytes, 'cmap', whole.tables.get('cmap') as Uint8Array));
}

function withTable(bytes: Uint8Array, tag: string, table: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint16(4);
  const head = 12 + 16 * count;
  const out = new Uint8Array(bytes.length + 16 + table.length);
  out.set(bytes.subarray(0, head));
  out.set(bytes.subarray(head), head + 16);
  out.set(table, bytes.length + 16);
  const target = new DataView(out.buffer);
  target.setUint16(4, count + 1);
  for (let at = 0; at < count; at++) {
    target.setUint32(12 + 16 * at + 8, view.getUint32(12 + 16 * at + 8) + 16);
  }
  for (let at = 0; at < 4; at++) out[head + at] = tag.charCodeAt(at);
  target.setUint32(head + 8, bytes.length + 16);
  target.setUint32(head + 12, table.length);
  return out;
}

it('pictures and fonts are packed alike everywhere', () => {
  const bytes = Uint8Array.from({ length: 5000 }, (_, at) => (at * at) & 63);
  expect(Buffer.from(deflate(bytes)).toString('hex').slice(0, 4)).toBe('789c');
  expect(deflate(bytes)).toEqual(deflate(bytes));
});
