import { describe, expect, it } from 'vitest';
import { captionOf } from '#core/figure/caption.ts';
import { galleryOf } from '#core/figure/gallery.ts';
import { lettersOf, placesOf } from '#core/figure/layout/page-grid.ts';
import { spread } from '#core/figure/layout/chart.ts';
import { layoutFigure } from '#core/figure/layout/layout-figure.ts';
import { lintScene } from '#core/figure/lint.ts';
import { bracketsOf } from '#core/figure/panels/cluster-joint.ts';
import { dendrogramCut } from '#core/figure/panels/dendrogram-cut.ts';
import { presetNames, presets } from '#core/figure/presets.ts';
import { readPageSpec } from '#core/figure/read-spec.ts';
import { leavesOf, panelBoxes, type ImageMark, type Scene, type TextMark } from '#core/figure/scene.ts';
import { pageSpecSchema, panelKindNames, type PageInput } from '#core/figure/spec.ts';
import { sceneToSvg } from '#core/figure/svg.ts';
import { tablesOf } from '#core/figure/table.ts';
import { analysisNames } from '#core/domain/recipe.ts';
import { pageExample } from './panel-examples.ts';
import { expectKept } from './svg-snapshot.ts';

const page = (more: Partial<PageInput>): PageInput => ({
  version: 1,
  kind: 'page',
  preset: 'nature-double',
  panels: [{ kind: 'layer-means' }],
  ...more,
});

const textsOf = (scene: Scene): { mark: TextMark; text: string; xMm: number; yMm: number }[] =>
  [...leavesOf(scene.marks)].flatMap(({ mark, xMm, yMm }) =>
    mark.kind === 'text' ? [{ mark, text: mark.runs.map(({ text }) => text).join(''), xMm, yMm }] : [],
  );

describe.each(panelKindNames)('a panel of kind %s', (kind) => {
  const one = () => pageExample({ preset: 'nature-double', panels: [{ kind }] });

  it('is drawn as kept, the same every time', async () => {
    const svg = sceneToSvg(layoutFigure(one()), { dpi: 12 });
    expect(sceneToSvg(layoutFigure(one()), { dpi: 12 })).toBe(svg);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|"-0"/);
    await expectKept(`panel-${kind}`, svg);
  });

  it.each(presetNames)('fits the page of %s without a warning', (preset) => {
    const scene = layoutFigure(pageExample({ preset, panels: [{ kind }] }));
    expect(scene.widthMm).toBe(presets[preset].widthMm);
    expect(lintScene(scene)).toEqual([]);
  });

  it('fits a thesis in a serif face', () => {
    const scene = layoutFigure(
      pageExample({ preset: 'thesis', type: { family: 'serif' }, panels: [{ kind }] }),
    );
    expect(lintScene(scene)).toEqual([]);
    for (const { mark } of textsOf(scene)) expect(mark.family).toBe('serif');
  });

  it('tells what is shown and lists its numbers', () => {
    const figure = one();
    expect(captionOf(figure)).toMatch(/^[A-Z].*\. Consilience 0\.1\.0, results 3f9c2a7be01d\.$/);
    const tables = tablesOf(figure);
    expect(tables.length).toBeGreaterThan(0);
    for (const { header, rows } of tables) {
      for (const row of rows) expect(row).toHaveLength(header.length);
    }
  });
});

describe('the grid', () => {
  it('aligns the boxes of a column and of a row', () => {
    const panels: PageInput['panels'] = [
      { kind: 'layer-map' },
      { kind: 'mapping-weights' },
      { kind: 'cluster-joint' },
      { kind: 'layer-map' },
    ];
    const scene = layoutFigure(pageExample({ preset: 'nature-double', columns: 2, panels }));
    // Matrices are wider than the colour bars beside them.
    const boxes = [...leavesOf(scene.marks)].flatMap(({ mark, xMm, yMm }) =>
      mark.kind === 'image' && mark.widthMm > 20 ? [{ x: mark.xMm + xMm, y: mark.yMm + yMm, mark }] : [],
    );
    expect(boxes).toHaveLength(4);
    const [a, b, c, d] = boxes;
    expect([c.x, d.x]).toEqual([a.x, b.x]);
    expect([b.y, d.y]).toEqual([a.y, c.y]);
    const rightOf = ({ x, mark }: { x: number; mark: ImageMark }) => x + mark.widthMm;
    expect(rightOf(c)).toBeCloseTo(rightOf(a), 9);
  });

  it('letters panels in order, Figure 1 with four, Science in capitals, a single one not at all', () => {
    const letters = (more: Partial<PageInput>) =>
      lettersOf(pageSpecSchema.parse(page(more)))
        .flat()
        .join('');
    const three: PageInput['panels'] = [
      { kind: 'code-scores' },
      { kind: 'correlation-quad' },
      { kind: 'layer-map' },
    ];
    expect(letters({ panels: three })).toBe('abcdef');
    expect(letters({ panels: three, preset: 'science-triple' })).toBe('ABCDEF');
    expect(letters({ panels: three, letters: 'none' })).toBe('');
    expect(letters({})).toBe('');
    expect(letters({ panels: [{ kind: 'code-scores', letter: 'x' }, { kind: 'layer-map' }] })).toBe('xa');
    const many = Array.from({ length: 28 }, () => ({ kind: 'layer-map' as const }));
    expect(letters({ panels: many })).toMatch(/yzaaab$/);
  });

  it('wraps panels that do not fit in what is left of a row', () => {
    const panels: PageInput['panels'] = [
      { kind: 'layer-map' },
      { kind: 'layer-map', span: 2 },
      { kind: 'layer-map', newRow: true },
      { kind: 'layer-map', span: 9 },
    ];
    expect(placesOf(pageSpecSchema.parse(page({ columns: 2, panels })))).toEqual([
      { row: 0, column: 0, span: 1 },
      { row: 1, column: 0, span: 2 },
      { row: 2, column: 0, span: 1 },
      { row: 3, column: 0, span: 2 },
    ]);
  });

  it('tells where every panel stands, side by side and within the page', () => {
    const panels: PageInput['panels'] = [
      { kind: 'layer-means' },
      { kind: 'matching-curves' },
      { kind: 'code-scores', span: 2 },
    ];
    const scene = layoutFigure(pageExample({ preset: 'nature-double', columns: 2, panels }));
    const boxes = panelBoxes(scene);
    expect(boxes).toHaveLength(3);
    const [a, b, c] = boxes;
    expect(b.yMm).toBe(a.yMm);
    expect(b.xMm).toBeGreaterThan(a.xMm + a.widthMm);
    expect(c.yMm).toBeGreaterThan(a.yMm + a.heightMm);
    expect(c.xMm + c.widthMm).toBeCloseTo(b.xMm + b.widthMm, 9);
    for (const { xMm, yMm, widthMm, heightMm } of boxes) {
      expect(xMm + widthMm).toBeLessThanOrEqual(scene.widthMm);
      expect(yMm + heightMm).toBeLessThanOrEqual(scene.heightMm);
    }
  });

  it('shows equal legends once', () => {
    const panels: PageInput['panels'] = [{ kind: 'matching-curves' }, { kind: 'matching-curves' }];
    const scene = layoutFigure(pageExample({ preset: 'nature-double', columns: 2, panels }));
    expect(textsOf(scene).filter(({ text }) => text === 'semi-match')).toHaveLength(1);
  });

  it('shows a colour bar that all panels share once, and each its own where they differ', () => {
    const bars = (panels: PageInput['panels']) =>
      textsOf(layoutFigure(pageExample({ preset: 'nature-double', columns: 2, panels }))).filter(
        ({ text }) => text === 'Linear CKA',
      );
    const map = { kind: 'layer-map' as const };
    expect(bars([map, map, map])).toHaveLength(1);
    expect(bars([map, { ...map, range: { min: 0, max: 0.5 } }])).toHaveLength(2);
    expect(bars([map])).toHaveLength(1);
  });

  it('shows the inputs of a mapping only where they are asked for', () => {
    const images = (inputs: 0 | 1 | 4) =>
      [
        ...leavesOf(
          layoutFigure(pageExample({ preset: 'neurips', panels: [{ kind: 'mapping-target', inputs }] }))
            .marks,
        ),
      ].filter(({ mark }) => mark.kind === 'image').length;
    expect(images(0)).toBe(0);
    // Three sources and the target.
    expect(images(1)).toBe(4);
    expect(images(4)).toBe(16);
  });

  it('shows a scene from the camera of the spec, framed where it is cut, each network apart in its own frame', () => {
    const draw = (more: object) => {
      const scene = layoutFigure(
        pageExample({ preset: 'icml', panels: [{ kind: 'shared-space', ...more }] as PageInput['panels'] }),
      );
      const [picture] = [...leavesOf(scene.marks)].flatMap(({ mark }) =>
        mark.kind === 'image' && 'draw' in mark.image ? [mark.image.draw(120, 90).rgb] : [],
      );
      return { picture, scene, texts: textsOf(scene).map(({ text }) => text) };
    };
    const home = draw({});
    expect(draw({ azimuth: 32, elevation: 20 }).picture).toEqual(home.picture);
    expect(draw({ azimuth: 33 }).picture).not.toEqual(home.picture);
    expect(home.texts).toEqual(expect.arrayContaining(['Net1', 'direction 1, ρ .90', 'match, r ≥ 0.5']));
    const frames = (scene: Scene) =>
      [...leavesOf(scene.marks)].filter(({ mark }) => mark.kind === 'rect' && mark.stroke).length;
    expect(frames(draw({ zoom: 2 }).scene)).toBe(frames(home.scene) + 1);
    const own = draw({ frame: 'own', colouring: 'cluster', hulls: true });
    expect(own.texts.filter((text) => text === 'Net1')).toHaveLength(2);
    expect(own.texts).toEqual(
      expect.arrayContaining(['component 1, 40 %', 'component 1, 50 %', 'cluster 1']),
    );
    expect(() => draw({ frame: 'profile' })).toThrow('no places in the frame "profile"');
  });

  it('refuses more columns than have room, and data for other panels', () => {
    const crowded = pageExample({ preset: 'nature-single', columns: 8, panels: [{ kind: 'layer-map' }] });
    expect(() => layoutFigure(crowded)).toThrow('take fewer columns');
    const figure = pageExample({ preset: 'icml', panels: [{ kind: 'layer-map' }] });
    (figure.data as { panels: unknown[] }).panels = [];
    expect(() => layoutFigure(figure)).toThrow('1 panels but data for 0');
  });

  it('takes type sizes, ranges and titles of the spec', () => {
    const scene = layoutFigure(
      pageExample({
        preset: 'nature-single',
        title: 'All of it',
        type: { textPt: 9, smallPt: 8 },
        panels: [{ kind: 'layer-map', title: 'Mine', range: { min: 0, max: 0.5 }, colours: 'paper-grey' }],
      }),
    );
    const sizes = new Set(textsOf(scene).map(({ mark }) => mark.sizePt));
    expect(sizes).toEqual(new Set([9, 8]));
    const texts = textsOf(scene).map(({ text }) => text);
    expect(texts).toEqual(expect.arrayContaining(['All of it', 'Mine', '0.5']));
    expect(texts).not.toContain('1.0');
  });
});

it('labels that would touch are moved apart, around what they name, and not below the box', () => {
  expect(spread([1, 9], 2)).toEqual([1, 9]);
  expect(spread([5, 5], 2)).toEqual([4, 6]);
  expect(spread([5, 5.5, 9], 2)).toEqual([4.25, 6.25, 9]);
  expect(spread([9, 10], 2, 10)).toEqual([8, 10]);
});

describe('a spec in a file', () => {
  it.each([
    ['{"version": 1', /^f\.json is no JSON/],
    [JSON.stringify(page({ preset: 'nature' as never })), /^f\.json: preset: .*docs\/figures\.md/],
    [
      JSON.stringify(page({ panels: [{ kind: 'layer-map', alpha: 3 } as never] })),
      /^f\.json: panels\.0: .*alpha/,
    ],
    [JSON.stringify(page({ panels: [{ kind: 'pie' } as never] })), /^f\.json: panels\.0\.kind/],
    [JSON.stringify({ ...page({}), version: 7 }), /figure of version 7; this program knows version 1/],
  ])('%s is refused by name', (text, message) => {
    expect(() => readPageSpec(text, 'f.json')).toThrow(message);
  });

  it('is read back as it was written', () => {
    const spec = pageSpecSchema.parse(page({}));
    expect(readPageSpec(JSON.stringify(spec), 'f.json')).toEqual(spec);
  });
});

describe('the gallery', () => {
  const run = {
    id: 'abc',
    networks: ['Net1', 'Net2', 'Net3'],
    layers: ['conv1', 'conv2'],
    pairs: [['Net1', 'Net2'] as [string, string]],
    analyses: new Set(analysisNames),
  };
  const place = { a: 'Net1', b: 'Net2', layer: 'conv2' };

  it('holds every kind of panel, in specs that are right', () => {
    const figures = galleryOf(run, place);
    const kinds = figures.flatMap(({ page: { panels } }) => panels.map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(new Set(panelKindNames));
    for (const figure of figures) expect(pageSpecSchema.safeParse(figure.page).success).toBe(true);
    expect(new Set(figures.map(({ name }) => name)).size).toBe(figures.length);
  });

  it('leaves out what was not computed', () => {
    const figures = galleryOf({ ...run, analyses: new Set(['matching']) }, place);
    const kinds = figures.flatMap(({ page: { panels } }) => panels.map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(
      new Set(['matched-units', 'matching-curves', 'layer-means', 'activation-means']),
    );
  });
});

it('a dendrogram joins leaves in the middle of their cells', () => {
  // Leaves 0 and 2 stand first and second, 1 and 3 after them.
  const brackets = bracketsOf([0, 2, 0.1, 2, 1, 3, 0.3, 2, 4, 5, 0.9, 4], [0, 2, 1, 3]);
  expect(brackets).toEqual([
    { left: 0.125, right: 0.375, leftHeight: 0, rightHeight: 0, height: 0.1 },
    { left: 0.625, right: 0.875, leftHeight: 0, rightHeight: 0, height: 0.3 },
    { left: 0.25, right: 0.75, leftHeight: 0.1, rightHeight: 0.3, height: 0.9 },
  ]);
});

it('a dendrogram is cut into neighbouring leaves, between the joins that it keeps and those it cuts', () => {
  const cut = (k: number) => dendrogramCut([0, 2, 0.1, 2, 1, 3, 0.3, 2, 4, 5, 0.9, 4], 4, [0, 2, 1, 3], k);
  expect(cut(1).groups).toEqual([{ from: 0, to: 4 }]);
  expect(cut(2)).toEqual({
    groups: [
      { from: 0, to: 2 },
      { from: 2, to: 4 },
    ],
    height: 0.6,
  });
  expect(cut(3).groups.map(({ to }) => to)).toEqual([2, 3, 4]);
  expect(cut(4).height).toBeCloseTo(0.05, 12);
  expect(cut(9).groups).toHaveLength(4);
});
