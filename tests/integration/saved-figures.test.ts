import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { pageSpecSchema, type PageInput } from '#core/figure/spec.ts';
import type { SavedFigure, ShownFigure } from '#core/ipc/areas/figure.ts';
import type { Result } from '#core/result.ts';
import type { DatabaseService } from '#main/app/services.ts';
import { createFigureService } from '#main/export/figure-service.ts';
import { createDispatcher } from '#main/ipc/dispatcher.ts';
import { handlers } from '#main/ipc/handlers/index.ts';
import { addRun, figureProject } from '../fixtures/figure-project.ts';
import { runCommand } from '../fixtures/command-line.ts';
import { fakeWorld, type FakeWorld } from '../unit/main/ipc/fake-context.ts';

/** The handlers of figures over a real project file, as the window calls them. */

const root = mkdtempSync(join(tmpdir(), 'consilience-figures-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const page = (panels: PageInput['panels'], more: Partial<PageInput> = {}): PageInput => ({
  version: 1,
  kind: 'page',
  preset: 'neurips',
  panels,
  ...more,
});
const means = page([{ kind: 'layer-means' }]);
const two = page([{ kind: 'layer-means' }, { kind: 'matching-curves', layer: 'conv2' }], { columns: 2 });

let folder = '';
let database: DatabaseService;
let world: FakeWorld;

async function openWorld(): Promise<void> {
  folder = mkdtempSync(join(root, 'project-'));
  database = await figureProject(folder);
  world = fakeWorld();
  const session = { ...world.context.session, required: () => ({ database, jobs: undefined as never }) };
  world.context = { ...world.context, session, figures: createFigureService() };
}

const dispatch = createDispatcher(handlers, { error: (message, error) => console.error(message, error) });

async function ask<T>(method: string, input: object): Promise<T> {
  const result = (await dispatch('figure', method, input, world.context)) as Result<T>;
  if (result.ok) return result.value;
  throw Object.assign(new Error(result.error.message), { code: result.error.code });
}

const saved = () => ask<SavedFigure[]>('saved', {});
const save = (name: string, of: PageInput, id?: string) => ask<SavedFigure>('save', { id, name, page: of });

beforeEach(openWorld);

describe('figures in the project', () => {
  it('are kept, the one saved last first, and come back after reopening with defaults filled in', async () => {
    const one = await save('One', means);
    const other = await save(' Two ', two);
    expect(other).toMatchObject({ name: 'Two', isStale: false, staleReason: null });
    expect((await saved()).map(({ name }) => name)).toEqual(['Two', 'One']);
    const again = await save('One, wider', page(means.panels, { widthMm: 120 }), one.id);
    expect(again).toMatchObject({ id: one.id, createdAt: one.createdAt });
    expect((await saved()).map(({ name }) => name)).toEqual(['One, wider', 'Two']);
    expect((await saved())[0].page).toEqual(pageSpecSchema.parse(page(means.panels, { widthMm: 120 })));
    const { path } = database;
    await database.close();
    database = await (await import('#main/database/client.ts')).openDatabase(path, 'open');
    expect((await saved()).map(({ name }) => name)).toEqual(['One, wider', 'Two']);
  });

  it('are renamed and removed; a figure that is gone is told so', async () => {
    const { id } = await save('One', means);
    expect(await ask('rename', { id, name: 'Figure 1' })).toMatchObject({ id, name: 'Figure 1' });
    expect(await ask('remove', { id })).toEqual({ removed: true });
    expect(await saved()).toEqual([]);
    for (const [method, input] of [
      ['rename', { id, name: 'x' }],
      ['remove', { id }],
      ['update', { id }],
      ['save', { id, name: 'x', page: means }],
    ] as const) {
      await expect(ask(method, input), method).rejects.toMatchObject({
        code: 'not-found',
        message: expect.stringContaining('not in the project any more'),
      });
    }
  });

  it('need a project, a name and a page', async () => {
    for (const input of [
      { name: '', page: means },
      { name: '   ', page: means },
      { name: 'x'.repeat(201), page: means },
      { name: 'x', page: { ...means, panels: [] } },
      { name: 'x', page: { ...means, panels: [{ kind: 'pie' }] } },
      { name: 'x', page: means, path: '/etc/passwd' },
    ]) {
      await expect(ask('save', input)).rejects.toMatchObject({ code: 'bad-request' });
    }
    expect(await saved()).toEqual([]);
    const { session } = fakeWorld().context;
    world.context = { ...world.context, session };
    const copied = { page: means, format: 'svg', dpi: 300 };
    const all = { figures: [{ name: 'x', page: means }], formats: ['svg'], dpi: 300 };
    for (const [method, input] of [
      ['saved', {}],
      ['save', { name: 'x', page: means }],
      ['rename', { id: 'a', name: 'x' }],
      ['remove', { id: 'a' }],
      ['update', { id: 'a' }],
      ['copy', copied],
      ['exportAllDialog', all],
      ['exportPageDialog', { page: means, name: 'x', format: 'svg', dpi: 300 }],
      ['openSpecDialog', {}],
      ['panelKinds', { runId: 'first' }],
      ['gallery', { runId: 'first' }],
      ['renderPage', { page: means, theme: 'light' }],
    ] as const) {
      await expect(ask(method, input), method).rejects.toThrow('No project is open');
    }
  });
});

describe('a saved figure is behind the project', () => {
  it('when the newest run, which it takes, has other results; update takes those', async () => {
    const { id } = await save('Both', two);
    await addRun(database, folder, 'second');
    const [stale] = await saved();
    expect(stale.isStale).toBe(true);
    expect(stale.staleReason).toBe(
      'Panel a was drawn from matching first-ma… (and 1 more); the newest run now has a newer one, second-m….',
    );
    const { createdAt } = stale;
    expect(await ask('update', { id })).toMatchObject({ id, createdAt, isStale: false, staleReason: null });
    expect((await saved())[0].page.source.run).toBeUndefined();
  });

  it('not when a run was added that has the same results and more', async () => {
    await save('Both', two);
    await save('Named run', page(two.panels, { source: { run: 'first' } }));
    await addRun(database, folder, 'extended', { results: 'first' });
    expect((await saved()).map(({ isStale }) => isStale)).toEqual([false, false]);
  });

  it('when the same question was asked again since, though it names its run; update names the later run', async () => {
    const named = page(two.panels, { source: { run: 'first' } });
    const { id } = await save('Named', named);
    await addRun(database, folder, 'other', { title: 'Another question' });
    await addRun(database, folder, 'elsewhere', { networks: ['Net1', 'Net9'] });
    expect((await saved())[0].isStale).toBe(false);
    await addRun(database, folder, 'second');
    expect((await saved())[0].staleReason).toContain('a later run of "Digits" now has a newer one');
    // Saved as it is, it is meant to show the older run.
    await save('Meant', named);
    expect((await saved())[0]).toMatchObject({ name: 'Meant', isStale: false });
    const updated = await ask<SavedFigure>('update', { id });
    expect(updated).toMatchObject({ isStale: false });
    expect(updated.page.source.run).toBe('second');
  });

  it('when the run has no longer what a panel shows, which update says too', async () => {
    const { id } = await save('Curves', page([{ kind: 'matching-curves' }, { kind: 'layer-means' }]));
    await addRun(database, folder, 'second', { analyses: ['correlation'] });
    const reason =
      'Panel a cannot be drawn any more: The matching of Net1 and Net2, layer conv1 is not in this run';
    expect((await saved())[0].staleReason).toContain(reason);
    await expect(ask('update', { id })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('The matching of Net1 and Net2'),
    });
    expect((await saved())[0].isStale).toBe(true);
  });

  it('when it had nothing to show and has now; one of a run that is not here takes the newest', async () => {
    await save('Code', page([{ kind: 'correlation-quad' }], { source: { run: 'later' } }));
    const [figure] = await saved();
    expect(figure.isStale).toBe(false);
    expect(await ask<SavedFigure>('update', { id: figure.id })).toMatchObject({
      isStale: false,
      page: { source: { run: 'first' } },
    });
  });
});

describe('panels and galleries', () => {
  it('are told for the pair and layer, with what is missing', async () => {
    const kinds = await ask<{ kind: string; isAvailable: boolean; whyNot: string | null; hint: string }[]>(
      'panelKinds',
      { runId: 'first', layer: 'conv2' },
    );
    const of = (wanted: string) => kinds.find(({ kind }) => kind === wanted);
    for (const kind of ['correlation-quad', 'matching-curves', 'layer-means', 'activation-means'])
      expect(of(kind)).toMatchObject({ isAvailable: true, whyNot: null });
    expect(of('code-scores')).toMatchObject({ isAvailable: false });
    expect(of('code-scores')?.whyNot).toMatch(/^The code of Net1 and Net2, layer conv2 is not in this run/);
    expect(of('matched-units')?.whyNot).toContain('not stored as pictures');
    for (const { hint } of kinds) expect(hint).toMatch(/\.$/);
    await expect(ask('panelKinds', { runId: 'first', layer: 'conv9' })).rejects.toThrow(
      'no layer "conv9"; it has conv1, conv2',
    );
    await expect(ask('panelKinds', { runId: 'gone' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('are drawn in the theme of the window', async () => {
    const gallery = await ask<{ name: string; page: PageInput }[]>('gallery', { runId: 'first' });
    expect(gallery.map(({ name }) => name)).toContain('04-layer-means');
    const light = await ask<ShownFigure>('renderPage', { page: gallery[0].page, theme: 'light' });
    const dark = await ask<ShownFigure>('renderPage', { page: gallery[0].page, theme: 'dark' });
    expect(light.svg).toMatch(/<svg /);
    expect(dark.svg).not.toBe(light.svg);
    expect(dark.caption).toBe(light.caption);
    await expect(ask('gallery', { runId: 'gone' })).rejects.toMatchObject({ code: 'not-found' });
    const broken = page([{ kind: 'code-scores' }]);
    await expect(ask('renderPage', { page: broken, theme: 'light' })).rejects.toThrow('add it to the recipe');
  });
});

describe('exports', () => {
  const exportAll = (names: string[], formats = ['svg']) =>
    ask<{ files: string[]; folder: string }>('exportAllDialog', {
      figures: names.map((name) => ({ name, page: means })),
      formats,
      dpi: 72,
    });

  it('end quietly when a person cancels', async () => {
    const single = { page: means, name: 'x', format: 'svg', dpi: 300 };
    expect(await ask('exportPageDialog', single)).toEqual({ cancelled: true });
    expect(await exportAll(['x'])).toEqual({ cancelled: true });
    expect(await ask('openSpecDialog', {})).toEqual({ cancelled: true });
  });

  it('write one figure with data, caption and spec beside it, under the chosen name', async () => {
    world.dialogs.save = join(folder, 'Fig. 2 v1.3');
    const done = await ask('exportPageDialog', { page: means, name: 'x', format: 'svg', dpi: 300 });
    const files = ['svg', 'means.csv', 'pairs.csv', 'caption.txt', 'figure.json'].map(
      (ending) => `Fig. 2 v1.3.${ending}`,
    );
    expect(done).toMatchObject({ files });
    for (const file of files) expect(readFileSync(join(folder, file)).length, file).toBeGreaterThan(20);
  });

  it('write all figures to one folder; separators, equal names and case make no file overwrite another', async () => {
    const out = (world.dialogs.folder = join(folder, 'out'));
    mkdirSync(out);
    const { files } = await exportAll(
      ['../../up', 'a/b', 'A\\B', 'a:b', 'CON', '..', 'Köln 概念'],
      ['svg', 'png'],
    );
    const stems = ['up', 'a_b', 'A_B-2', 'a_b-3', 'CON_', 'figure', 'Köln_概念'];
    expect(files.filter((file) => file.endsWith('.svg'))).toEqual(stems.map((stem) => `${stem}.svg`));
    expect(readdirSync(out).sort()).toEqual([...files].sort());
    expect(files).toHaveLength(stems.length * 6);
    expect(readdirSync(folder)).not.toContain('up.svg');
  });

  it('replace an earlier export, and nothing else', async () => {
    const out = (world.dialogs.folder = join(folder, 'out'));
    mkdirSync(out);
    writeFileSync(join(out, 'means.csv'), 'mine');
    expect((await exportAll(['means'])).files[0]).toBe('means-2.svg');
    expect((await exportAll(['means'])).files[0]).toBe('means-2.svg');
    expect(readFileSync(join(out, 'means.csv'), 'utf8')).toBe('mine');
  });

  it('say which folder cannot be written, and which figure cannot be drawn', async () => {
    world.dialogs.folder = join(folder, 'none');
    await expect(exportAll(['x'])).rejects.toMatchObject({ code: 'storage' });
    world.dialogs.save = join(folder, 'figures.consilience', 'x.svg');
    const single = { page: means, name: 'x', format: 'svg', dpi: 300 };
    await expect(ask('exportPageDialog', single)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(
        /x\.svg could not be written: .* is no folder\. Make it, or choose another/,
      ),
    });
    const out = (world.dialogs.folder = join(folder, 'out'));
    mkdirSync(out);
    const figures = [
      { name: 'Bad', page: page([{ kind: 'code-scores' }]) },
      { name: 'Good', page: means },
    ];
    await expect(ask('exportAllDialog', { figures, formats: ['svg'], dpi: 72 })).rejects.toMatchObject({
      code: 'run-failed',
      message: expect.stringMatching(
        /^1 of 2 figures were written to .*out\. Not written: "Bad": The code of/,
      ),
    });
    expect(readdirSync(out)).toContain('Good.svg');
  });

  it('go to the clipboard on white', async () => {
    expect(await ask('copy', { page: means, format: 'svg', dpi: 300 })).toEqual({ copied: true });
    const light = await ask<ShownFigure>('renderPage', { page: means, theme: 'light' });
    expect(world.events.at(-1)).toBe(`clipboard ${light.svg}`);
    await ask('copy', { page: means, format: 'png', dpi: 72 });
    expect(world.events.at(-1)).toMatch(/^clipboard \d{4,} bytes$/);
    await expect(ask('copy', { page: means, format: 'pdf', dpi: 72 })).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});

describe('a spec file', () => {
  it('is read with its name; what is wrong in it is named', async () => {
    const path = join(folder, 'fig2.figure.json');
    world.dialogs.open = [path];
    writeFileSync(path, JSON.stringify(means));
    expect(await ask('openSpecDialog', {})).toEqual({ name: 'fig2', page: pageSpecSchema.parse(means) });
    for (const [text, problem] of [
      ['{', /fig2\.figure\.json is no JSON/],
      ['{"version": 9, "kind": "page"}', /version 9; this program knows version 1/],
      ['{"version": 1, "kind": "page", "preset": "neurips", "panels": [{"kind": "pie"}]}', /panels\.0\.kind/],
      [' '.repeat(5 * 1024 * 1024), /larger than 4 MB/],
    ] as const) {
      writeFileSync(path, text);
      await expect(ask('openSpecDialog', {})).rejects.toMatchObject({
        code: 'bad-request',
        message: expect.stringMatching(problem),
      });
    }
    world.dialogs.open = [join(folder, 'gone.json')];
    await expect(ask('openSpecDialog', {})).rejects.toThrow('gone.json cannot be read');
  });
});

describe('the command line', () => {
  it('writes the bytes that the window writes, from the spec and from the project', async () => {
    await save('Mine', two);
    await save('Other', means);
    const [window, figure, kept] = ['window', 'figure', 'kept'].map((name) => join(folder, name));
    for (const at of [window, figure, kept]) mkdirSync(at);
    world.dialogs.folder = window;
    const formats = ['svg', 'pdf', 'png'];
    await ask('exportAllDialog', { figures: [{ name: 'Mine', page: two }], formats, dpi: 96 });
    await database.close();
    const command = (...args: string[]) => runCommand(['export', database.path, ...args, '--dpi', '96']);
    expect(await command('--figure', join(window, 'Mine.figure.json'), '--out', figure)).toMatchObject({
      status: 0,
    });
    expect(await command('--figure-name', 'Mine', '--out', kept)).toMatchObject({ status: 0, stderr: '' });
    const files = readdirSync(window).sort();
    expect(files).toHaveLength(8);
    for (const at of [figure, kept]) {
      expect(readdirSync(at).sort()).toEqual(files);
      for (const file of files)
        expect(readFileSync(join(at, file)).equals(readFileSync(join(window, file))), file).toBe(true);
    }
    const all = join(folder, 'all');
    expect(await command('--saved', '--out', all, '--format', 'svg')).toMatchObject({ status: 0 });
    expect(readdirSync(all).filter((file) => file.endsWith('.svg'))).toEqual(['Mine.svg', 'Other.svg']);
    const none = await command('--figure-name', 'None', '--out', all);
    expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('it has "Other", "Mine"') });
  }, 60_000);
});
