import { beforeEach, describe, expect, it } from 'vitest';
import { pageSpecSchema, panelKindNames, type PageInput, type PageSpec } from '#core/figure/spec.ts';
import type { ShownFigure } from '#core/ipc/areas/figure.ts';
import type { Result } from '#core/result.ts';
import { draftPlace, keepDrafts, readDrafts } from '#renderer/features/figures/drafts.ts';
import { Drawings } from '#renderer/features/figures/drawings.ts';
import { readNumber, stepped, writeNumber } from '#renderer/features/figures/fields/read-number.ts';
import { optionFields } from '#renderer/features/figures/option-fields.ts';
import {
  addPanel,
  changeKind,
  duplicatePanel,
  movePanel,
  removePanel,
  setPageField,
  setPanelFields,
  setSource,
  setType,
  type Edited,
} from '#renderer/features/figures/page-edits.ts';
import { PageHistory, pageText } from '#renderer/features/figures/page-history.svelte.ts';
import { writtenWords } from '#renderer/features/figures/written-words.ts';
import { rulerMarks, scaleOf, zoomStep } from '#renderer/features/figures/zoom.ts';
import { makeProject } from './synthetic.ts';

const pageOf = (more: Partial<PageInput> = {}): PageSpec =>
  pageSpecSchema.parse({
    version: 1,
    kind: 'page',
    preset: 'nature-double',
    columns: 2,
    panels: [{ kind: 'layer-means' }, { kind: 'correlation-quad', colours: 'paper-grey' }],
    ...more,
  });
const taken = (edited: Edited | null): PageSpec => {
  if (!edited?.ok) throw new Error(edited ? edited.message : 'no edit');
  return edited.page;
};
const refusal = (edited: Edited) => (edited.ok ? null : edited.message);

describe('the history of a page', () => {
  const start = { name: 'one', page: pageOf() };
  const titled = (title: string) => ({ name: 'one', page: pageOf({ title }) });

  it('goes back and forward, and a new edit forgets what was ahead', () => {
    const history = new PageHistory(start);
    expect(history.undo()).toBe(false);
    history.change(titled('a'), null, 0);
    history.change(titled('b'), null, 10);
    expect(history.undo()).toBe(true);
    expect(history.current.page.title).toBe('a');
    expect(history.undo()).toBe(true);
    expect(history.current).toBe(start);
    expect([history.canUndo, history.canRedo]).toEqual([false, true]);
    history.redo();
    history.redo();
    expect(history.current.page.title).toBe('b');
    expect(history.redo()).toBe(false);
    history.undo();
    history.change(titled('c'), null, 20);
    expect(history.canRedo).toBe(false);
  });

  it('takes the letters of one field for one step, until a pause, another field or an undo', () => {
    const history = new PageHistory(start);
    history.change(titled('F'), 'page title', 0);
    history.change(titled('Fi'), 'page title', 400);
    history.change(titled('Fig'), 'page title', 800);
    history.change({ ...titled('Fig'), name: 'two' }, 'name', 900);
    history.change({ ...titled('Figu'), name: 'two' }, 'page title', 1000);
    history.change({ ...titled('Figur'), name: 'two' }, 'page title', 9000);
    const seen: (string | undefined)[] = [];
    while (history.undo()) seen.push(`${history.current.name} ${history.current.page.title ?? ''}`);
    expect(seen).toEqual(['two Figu', 'two Fig', 'one Fig', 'one ']);
    history.redo();
    history.change(titled('Fig!'), 'page title', 9100);
    history.undo();
    expect(history.current.page.title).toBe('Fig');
  });

  it('keeps 200 steps, and none where nothing changed', () => {
    const history = new PageHistory(start);
    history.change({ name: 'one', page: pageOf() }, null);
    expect(history.canUndo).toBe(false);
    for (let at = 0; at < 230; at++) history.change(titled(String(at)), null, at);
    let steps = 0;
    while (history.undo()) steps++;
    expect(steps).toBe(200);
    expect(history.current.page.title).toBe('29');
  });
});

describe('edits of a page', () => {
  it('set and take away fields, and say in plain words what cannot be', () => {
    expect(taken(setPageField(pageOf(), 'widthMm', 100)).widthMm).toBe(100);
    expect('widthMm' in taken(setPageField(pageOf({ widthMm: 100 }), 'widthMm', undefined))).toBe(false);
    expect(refusal(setPageField(pageOf(), 'widthMm', 3))).toBe('At least 30.');
    expect(refusal(setPageField(pageOf(), 'widthMm', 3000))).toBe('At most 1000.');
    expect(refusal(setPageField(pageOf(), 'columns', 1.5))).toBe('A whole number.');
    expect(refusal(setPageField(pageOf(), 'title', 'x'.repeat(301)))).toBe('At most 300 characters.');
    expect(refusal(setPanelFields(pageOf(), 1, { range: { min: 1, max: 0 } }))).toBe(
      'The range needs min below max.',
    );
    const panels: PageInput['panels'] = [{ kind: 'mapping-target' }];
    expect(refusal(setPanelFields(pageOf({ panels }), 0, { alpha: 0 }))).toBe('More than 0.');
  });

  it('set sizes of type one by one', () => {
    const sized = taken(setType(taken(setType(pageOf(), 'textPt', 8)), 'linePt', 1));
    expect(sized.type).toEqual({ textPt: 8, linePt: 1 });
    const bare = taken(setType(taken(setType(sized, 'textPt', undefined)), 'linePt', undefined));
    expect('type' in bare).toBe(false);
    expect(
      taken(setSource(pageOf({ source: { a: 'N1', b: 'N2' } }), { a: undefined, layer: 'x' })).source,
    ).toEqual({ b: 'N2', layer: 'x' });
  });

  it('add, duplicate, move and remove panels', () => {
    const kinds = (page: PageSpec) => page.panels.map(({ kind }) => kind).join(' ');
    expect(kinds(taken(addPanel(pageOf(), 'code-scores', 0)))).toBe(
      'layer-means code-scores correlation-quad',
    );
    expect(kinds(taken(addPanel(pageOf(), 'code-scores', null)))).toMatch(/code-scores$/);
    expect(kinds(taken(duplicatePanel(pageOf(), 0)))).toBe('layer-means layer-means correlation-quad');
    expect(kinds(taken(movePanel(pageOf(), 0, 1)))).toBe('correlation-quad layer-means');
    expect(movePanel(pageOf(), 0, -1)).toBeNull();
    const single = taken(removePanel(pageOf(), 1));
    expect(kinds(single)).toBe('layer-means');
    expect(refusal(removePanel(single, 0))).toBe('A page keeps at least one panel.');
  });

  it('change the kind: place, title and what both kinds have stay', () => {
    const panels: PageInput['panels'] = [
      { kind: 'correlation-quad', colours: 'paper-grey', span: 2, title: 'T', layer: 'conv2' },
    ];
    const changed = taken(changeKind(pageOf({ panels }), 0, 'cluster-joint')).panels[0];
    expect(changed).toMatchObject({ kind: 'cluster-joint', colours: 'paper-grey', span: 2, title: 'T' });
    expect(changed.layer).toBe('conv2');
    const other = taken(changeKind(pageOf({ panels }), 0, 'layer-means')).panels[0];
    expect(other).toMatchObject({ kind: 'layer-means', dots: true, span: 2 });
    expect('colours' in other).toBe(false);
  });
});

it('every option of every kind of panel has a control with words', () => {
  for (const kind of panelKindNames) {
    const page = pageOf({ panels: [{ kind }] });
    const placement = ['kind', 'title', 'span', 'newRow', 'letter', 'heightMm', 'a', 'b', 'layer'];
    const set = Object.keys(page.panels[0]).filter((key) => !placement.includes(key));
    const fields = optionFields(kind);
    expect(fields.map(({ key }) => key)).toEqual(expect.arrayContaining(set));
    for (const field of fields) {
      expect(field.label).not.toBe('');
      expect(field.hint, `${kind} ${field.key}`).not.toBe('');
      if (field.control === 'choice') expect(field.choices.length).toBeGreaterThan(1);
    }
  }
  expect(optionFields('matched-units').find(({ key }) => key === 'inputs')).toMatchObject({
    control: 'choice',
    choices: [{ value: 1 }, { value: 4 }, { value: 9 }],
  });
  expect(optionFields('mapping-weights').map(({ control }) => control)).toEqual([
    'number',
    'choice',
    'range',
  ]);
});

it('numbers are read as people type them', () => {
  expect(['1,5', ' 7 ', '−0.5', '.5', '2.'].map(readNumber)).toEqual([1.5, 7, -0.5, 0.5, 2]);
  expect(['', 'x', '1.2.3', '5mm'].map(readNumber)).toEqual([NaN, NaN, NaN, NaN]);
  expect([-0.5, 0.0001, 89].map(writeNumber)).toEqual(['−0.5', '0.0001', '89']);
  expect(stepped(6.9, 0.5, 1)).toBe(7.5);
});

it('drafts are kept by project, and what is no page is passed over', () => {
  localStorage.clear();
  const place = draftPlace(makeProject());
  expect(keepDrafts(place, [{ name: 'x', page: pageOf(), savedId: 'f1' }])).toBe(true);
  expect(readDrafts(place)).toEqual([{ name: 'x', page: pageOf(), savedId: 'f1' }]);
  expect(readDrafts('another')).toEqual([]);
  localStorage.setItem(
    'consilience.figure-drafts',
    JSON.stringify({ [place]: [{ name: 'x', page: {} }, 7] }),
  );
  expect(readDrafts(place)).toEqual([]);
  localStorage.setItem('consilience.figure-drafts', '{');
  expect(readDrafts(place)).toEqual([]);
});

describe('pages to draw', () => {
  const drawn = { svg: '', widthMm: 1, heightMm: 1, caption: '', warnings: [] };
  let asked: { title: string; answer: (result: Result<ShownFigure>) => void }[] = [];
  let drawings: Drawings;
  beforeEach(() => {
    asked = [];
    drawings = new Drawings(
      (page) => new Promise((answer) => asked.push({ title: page.title ?? '', answer })),
    );
  });
  const finish = async () => {
    asked.at(-1)?.answer({ ok: true, value: drawn });
    await new Promise((resolve) => setTimeout(resolve));
  };

  it('are asked for one at a time: the edited one before thumbnails, its newest state alone', async () => {
    void drawings.drawThumbnail(pageOf({ title: 't1' }), () => true);
    void drawings.drawThumbnail(pageOf({ title: 't2' }), () => true);
    const gone = drawings.drawThumbnail(pageOf({ title: 't3' }), () => false);
    const older = drawings.drawEdited(pageOf({ title: 'e1' }));
    const newer = drawings.drawEdited(pageOf({ title: 'e2' }));
    expect(await older).toBeNull();
    for (let at = 0; at < 3; at++) await finish();
    expect(asked.map(({ title }) => title)).toEqual(['t1', 'e2', 't2']);
    expect(await newer).toEqual({ ok: true, value: drawn });
    expect(await gone).toBeNull();
  });

  it('are remembered by what they say, until results change', async () => {
    void drawings.drawEdited(pageOf({ title: 'x' }));
    await finish();
    expect(drawings.known(JSON.parse(pageText(pageOf({ title: 'x' }))) as PageSpec)).toBe(drawn);
    await drawings.drawEdited(pageOf({ title: 'x' }));
    expect(asked).toHaveLength(1);
    drawings.forget();
    expect(drawings.known(pageOf({ title: 'x' }))).toBeUndefined();
  });
});

it('the page fits its room, and zoom steps and rulers are round', () => {
  const page = { widthMm: 183, heightMm: 90 };
  const scale = scaleOf('fit', page, { width: 700, height: 500 });
  expect(183 * scale * (96 / 25.4)).toBeLessThanOrEqual(700 - 52);
  expect(scaleOf(1, page, { width: 10, height: 10 })).toBe(1);
  expect([zoomStep(0.87, 1), zoomStep(1, 1), zoomStep(1, -1), zoomStep(4, 1)]).toEqual([1, 1.5, 0.75, 4]);
  expect(
    rulerMarks(89, 3.78)
      .filter(({ isNamed }) => isNamed)
      .map(({ mm }) => mm),
  ).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80]);
});

it('tells what was written', () => {
  expect(writtenWords(['a.svg'], 'F')).toBe('Figure written to F');
  expect(writtenWords(['a.svg', 'a.csv', 'a.caption.txt'], 'F')).toBe(
    'Figure and 2 files beside it written to F',
  );
  expect(writtenWords(['a.svg', 'a.pdf', 'a.csv'], 'F')).toBe(
    '2 figure files and 1 file beside them written to F',
  );
});
