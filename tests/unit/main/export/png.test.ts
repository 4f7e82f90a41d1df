import { describe, expect, test } from 'vitest';
import { pixelsOf, svgToPng } from '#main/export/png.ts';
import { reduceEmbeddedImages } from '#main/export/embedded-images.ts';
import { embeddedFonts, renderFigure } from '#main/export/render-figure.ts';
import { curvesExample, heatmapExample, meansExample, quadExample } from '../../core/figure/examples.ts';

interface Header {
  width: number;
  height: number;
  perMetre: number;
  unit: number;
}

function headerOf(bytes: Uint8Array): Header {
  const png = Buffer.from(bytes);
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  const at = png.indexOf('pHYs', 0, 'latin1');
  expect(at).toBeLessThan(png.indexOf('IDAT', 0, 'latin1'));
  return {
    width: png.readUInt32BE(16),
    height: png.readUInt32BE(20),
    perMetre: png.readUInt32BE(at + 4),
    unit: png[at + 12],
  };
}

describe('svgToPng', () => {
  test.each([72, 96, 300, 600])('%i dpi: exact size, resolution recorded', async (dpi) => {
    const rendered = renderFigure(meansExample(['conv1', 'conv2'], 3, 'nature-single'));
    const picture = await svgToPng(rendered.svg, { dpi });
    expect(headerOf(picture.bytes)).toEqual({
      width: pixelsOf(89, dpi),
      height: Math.round((rendered.heightMm / 25.4) * dpi),
      perMetre: Math.round(dpi / 0.0254),
      unit: 1,
    });
    expect(picture.widthPx).toBe(Math.round((89 / 25.4) * dpi));
  });

  test('the same figure gives the same bytes', async () => {
    const once = await svgToPng(renderFigure(quadExample(12, 12, 'icml')).svg, { dpi: 150 });
    const again = await svgToPng(renderFigure(quadExample(12, 12, 'icml')).svg, { dpi: 150 });
    expect(Buffer.from(again.bytes).equals(once.bytes)).toBe(true);
  });

  test('text is drawn: without the fonts the picture differs', async () => {
    const { svg } = renderFigure(curvesExample(8, 'icml'));
    const drawn = await svgToPng(svg, { dpi: 96 });
    const blank = await svgToPng(svg, { dpi: 96, fontFolder: '/nowhere' });
    expect(drawn.bytes.length).toBeGreaterThan(1.3 * blank.bytes.length);
  });

  test('impossible sizes and foreign SVGs are refused in a sentence', async () => {
    const { svg } = renderFigure(curvesExample(8, 'icml'));
    await expect(svgToPng(svg, { dpi: 50_000 })).rejects.toThrow('Choose another dpi');
    await expect(svgToPng('<svg width="5" height="5"/>', { dpi: 96 })).rejects.toThrow('millimetres');
  });
});

test('matrices are averaged only where there are more cells than pixels', () => {
  const { svg } = renderFigure(heatmapExample(200, 200, 'icml'));
  const colsOf = (text: string): number =>
    Buffer.from(/base64,([^"]+)/.exec(text)?.[1] ?? '', 'base64').readUInt32BE(16);
  expect(colsOf(svg)).toBe(200);
  expect(colsOf(reduceEmbeddedImages(svg, 300))).toBe(200);
  const reduced = colsOf(reduceEmbeddedImages(svg, 50));
  expect(reduced).toBeGreaterThan(90);
  expect(reduced).toBeLessThan(160);
});

test('a rendered figure carries caption, warnings and CSV tables', () => {
  const rendered = renderFigure(quadExample(3, 4, 'icml'));
  expect(rendered.warnings).toEqual([]);
  expect(Object.keys(rendered.tables)).toEqual(['a-within', 'b-within', 'c-between', 'd-permuted']);
  const lines = rendered.tables['c-between'].split('\r\n');
  expect(lines[0]).toBe('Net1 unit,0,1,2,3');
  expect(lines).toHaveLength(5);
});

test('the bundled fonts are TrueType files', async () => {
  for (const data of Object.values(await embeddedFonts())) {
    expect(Buffer.from(data, 'base64').readUInt32BE(0)).toBe(0x00010000);
  }
});
