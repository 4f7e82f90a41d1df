import { describe, expect, test } from 'vitest';
import type { Figure } from '#core/figure/data.ts';
import { permuteMatrix, shownMatrices } from '#core/figure/layout/correlation-quad.ts';
import { layoutFigure } from '#core/figure/layout/layout-figure.ts';
import { lintScene } from '#core/figure/lint.ts';
import { leavesOf } from '#core/figure/scene.ts';
import type { BoxMm, Scene, TextMark } from '#core/figure/scene.ts';
import { quadCaption } from '#core/figure/panels/first-captions.ts';
import { quadTables } from '#core/figure/panels/first-tables.ts';
import { figureSpecSchema, type SpecOf } from '#core/figure/spec.ts';
import { presetNames, presets } from '#core/figure/presets.ts';
import { tablesOf } from '#core/figure/table.ts';
import { textBox } from '#core/figure/text.ts';
import { curvesExample, heatmapExample, meansExample, quadExample } from './examples.ts';

const figures: [string, (preset: (typeof presetNames)[number]) => Figure][] = [
  ['correlation-quad of 24 units', (preset) => quadExample(24, 24, preset)],
  [
    'correlation-quad of 48 and 128 units',
    (preset) => quadExample(48, 128, preset, { colours: 'paper-grey' }),
  ],
  ['matching-curves of 24 units', (preset) => curvesExample(24, preset)],
  ['matching-curves of 128 units', (preset) => curvesExample(128, preset, { order: 'each' })],
  ['layer-means of 4 layers', (preset) => meansExample(['conv1', 'conv2', 'conv3', 'fc1'], 4, preset)],
  ['layer-means of 12 layers', (preset) => meansExample(names(12), 3, preset, { title: 'Twelve' })],
  ['heatmap', (preset) => heatmapExample(24, 60, preset, { title: 'A heat map' })],
];

function names(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `a rather long layer name ${at}`);
}

function textsOf(scene: Scene): { mark: TextMark; box: BoxMm; text: string }[] {
  return [...leavesOf(scene.marks)].flatMap(({ mark, xMm, yMm }) => {
    if (mark.kind !== 'text') return [];
    const box = textBox(mark);
    const text = mark.runs.map((run) => run.text).join('');
    return [{ mark, text, box: { ...box, xMm: box.xMm + xMm, yMm: box.yMm + yMm } }];
  });
}

function overlaps(a: BoxMm, b: BoxMm): boolean {
  return (
    a.xMm < b.xMm + b.widthMm - 0.02 &&
    b.xMm < a.xMm + a.widthMm - 0.02 &&
    a.yMm < b.yMm + b.heightMm - 0.02 &&
    b.yMm < a.yMm + a.heightMm - 0.02
  );
}

describe.each(figures)('%s', (_name, make) => {
  test.each(presetNames)('%s: as wide as asked, all text inside, no two texts overlap', (preset) => {
    const scene = layoutFigure(make(preset));
    expect(scene.widthMm).toBe(presets[preset].widthMm);
    expect(lintScene(scene)).toEqual([]);
    const texts = textsOf(scene);
    expect(texts.length).toBeGreaterThan(8);
    for (const { mark } of texts) expect(mark.sizePt).toBeGreaterThanOrEqual(5);
    for (let i = 0; i < texts.length; i++) {
      for (let j = i + 1; j < texts.length; j++) {
        const clash = overlaps(texts[i].box, texts[j].box);
        if (clash) expect.fail(`"${texts[i].text}" overlaps "${texts[j].text}"`);
      }
    }
  });

  test('no hyphen stands for a minus sign', () => {
    for (const { text } of textsOf(layoutFigure(make('nature-double'))))
      expect(text).not.toMatch(/(^|\s)-\d/);
  });
});

test('the four panels have one size and stand in line', () => {
  const images = [...leavesOf(layoutFigure(quadExample(24, 32, 'nature-double')).marks)].flatMap((leaf) =>
    leaf.mark.kind === 'image' && 'cols' in leaf.mark.image && leaf.mark.image.cols > 1
      ? [{ ...leaf.mark, image: leaf.mark.image, yMm: leaf.mark.yMm + leaf.yMm }]
      : [],
  );
  expect(images).toHaveLength(4);
  for (const image of images) {
    expect(image.widthMm).toBeCloseTo(image.heightMm, 9);
    expect(image.widthMm).toBeCloseTo(images[0].widthMm, 9);
    expect(image.yMm).toBeCloseTo(images[0].yMm, 9);
  }
  expect(images.map(({ image }) => [image.rows, image.cols])).toEqual([
    [24, 24],
    [32, 32],
    [24, 32],
    [24, 32],
  ]);
});

test('panel d shows columns and rows in the given order', () => {
  const between = { rows: 2, cols: 3, values: Float64Array.of(1, 2, 3, 4, 5, 6) };
  expect([...permuteMatrix(between, [2, 0, 1]).values]).toEqual([3, 1, 2, 6, 4, 5]);
  expect([...permuteMatrix(between, [0, 1, 2], [1, 0]).values]).toEqual([4, 5, 6, 1, 2, 3]);
  expect(() => permuteMatrix(between, [0, 1, 2], [1, 1])).toThrow('2 units of the first network');
  expect(() => permuteMatrix(between, [0, 0, 1])).toThrow('each of the 3 units');
  expect(() => permuteMatrix(between, [0, 1])).toThrow('each of the 3 units');
});

test('units without a match are left out of the dots and stay in the bars', () => {
  const figure = curvesExample(24, 'icml');
  const before = circles(layoutFigure(figure));
  (figure.data as unknown as { match: Float64Array }).match[3] = NaN;
  expect(circles(layoutFigure(figure))).toBe(before - 1);
});

const circles = (scene: Scene): number =>
  [...leavesOf(scene.marks)].filter(({ mark }) => mark.kind === 'circle').length;

test('layer names stand upright where they are wider than their bars', () => {
  const upright = (layers: string[]): number =>
    textsOf(layoutFigure(meansExample(layers, 3, 'icml'))).filter(
      ({ mark, text }) => mark.rotate === -90 && layers.includes(text),
    ).length;
  expect(upright(['conv1', 'conv2'])).toBe(0);
  expect(upright(Array.from({ length: 12 }, (_, at) => `block${at}.conv`))).toBe(12);
});

test('the correlation panels stand in the order of the view, their tables name the units', () => {
  const plain = quadExample(3, 3, 'icml');
  const data = plain.data as Extract<Figure, { spec: { kind: 'correlation-quad' } }>['data'];
  const order = { name: 'mean', a: Int32Array.of(2, 0, 1), b: Int32Array.of(1, 2, 0) } as const;
  const ordered = { ...data, order, orderA: order.a, orderB: Int32Array.of(0, 1, 2) };
  const shown = shownMatrices(ordered);
  const at = (unitA: number, unitB: number) => data.between.values[unitA * 3 + unitB];
  expect(shown.between.values[0]).toBe(at(2, 1));
  expect(shown.between.values[5]).toBe(at(0, 0));
  expect(shown.withinA.values[1]).toBe(data.withinA.values[2 * 3 + 0]);
  expect(shown.permuted.values[0]).toBe(at(2, 0));
  const [, within, between] = quadTables(ordered);
  expect(within.header.slice(1)).toEqual(['1', '2', '0']);
  expect([...between.rows].map(([unit]) => unit)).toEqual(['2', '0', '1']);
  const spec = { ...plain.spec, order: 'mean' } as SpecOf<'correlation-quad'>;
  expect(quadCaption(spec, ordered)).toContain('by their mean activation, largest first');
  expect(quadCaption(spec, data)).not.toContain('Units stand');
});

test('a layer without pairs is refused by name', () => {
  const figure = meansExample(['conv1'], 1, 'icml');
  expect(() => layoutFigure(figure)).toThrow('Layer conv1 has no network pair');
});

describe('spec', () => {
  const base = {
    version: 1,
    kind: 'correlation-quad',
    preset: 'icml',
    provenance: { project: 'P', resultIds: ['a'], software: 'S' },
  };

  test('fills in defaults and survives JSON', () => {
    const spec = figureSpecSchema.parse(base);
    expect(spec).toMatchObject({ colours: 'diverging' });
    expect(figureSpecSchema.parse(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  test.each([
    ['a later version', { ...base, version: 2 }],
    ['an unknown key', { ...base, colour: 'red' }],
    ['an empty range', { ...base, range: { min: 1, max: 1 } }],
    ['an unknown preset', { ...base, preset: 'poster' }],
  ])('refuses %s', (_what, input) => {
    expect(figureSpecSchema.safeParse(input).success).toBe(false);
  });
});

test('layer means with bootstrap intervals have whiskers, and say what they are', () => {
  const plain = meansExample(['conv1'], 3, 'icml');
  if (plain.spec.kind !== 'layer-means') throw new Error('The example is of another kind.');
  const data = plain.data as Extract<Figure, { spec: { kind: 'layer-means' } }>['data'];
  const interval = { semi: { low: 0.2, high: 0.9 }, match: { low: 0.3, high: 0.4 } };
  const figure = {
    spec: plain.spec,
    data: {
      ...data,
      layers: [{ ...data.layers[0], interval }],
      bootstrap: { level: 0.95, resamples: 1000 },
    },
  } as Figure;
  const lines = (scene: Scene) =>
    [...leavesOf(scene.marks)].filter(({ mark: { kind } }) => kind === 'line').length;
  const [before, after] = [layoutFigure(plain), layoutFigure(figure)];
  // Two whiskers of three lines, each over a lighter ground; three in the legend; one tick more for the higher end.
  expect(lines(after) - lines(before)).toBe(2 * 2 * 3 + 3 + 1);
  expect(textsOf(after).map(({ text }) => text)).toContain('95 % over images');
  expect(after.description).toContain('Whiskers: 95 % interval of the mean over 1,000 bootstrap resamples');
  expect(before.description).not.toContain('Whiskers');
  expect(tablesOf(figure)[0].header).toContain('match_high');
});
