import { describe, expect, it } from 'vitest';
import type { ResultEntry } from '#core/domain/result.ts';
import { formulas } from '#core/report/formulas.ts';
import { markup, raw } from '#core/report/html.ts';
import { headlineWords, numbersTables, numberText } from '#core/report/numbers-tables.ts';
import { reportPage, type ReportContent } from '#core/report/report-page.ts';
import { layoutFigure } from '#core/figure/layout/layout-figure.ts';
import { panelKindNames } from '#core/figure/spec.ts';
import { sceneToSvg } from '#core/figure/svg.ts';
import { pageExample } from '../figure/panel-examples.ts';
import { themedSvg } from '#core/report/themed-svg.ts';

describe('html', () => {
  it('escapes values, lets its own markup through and leaves out what is not there', () => {
    const list = ['<a>', 'b & c'].map((text) => markup`<li>${text}</li>`);
    const made = markup`<ul title="${'"x"'}">${list}${false}${undefined}${3}${raw('<hr>')}</ul>`;
    expect(made.html).toBe('<ul title="&quot;x&quot;"><li>&lt;a&gt;</li><li>b &amp; c</li>3<hr></ul>');
  });
});

describe('numbers', () => {
  it.each([
    [1176000, '1,176,000'],
    [-3, '−3'],
    [-0.012345, '−0.01235'],
    [0, '0'],
    [0.5135, '0.5135'],
    [NaN, '–'],
  ])('%d is written %s', (value, text) => expect(numberText(value)).toBe(text));

  it('names of the headline become words', () => {
    expect(['heldOutMatchMean', 'linearCka', 'unitsA'].map(headlineWords)).toEqual([
      'held-out match mean',
      'linear cka',
      'units A',
    ]);
  });

  it('are listed by analysis, pair and layer, wide tables in parts, lists left out', () => {
    const entry = (analysis: string, b: string, headline: ResultEntry['headline']): ResultEntry =>
      ({
        id: b,
        analysis,
        a: { network: 'A', layer: 'l' },
        b: { network: b, layer: 'l' },
        params: {},
        headline,
      }) as never;
    const wide = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`key${at}`, at]));
    const tables = numbersTables([
      entry('matching', 'C', { matchMean: 0.25, points: [1, 2] }),
      entry('matching', 'B', { matchMean: 0.5 }),
      entry('subspaces', 'B', wide),
    ]);
    expect(tables.map(({ title, columns }) => [title, columns.length])).toEqual([
      ['matching', 3],
      ['subspaces, 1 of 2', 12],
      ['subspaces, 2 of 2', 4],
    ]);
    expect(tables[0].rows).toEqual([
      ['A–B', 'l', '0.5000'],
      ['A–C', 'l', '0.2500'],
    ]);
  });
});

describe('the page', () => {
  const content: ReportContent = {
    title: 'A <b> & "c"',
    subtitle: 'sub',
    findings: ['conv1: r < 1.'],
    figures: [
      {
        label: 'One',
        drawing: themedSvg(
          '<svg>\n<text fill="#112233">x</text>\n</svg>',
          '<svg>\n<text fill="#ddeeff">x</text>\n</svg>',
        ),
        caption: 'What & why.',
      },
    ],
    leftOut: ['no pictures'],
    methods: {
      sections: [{ heading: 'Matching', paragraphs: [['As before ', { cite: ['li2016convergent'] }, '.']] }],
      references: ['li2016convergent'],
    },
    analyses: new Set(['matching', 'subspaces']),
    tables: [{ title: 'matching', columns: ['networks', 'r'], rows: [['A–B', '0.5']] }],
    provenance: [['data', 'SHA-256 1234']],
    recipe: 'title: "<x>"',
  };
  const page = reportPage(content, {
    policy: "default-src 'none'",
    fonts: { regular: 'AA', bold: 'BB', italic: 'CC' },
  });

  it('escapes what comes from the project and keeps figures as they are', () => {
    expect(page).toContain('<title>A &lt;b&gt; &amp; &quot;c&quot;</title>');
    expect(page).toContain('conv1: r &lt; 1.');
    expect(page).toContain('title: &quot;&lt;x&gt;&quot;');
    expect(page).toContain('<text fill="var(--c112233-ddeeff)">x</text>');
    expect(page).toMatch(
      /:root\{--c112233-ddeeff:#112233\}@media screen and \(prefers-color-scheme:dark\)\{:root\{--c112233-ddeeff:#ddeeff\}\}/,
    );
    expect(page).toContain('What &amp; why.');
  });

  it('has the policy, formulas of what was run only, and every citation with its work', () => {
    expect(page).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'"`);
    expect(page.match(/<math /g)).toHaveLength(2);
    expect(page).toContain('href="#reference-1"');
    expect(page).toContain('id="reference-1"');
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it('loads nothing from outside', () => {
    expect(page).not.toMatch(/<script|<link|<iframe|src="http|url\(http|@import/);
  });
});

it('every formula is well-formed MathML', () => {
  for (const { formula } of formulas) {
    const open: string[] = [];
    for (const [, close, name] of formula.html.matchAll(/<(\/?)([a-z]+)[^>]*>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  }
});

describe('a figure in the colours of the page', () => {
  it('has properties where the themes differ, and both pictures', () => {
    const { svg, colours } = themedSvg(
      '<svg fill="#ffffff" stroke="#123456">\n<image a="1"/>\n</svg>',
      '<svg fill="#000000" stroke="#123456">\n<image a="2"/>\n</svg>',
    );
    expect(svg).toBe(
      '<svg fill="var(--cffffff-000000)" stroke="#123456">\n<image class="on-light" a="1"/>\n<image class="on-dark" a="2"/>\n</svg>',
    );
    expect(colours).toEqual([['#ffffff', '#000000']]);
  });

  it('is refused where the themes differ in more', () => {
    expect(() => themedSvg('<a x="1"/>', '<a x="2"/>')).toThrow('more than their colours');
    expect(() => themedSvg('<a/>', '<a/>\n')).toThrow('more than their colours');
  });

  it.each(panelKindNames)('is drawn so of kind %s', (kind) => {
    const [light, dark] = (['light', 'dark'] as const).map((theme) =>
      sceneToSvg(layoutFigure(pageExample({ preset: 'neurips', panels: [{ kind }] }), theme), { dpi: 10 }),
    );
    expect(themedSvg(light, dark).colours).toContainEqual(['#ffffff', '#0f1216']);
  });
});
