import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { captionOf } from '#core/figure/caption.ts';
import type { Figure } from '#core/figure/data.ts';
import { layoutFigure } from '#core/figure/layout/layout-figure.ts';
import type { Scene } from '#core/figure/scene.ts';
import { escapeXml, sceneToSvg } from '#core/figure/svg.ts';
import { tablesOf } from '#core/figure/table.ts';
import { textWidthMm } from '#core/figure/text.ts';
import { curvesExample, heatmapExample, meansExample, quadExample } from './examples.ts';

const small: [string, () => Figure][] = [
  ['correlation-quad', () => quadExample(6, 8, 'nature-double')],
  ['matching-curves', () => curvesExample(8, 'nature-single')],
  ['layer-means', () => meansExample(['conv1', 'fc1'], 3, 'nature-single')],
  ['heatmap', () => heatmapExample(5, 7, 'icml')],
];

/** Tags that open and close in order, attributes in quotes, no stray ampersand: enough for text we wrote. */
function wellFormedError(xml: string): string | undefined {
  const open: string[] = [];
  let rest = xml;
  while (rest.length > 0) {
    const text = /^[^<]+/.exec(rest)?.[0] ?? '';
    if (/&(?!(amp|lt|gt|quot);)|>/.test(text)) return `stray character in "${text.slice(0, 40)}"`;
    rest = rest.slice(text.length);
    if (rest.length === 0) break;
    const tag = /^<(\/?)([a-zA-Z-]+)((?: [a-zA-Z0-9:-]+="[^"<]*")*)(\/?)>/.exec(rest);
    if (!tag) return `bad tag at "${rest.slice(0, 60)}"`;
    if (tag[1] && open.pop() !== tag[2]) return `</${tag[2]}> closes nothing`;
    if (!tag[1] && !tag[4]) open.push(tag[2]);
    rest = rest.slice(tag[0].length);
  }
  return open.length > 0 ? `<${open[0]}> is never closed` : undefined;
}

describe.each(small)('%s', (name, make) => {
  test('matches its snapshot', async () => {
    await expect(sceneToSvg(layoutFigure(make()))).toMatchFileSnapshot(`./__snapshots__/${name}.svg`);
  });

  test('is the same text every time, and well-formed', () => {
    const svg = sceneToSvg(layoutFigure(make()));
    expect(sceneToSvg(layoutFigure(make()))).toBe(svg);
    expect(wellFormedError(svg)).toBeUndefined();
    expect(svg).not.toMatch(/NaN|Infinity|undefined|"-0"/);
  });

  test('states its size in mm and its view box in pt', () => {
    const scene = layoutFigure(make());
    const [, width, height, boxWidth] =
      /width="([\d.]+)mm" height="([\d.]+)mm" viewBox="0 0 ([\d.]+) /.exec(sceneToSvg(scene)) ?? [];
    expect(Number(width)).toBe(scene.widthMm);
    expect(Math.abs(Number(height) - scene.heightMm)).toBeLessThan(0.001);
    expect(Number(boxWidth)).toBeCloseTo((scene.widthMm / 25.4) * 72, 2);
  });

  test('the dark theme changes colours, not places', () => {
    const places = (theme: 'light' | 'dark') =>
      sceneToSvg(layoutFigure(make(), theme)).replace(/#[0-9a-f]{6}/g, '#');
    expect(places('dark')).toBe(places('light'));
  });

  test('has data tables whose rows are as long as their header, and a caption with its source', () => {
    const tables = tablesOf(make());
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) {
      const rows = [...table.rows];
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(row).toHaveLength(table.header.length);
    }
    expect(captionOf(make())).toMatch(/Consilience 0\.1\.0, results 3f9c2a7be01d\.$/);
  });
});

test('the caption of Figure 1 states method, samples, units and dead units', () => {
  const caption = captionOf(quadExample(6, 8, 'icml'));
  expect(caption).toContain('Pearson correlation r');
  expect(caption).toContain('392,000 samples from 2,000 images');
  expect(caption).toContain('Within Net1 (6 units)');
  expect(caption).toContain('0 in Net1, 2 in Net2');
  expect(caption).toContain('from −1 (blue) to 1 (red)');
});

test('names are escaped and cannot open a tag', () => {
  expect(escapeXml('a<b & "c"\u0000\ud800')).toBe('a&lt;b &amp; &quot;c&quot;');
  const figure = quadExample(3, 3, 'slide');
  (figure.data as { networkA: string }).networkA = '<script>&"';
  const svg = sceneToSvg(layoutFigure(figure));
  expect(wellFormedError(svg)).toBeUndefined();
  expect(svg).not.toContain('<script');
});

test('scripts are shifted and shifted back, clips have counted ids, a font can be embedded', () => {
  const scene: Scene = {
    widthMm: 20,
    heightMm: 10,
    background: '#ffffff',
    title: 't',
    description: 'd',
    provenance: 'p',
    marks: [1, 2].map((xMm) => ({
      kind: 'group',
      xMm,
      yMm: 0,
      clip: { xMm: 0, yMm: 0, widthMm: 5, heightMm: 5 },
      marks: [
        {
          kind: 'text',
          xMm: 0,
          yMm: 5,
          runs: [{ text: 'R' }, { text: '2', shift: 'super' }, { text: ' x' }],
          sizePt: 10,
          weight: 'regular',
          anchor: 'start',
          baseline: 'alphabetic',
          rotate: 0,
          fill: '#000000',
        },
      ],
    })),
  };
  const svg = sceneToSvg(scene, { idPrefix: 'f', embedFont: { regular: 'AAAA' } });
  expect(svg).toContain('R<tspan font-size="7" dy="-3.6">2</tspan><tspan dy="3.6"> x</tspan>');
  expect([...svg.matchAll(/id="(\w+)"/g)].map((match) => match[1])).toEqual(['f1', 'f2']);
  expect(svg).toContain('url(#f2)');
  expect(svg).toContain('src:url(data:font/ttf;base64,AAAA)');
});

test('widths come from the font: digits are 0.556 em wide, as in Arial', () => {
  expect(textWidthMm([{ text: '0000' }], 72)).toBeCloseTo(4 * 0.556 * 25.4, 1);
  expect(textWidthMm([{ text: 'r', italic: true }], 10)).toBeGreaterThan(0);
});

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;
test.skipIf(!hasXmllint)('xmllint accepts the figures (skipped where xmllint is not installed)', () => {
  for (const [, make] of small) {
    const run = spawnSync('xmllint', ['--noout', '-'], { input: sceneToSvg(layoutFigure(make())) });
    expect(run.stderr.toString()).toBe('');
  }
});
