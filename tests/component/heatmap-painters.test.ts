import { describe, expect, it } from 'vitest';
import { colourOf, levelOf, paletteOf } from '#core/figure/colour/maps.ts';
import { CanvasPainter } from '#renderer/plots/heatmap/canvas-painter.ts';
import { createPainter } from '#renderer/plots/heatmap/create-painter.ts';
import { GlPainter } from '#renderer/plots/heatmap/gl-painter.ts';
import type { HeatmapFrame, Painter } from '#renderer/plots/heatmap/painter.ts';

const values = Float32Array.of(-1, -0.5, 0, 0.25, 1, NaN);
const tile = { rows: 2, cols: 3, values };
const frame: HeatmapFrame = {
  width: 30,
  height: 20,
  window: { row0: 0, row1: 2, col0: 0, col1: 3 },
  tiles: [{ tile, row0: 0, row1: 2, col0: 0, col1: 3 }],
  colours: 'diverging',
  min: -1,
  max: 1,
  ground: '#ffffff',
};

function paint(painter: Painter, part: Partial<HeatmapFrame> = {}): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = 40;
  canvas.height = 30;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2-D canvas.');
  painter.paint(context, 5, 5, { ...frame, ...part });
  return context;
}

function cellColours(context: CanvasRenderingContext2D): number[][] {
  return Array.from(values, (_value, at) => {
    const [x, y] = [5 + 10 * (at % 3) + 5, 5 + 10 * Math.floor(at / 3) + 5];
    return [...context.getImageData(x, y, 1, 1).data.slice(0, 3)];
  });
}

const expected = Array.from(values, (value) => {
  const at = 3 * levelOf((value + 1) / 2);
  return [...paletteOf('diverging').subarray(at, at + 3)];
});

describe.each([
  ['WebGL', () => new GlPainter(() => undefined)],
  ['canvas', () => new CanvasPainter()],
] as const)('the %s painter', (_name, make) => {
  it('colours every cell as the exported figure does, top row first', () => {
    expect(cellColours(paint(make()))).toEqual(expected);
  });

  it('shows the part of the matrix that is asked for', () => {
    const context = paint(make(), { window: { row0: 1, row1: 2, col0: 1, col1: 2 } });
    const [red, green, blue] = context.getImageData(20, 15, 1, 1).data;
    expect([red, green, blue]).toEqual(expected[4]);
  });

  it('takes a new range and colour map without new tiles', () => {
    const painter = make();
    paint(painter);
    const context = paint(painter, { colours: 'paper-grey', min: 0, max: 0.5 });
    const [red, green, blue] = context.getImageData(10, 20, 1, 1).data;
    const hex = '#' + [red, green, blue].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    expect(hex).toBe(colourOf('paper-grey', 0.5));
  });

  it('leaves the rest of the target alone and shows the ground where tiles are missing', () => {
    const context = paint(make(), { tiles: [], ground: '#204060' });
    expect([...context.getImageData(6, 6, 1, 1).data]).toEqual([0x20, 0x40, 0x60, 255]);
    expect(context.getImageData(2, 2, 1, 1).data[3]).toBe(0);
  });
});

it('WebGL is taken where a graphics card makes it', () => {
  const canvas = document.createElement('canvas');
  const isFast = canvas.getContext('webgl2', { failIfMajorPerformanceCaveat: true }) !== null;
  expect(createPainter(() => undefined).kind).toBe(isFast ? 'webgl' : 'canvas');
});
