import { beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { pageSpecSchema, type PageSpec } from '#core/figure/spec.ts';
import type { Session } from '#renderer/app/session.svelte.ts';
import { figureOfView } from '#renderer/features/export/view-figure.ts';
import type { SavedFigure } from '#core/ipc/areas/figure.ts';
import { failure, type FakeBackend } from './fake-backend.ts';
import { showWindow, textOf } from './show.ts';
import { projectWithAll } from './synthetic-analyses.ts';
import { makeProject } from './synthetic.ts';

beforeEach(() => localStorage.clear());

const two = pageSpecSchema.parse({
  version: 1,
  kind: 'page',
  preset: 'nature-double',
  columns: 2,
  source: { a: 'Net1', b: 'Net2', layer: 'conv1' },
  panels: [{ kind: 'correlation-quad', span: 2 }, { kind: 'layer-means' }, { kind: 'matching-curves' }],
});
const stored = (more: Partial<SavedFigure> = {}): SavedFigure => ({
  ...{ id: 'f1', name: 'Figure 2', page: two, createdAt: '2026-11-26T18:00:00.000Z' },
  ...{ savedAt: '2026-11-26T18:00:00.000Z', isStale: false, staleReason: null },
  ...more,
});

async function openFigures(options: Parameters<typeof showWindow>[0] = {}) {
  const shown = await showWindow({ project: projectWithAll(), ...options });
  await expect.element(shown.screen.getByTestId('view-overview')).toBeVisible();
  await userEvent.keyboard('f');
  await expect.element(shown.screen.getByTestId('figure-page')).toBeVisible();
  return shown;
}
const inputsOf = <T>(bridge: FakeBackend, method: string): T[] =>
  bridge.calls.filter((call) => call.method === method).map(({ input }) => input as T);
/** Waits until a page like this was asked for; thumbnails are asked for as well. */
const drew = (bridge: FakeBackend, wanted: (page: PageSpec) => boolean) =>
  expect
    .poll(() => inputsOf<{ page: PageSpec }>(bridge, 'figure.renderPage').some((input) => wanted(input.page)))
    .toBe(true);
/** The same, in whatever order the fields stand. */
const isSame = (one: unknown, other: unknown): boolean => {
  try {
    expect(one).toEqual(other);
    return true;
  } catch {
    return false;
  }
};
const value = (testId: string) =>
  document.querySelector<HTMLInputElement>(`[data-testid="${testId}"]`)?.value;
const savedNames = () =>
  [...document.querySelectorAll('[data-testid="saved-figures"] .name')].map((name) => name.textContent);
const state = () => textOf('figure-state');

describe('a figure of the gallery', () => {
  it('is edited, undone, redone and saved, by keyboard', async () => {
    const { screen, bridge } = await openFigures();
    expect(state()).toBe('Gallery');
    await screen.getByTestId('page-title').fill('What they share');
    await expect.poll(state).toBe('Not saved');
    await expect.poll(savedNames).toEqual(['Correlations, permuted by matching']);
    await drew(bridge, ({ title }) => title === 'What they share');
    await userEvent.keyboard('{Control>}z{/Control}');
    await expect.poll(() => value('page-title')).toBe('');
    await expect.poll(state).toBe('Gallery');
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}');
    await expect.poll(() => value('page-title')).toBe('What they share');
    await screen.getByTestId('figure-name').fill('  Figure 1 ');
    await userEvent.keyboard('{Control>}s{/Control}');
    await expect.poll(state).toBe('Saved');
    const [saved] = inputsOf<{ name: string; page: PageSpec }>(bridge, 'figure.save');
    expect(saved).toMatchObject({ name: 'Figure 1', page: { title: 'What they share' } });
    expect(savedNames()).toEqual(['Figure 1']);
    // What was looked at is not undone while figures are edited.
    await expect.element(screen.getByTestId('view-figures')).toBeVisible();
  });

  it('is left without a trace where nothing was edited', async () => {
    const { screen } = await openFigures();
    await screen.getByTestId('gallery-figures').getByText('Mean correlation by layer').click();
    await expect.poll(() => value('figure-name')).toBe('Mean correlation by layer');
    await screen.getByTestId('gallery-figures').getByText('Best and worst matched units').click();
    await expect.poll(() => value('figure-name')).toBe('Best and worst matched units');
    expect(savedNames()).toEqual([]);
  });

  it('is saved with all the others at once, and not twice', async () => {
    const { screen, bridge } = await openFigures();
    await screen.getByTestId('save-gallery').click();
    await expect.poll(() => savedNames().length).toBeGreaterThan(15);
    expect(savedNames()[0]).toBe('Correlations, permuted by matching');
    const count = inputsOf(bridge, 'figure.save').length;
    await screen.getByTestId('save-gallery').click();
    await expect.element(page.getByText('All of these figures are in the project already.')).toBeVisible();
    expect(inputsOf(bridge, 'figure.save')).toHaveLength(count);
  });
});

describe('what cannot be', () => {
  it('is said at its field; the picture and the page stay', async () => {
    const { screen, bridge } = await openFigures();
    const before = inputsOf(bridge, 'figure.renderPage').length;
    const svg = () => document.querySelector('[data-testid="figure-page"] .host')?.shadowRoot?.innerHTML;
    const picture = svg();
    await screen.getByTestId('page-width').fill('3');
    await expect.element(screen.getByText('At least 30.')).toBeVisible();
    await screen.getByTestId('page-width').fill('wide');
    await expect.element(screen.getByText('A number.')).toBeVisible();
    expect(svg()).toBe(picture);
    expect(state()).toBe('Gallery');
    await screen.getByTestId('page-width').fill('120,5');
    await drew(bridge, ({ widthMm }) => widthMm === 120.5);
    expect(document.querySelector('.problem')).toBeNull();
    expect(inputsOf(bridge, 'figure.renderPage').length).toBeGreaterThan(before);
  });

  it('is said over the last picture where only the layout can tell', async () => {
    const { screen } = await openFigures();
    const size = textOf('figure-size');
    await screen.getByTestId('page-columns').fill('12');
    await expect.element(screen.getByText(/take fewer columns or a wider page/)).toBeVisible();
    await expect.element(screen.getByTestId('figure-page')).toBeVisible();
    expect(textOf('figure-size')).toBe(size);
    await screen.getByTestId('page-columns').fill('2');
    await expect.poll(() => document.querySelector('.cannot')).toBeNull();
  });

  it('does not save: it says why and stays unsaved', async () => {
    const save = () => {
      throw failure('storage', 'The disk is full. Free some space and save again.');
    };
    const { screen } = await openFigures({ answers: { figure: { save } } });
    await screen.getByTestId('page-title').fill('T');
    await screen.getByTestId('figure-save').click();
    await expect.element(page.getByText(/The disk is full/)).toBeVisible();
    expect(state()).toBe('Not saved');
  });
});

describe('panels', () => {
  it('are selected on the page, moved, set, duplicated, added and removed', async () => {
    const { screen, bridge } = await openFigures({ figures: [stored()] });
    const drewKinds = (kinds: string) =>
      drew(bridge, ({ panels }) => panels.map(({ kind }) => kind).join(' ') === kinds);
    await screen.getByTestId('panel-1').click();
    await expect.element(screen.getByTestId('outline-1')).toHaveAttribute('aria-current', 'true');
    await userEvent.keyboard('{Alt>}{ArrowRight}{/Alt}');
    await drewKinds('correlation-quad matching-curves layer-means');
    await screen.getByTestId('outline-0').click();
    await screen.getByTestId('option-colours').selectOptions('grey, as in the paper');
    await screen.getByLabelText('Range, lower end').fill('-0.5');
    await expect.element(screen.getByText('Both ends, or none.')).toBeVisible();
    await screen.getByLabelText('Range, upper end').fill('0.5');
    const half = pageSpecSchema.parse({
      ...two,
      panels: [{ kind: 'correlation-quad', colours: 'paper-grey', range: { min: -0.5, max: 0.5 } }],
    }).panels[0];
    await drew(bridge, ({ panels }) => isSame(panels[0], { ...half, span: 2 }));
    await userEvent.keyboard('{Control>}d{/Control}');
    await drewKinds('correlation-quad correlation-quad matching-curves layer-means');
    await screen.getByTestId('panel-add').click();
    await page.getByTestId('add-code-scores').click();
    await drew(bridge, ({ panels }) => panels.at(2)?.kind === 'code-scores');
    await screen.getByTestId('outline-2').click();
    await userEvent.keyboard('{Delete}');
    const count = () =>
      document.querySelectorAll('[data-testid="figure-fields"], [data-testid^="outline-"]').length - 2;
    await expect.poll(count).toBe(4);
    for (let at = 0; at < 6; at++) await userEvent.keyboard('{Control>}z{/Control}');
    await expect.poll(() => state()).toBe('Saved');
  });

  it('show a pair and a layer of their own', async () => {
    const { screen, bridge } = await openFigures({ figures: [stored()], project: makeProject() });
    await screen.getByTestId('panel-2').click();
    await screen.getByTestId('panel-pair').selectOptions('Net2 – Net4');
    await screen.getByTestId('panel-layer').selectOptions('fc1');
    await drew(bridge, ({ panels }) =>
      isSame(panels[2], { ...two.panels[2], a: 'Net2', b: 'Net4', layer: 'fc1' }),
    );
    await screen.getByTestId('panel-pair').selectOptions('as the page: Net1 – Net2');
    await drew(bridge, ({ panels }) => isSame(panels[2], { ...two.panels[2], layer: 'fc1' }));
  });
});

it('a stale figure says why, and is updated', async () => {
  const staleReason = 'Panel b: the matching was computed anew.';
  const { screen, bridge } = await openFigures({ figures: [stored({ isStale: true, staleReason })] });
  await expect.poll(() => textOf('stale')).toContain(staleReason);
  await screen.getByRole('button', { name: 'Update Figure 2' }).click();
  await expect.poll(() => textOf('stale')).toBeNull();
  expect(inputsOf(bridge, 'figure.update')).toEqual([{ id: 'f1' }]);
});

describe('edits that are not saved', () => {
  it('stay when another figure or view is shown, and when the window is closed', async () => {
    const { screen } = await openFigures({ figures: [stored()] });
    await screen.getByTestId('page-title').fill('kept');
    await screen.getByTestId('gallery-figures').getByText('Mean correlation by layer').click();
    await screen.getByTestId('page-title').fill('also kept');
    await screen.getByTestId('rail-match').click();
    await screen.getByTestId('rail-figures').click();
    await expect.poll(() => value('page-title')).toBe('also kept');
    await screen.unmount();
    const again = await openFigures({ figures: [stored()] });
    await expect.poll(savedNames).toEqual(['Mean correlation by layer', 'Figure 2']);
    await again.screen.getByText('Figure 2', { exact: true }).click();
    await expect.poll(() => value('page-title')).toBe('kept');
    await again.screen.getByTestId('figure-more').click();
    await page.getByText('Back to what is saved').click();
    await expect.poll(() => value('page-title')).toBe('');
    await expect.poll(state).toBe('Saved');
  });

  it('are thrown away only when that is confirmed', async () => {
    const { screen, bridge } = await openFigures({ figures: [stored()] });
    await screen.getByTestId('figure-more').click();
    await page.getByText('Remove from the project…').click();
    await page.getByText('Keep it').click();
    expect(inputsOf(bridge, 'figure.remove')).toEqual([]);
    await screen.getByTestId('figure-more').click();
    await page.getByText('Remove from the project…').click();
    await page.getByTestId('remove-figure').click();
    await expect.poll(savedNames).toEqual([]);
    expect(inputsOf(bridge, 'figure.remove')).toEqual([{ id: 'f1' }]);
  });
});

describe('export', () => {
  it('writes and copies the open figure as it is edited', async () => {
    const { screen, bridge } = await openFigures({ figures: [stored()] });
    await screen.getByTestId('page-title').fill('T');
    await screen.getByTestId('figure-export').click();
    await page.getByTestId('export-png-600').click();
    await expect.element(page.getByText('Figure and 3 files beside it written to Pictures')).toBeVisible();
    expect(inputsOf<object>(bridge, 'figure.exportPageDialog')).toEqual([
      { page: { ...two, title: 'T' }, name: 'Figure 2', format: 'png', dpi: 600 },
    ]);
    await screen.getByTestId('figure-copy').click();
    await page.getByTestId('copy-svg').click();
    await expect.poll(() => inputsOf<{ format: string }>(bridge, 'figure.copy')[0]?.format).toBe('svg');
  });

  it('writes all figures of the project or the gallery into one folder', async () => {
    const { screen, bridge } = await openFigures({ figures: [stored()] });
    await screen.getByTestId('export-all-open').click();
    await page.getByLabelText('SVG').click();
    await page.getByTestId('export-all-run').click();
    await expect.poll(() => inputsOf(bridge, 'figure.exportAllDialog').length).toBe(1);
    expect(inputsOf<object>(bridge, 'figure.exportAllDialog')[0]).toEqual({
      figures: [{ name: 'Figure 2', page: two }],
      formats: ['pdf', 'png'],
      dpi: 600,
    });
    await expect.poll(() => page.getByTestId('export-all').query()).toBeNull();
    await screen.getByTestId('export-all-open').click();
    await page.getByTestId('all-gallery').click();
    await page.getByTestId('export-all-run').click();
    await expect
      .poll(() => inputsOf<{ figures: object[] }>(bridge, 'figure.exportAllDialog')[1]?.figures.length)
      .toBeGreaterThan(15);
  });

  it('from a view opens the figure of what it shows, as it is set there', async () => {
    const { screen, bridge } = await showWindow({ project: projectWithAll() });
    await screen.getByTestId('rail-correlation').click();
    const colours = () => document.querySelector<HTMLSelectElement>('select.colours');
    await expect.poll(colours).not.toBeNull();
    await userEvent.selectOptions(colours()!, 'paper-grey');
    await screen.getByTestId('correlation-order').selectOptions('match');
    (document.activeElement as HTMLElement).blur();
    await userEvent.keyboard('e');
    await expect.element(screen.getByTestId('figure-page')).toBeVisible();
    expect(value('figure-name')).toBe('Correlation, Net1 – Net2, conv1');
    const source = { run: 'run-1', a: 'Net1', b: 'Net2', layer: 'conv1' };
    const grey = { kind: 'correlation-quad', span: 1, newRow: false, colours: 'paper-grey', order: 'match' };
    await drew(
      bridge,
      (seen) => isSame(seen.source, source) && isSame(seen.panels, [{ ...grey, range: { min: -1, max: 1 } }]),
    );
    // Within Figures the same key offers the formats.
    (document.activeElement as HTMLElement).blur();
    await userEvent.keyboard('e');
    await expect.element(page.getByTestId('export-pdf')).toBeVisible();
  });
});

it('the figure of a space is seen from where its camera stands', () => {
  const seen = {
    frame: 'umap',
    azimuth: 30,
    elevation: -12.5,
    hasLinks: false,
    colouring: 'match',
    k: 0,
    zoom: 99,
  };
  const [run] = projectWithAll().runs;
  const choice = { run, a: 'Net1', b: 'Net2', layer: 'conv1' };
  const session = { choice, options: { state: { subspaces: seen } } } as unknown as Session;
  const panels = figureOfView(session, 'subspaces')?.page.panels;
  expect(panels?.map(({ kind }) => kind)).toEqual(['shared-space', 'canonical-correlations']);
  expect(panels?.[0]).toMatchObject({
    ...{ frame: 'profile', azimuth: 30, elevation: -12.5, links: false, colouring: 'match' },
    // What a figure cannot take is left as it is by itself.
    zoom: 1,
  });
  expect(panels?.[0]).not.toHaveProperty('k');
});
