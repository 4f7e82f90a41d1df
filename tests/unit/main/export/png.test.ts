import { describe, expect, test } from 'vitest';
import { reduceSceneImages } from '#core/figure/reduce-scene.ts';
import { leavesOf } from '#core/figure/scene.ts';
import { csvPieces } from '#main/export/csv.ts';
import { embeddedFonts } from '#main/export/fonts.ts';
import { pixelsOf, sceneToPng } from '#main/export/png.ts';
import { pageExample } from '../../core/figure/panel-examples.ts';
import { renderFigure } from '#main/export/render-figure.ts';
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

describe('sceneToPng', () => {
  test.each([72, 96, 300, 600])('%i dpi: exact size, resolution recorded', async (dpi) => {
    const rendered = renderFigure(meansExample(['conv1', 'conv2'], 3, 'nature-single'));
    const picture = await sceneToPng(rendered.scene, { dpi });
    expect(headerOf(picture.bytes)).toEqual({
      width: pixelsOf(89, dpi),
      height: Math.round((rendered.heightMm / 25.4) * dpi),
      perMetre: Math.round(dpi / 0.0254),
      unit: 1,
    });
    expect(picture.widthPx).toBe(Math.round((89 / 25.4) * dpi));
  });

  test('the same figure gives the same bytes', async () => {
    const once = await sceneToPng(renderFigure(quadExample(12, 12, 'icml')).scene, { dpi: 150 });
    const again = await sceneToPng(renderFigure(quadExample(12, 12, 'icml')).scene, { dpi: 150 });
    expect(Buffer.from(again.bytes).equals(once.bytes)).toBe(true);
  });

  test('text is drawn: without the fonts the picture differs', async () => {
    const { scene } = renderFigure(curvesExample(8, 'icml'));
    const drawn = await sceneToPng(scene, { dpi: 96 });
    const blank = await sceneToPng(scene, { dpi: 96, fontFolder: '/nowhere' });
    expect(drawn.bytes.length).toBeGreaterThan(1.3 * blank.bytes.length);
  });

  test('impossible sizes are refused in a sentence', async () => {
    const { scene } = renderFigure(curvesExample(8, 'icml'));
    await expect(sceneToPng(scene, { dpi: 50_000 })).rejects.toThrow('Choose another dpi');
  });
});

test('matrices are averaged only where there are more cells than pixels', () => {
  const { scene } = renderFigure(heatmapExample(200, 200, 'icml'));
  const colsAt = (dpi: number): number | undefined => {
    for (const { mark } of leavesOf(reduceSceneImages(scene, dpi).marks)) {
      if (mark.kind === 'image' && 'cols' in mark.image) return mark.image.cols;
    }
  };
  expect(colsAt(300)).toBe(200);
  expect(colsAt(50)).toBeGreaterThan(90);
  expect(colsAt(50)).toBeLessThan(160);
});

test('a rendered figure carries caption, warnings and CSV tables', () => {
  const rendered = renderFigure(quadExample(3, 4, 'icml'));
  expect(rendered.warnings).toEqual([]);
  expect(rendered.tables.map(({ name }) => name)).toEqual([
    'a-within',
    'b-within',
    'c-between',
    'd-permuted',
  ]);
  const { header, rows } = rendered.tables[2];
  const lines = [...csvPieces(header, rows)].join('').split('\r\n');
  expect(lines[0]).toBe('Net1 unit,0,1,2,3');
  expect(lines).toHaveLength(5);
});

test('the bundled fonts are TrueType files', async () => {
  for (const data of Object.values(await embeddedFonts())) {
    expect(Buffer.from(data, 'base64').readUInt32BE(0)).toBe(0x00010000);
  }
});

test('a serif figure is drawn in another face', async () => {
  const of = (family: 'sans' | 'serif') =>
    sceneToPng(
      renderFigure(pageExample({ preset: 'neurips', type: { family }, panels: [{ kind: 'layer-map' }] }))
        .scene,
      { dpi: 96 },
    );
  const [sans, serif] = [await of('sans'), await of('serif')];
  expect(serif.bytes).not.toEqual(sans.bytes);
  const { scene } = renderFigure(
    pageExample({ preset: 'neurips', type: { family: 'serif' }, panels: [{ kind: 'layer-map' }] }),
  );
  const blank = await sceneToPng(scene, { dpi: 96, fontFolder: '/nowhere' });
  expect(serif.bytes.length).toBeGreaterThan(blank.bytes.length);
});
