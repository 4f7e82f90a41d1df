import { page, userEvent } from 'vitest/browser';
import { beforeEach, describe, expect, it } from 'vitest';
import { paneState, showWindow, textOf } from './show.ts';
import { projectWithAll } from './synthetic-analyses.ts';

/** Clusters and sparse maps as a person works with them: by keyboard, by hand, and back again. */

beforeEach(() => localStorage.clear());

const drawn = (testid: string) =>
  expect
    .poll(() => Number(document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.dataset.drawn), {
      timeout: 5000,
    })
    .toBeGreaterThan(0);
const focus = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.focus();
const finding = () => expect.poll(() => textOf('finding'), { timeout: 5000 });
const pressed = () =>
  [...document.querySelectorAll('[data-testid^="cluster-card"] [aria-pressed="true"]')].map((button) =>
    button.textContent.replace(/\s+/g, ' ').trim(),
  );

async function show(view: string, label: string) {
  const shown = await showWindow({ project: projectWithAll() });
  await shown.screen.getByTestId(`rail-${view}`).click();
  await expect.poll(() => paneState(label), { timeout: 5000 }).toBe('ready');
  return shown;
}

describe('clusters', () => {
  it('are cut by keyboard at any number, and Undo brings the cut before back', async () => {
    await show('clusters', 'Clusters');
    await drawn('dendrogram');
    focus('dendrogram');
    await userEvent.keyboard('{ArrowRight}{ArrowRight}');
    await finding().toMatch(/is cut into 6 groups \(normalised cut \d\.\d+\)/);
    expect(document.querySelectorAll('[data-testid^="cluster-card"]')).toHaveLength(6);
    expect(textOf('Groups')).toMatch(/Stability and average inputs are of stored cuts only \(4\)/);
    await userEvent.keyboard('{End}');
    await finding().toMatch(/48 groups/);
    await userEvent.keyboard('{Control>}z{/Control}');
    await finding().toMatch(/form 4 groups/);
  });

  it('of a cut that is not stored can be stored, beside those that are', async () => {
    const { screen, bridge } = await show('clusters', 'Clusters');
    expect(document.querySelector('[data-testid="store-cut"]')).toBeNull();
    await screen.getByTestId('cut-slider').fill('6');
    await finding().toMatch(/cut into 6 groups/);
    await screen.getByTestId('store-cut').click();
    await expect
      .poll(() => bridge.calls)
      .toContainEqual({
        method: 'analysis.add',
        input: { runId: 'run-1', analyses: ['spectral-clusters'], cuts: [4, 6] },
      });
  });

  it('of a stored cut are chosen by button, eigenvalue or slider', async () => {
    const { screen } = await show('clusters', 'Clusters');
    await screen.getByTestId('cut-slider').fill('7');
    await finding().toMatch(/cut into 7 groups/);
    await screen.getByTestId('stored-cut-4').click();
    await finding().toMatch(/form 4 groups/);
    await screen.getByRole('button', { name: 'Cut into 3 groups' }).click();
    await finding().toMatch(/cut into 3 groups/);
  });

  it('are selected by card with all of their units, and again to let go', async () => {
    const { screen } = await show('clusters', 'Clusters');
    const card = screen.getByTestId('cluster-card-2').getByRole('button');
    await card.click();
    expect(pressed()).toEqual(['2 6 units']);
    await card.click();
    expect(pressed()).toEqual([]);
  });

  it('are selected from the matrix by keyboard, and stay so in another cut as far as they go', async () => {
    const { screen } = await show('clusters', 'Clusters');
    await screen.getByTestId('cluster-order').selectOptions('groups');
    await drawn('joint-matrix');
    expect(document.querySelector('[data-testid="dendrogram"]')).toBeNull();
    focus('joint-matrix');
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(pressed()).toEqual(['1 14 units']);
    await screen.getByTestId('cut-slider').fill('2');
    await expect.poll(() => textOf('Groups'), { timeout: 5000 }).toMatch(/14 selected|14 units/);
  });

  it('of one network are a filter and a group of their own', async () => {
    const { screen } = await show('clusters', 'Clusters');
    await screen.getByTestId('cluster-filter-one').click();
    expect(document.querySelectorAll('[data-testid^="cluster-card"]')).toHaveLength(1);
    await screen.getByTestId('own-units-Net1').click();
    expect(pressed()).toEqual(['2 6 units']);
    await screen.getByTestId('cluster-filter-shared').click();
    expect(document.querySelectorAll('[data-testid^="cluster-card"]')).toHaveLength(3);
    await userEvent.keyboard('{Control>}z{/Control}');
    await expect.poll(() => document.querySelectorAll('[data-testid^="cluster-card"]').length).toBe(1);
  });

  it('show the units of a row in the inspector', async () => {
    await show('clusters', 'Clusters');
    await drawn('cluster-lanes');
    focus('cluster-lanes');
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await expect.poll(() => textOf('Inspector'), { timeout: 5000 }).toMatch(/unit \d+ of Net1/);
  });
});

describe('a sparse map', () => {
  const sources = () => document.querySelectorAll('[data-testid="target-sources"] button').length;

  it('changes its alpha by keyboard, and by the one-standard-error rule', async () => {
    const { screen } = await show('sparse-map', 'Sparse map');
    await finding().toMatch(/alpha 0\.1\)/);
    focus('loss-chart');
    await userEvent.keyboard('{ArrowRight}');
    await finding().toMatch(/8 units of Net1.*alpha 0\.03\)/);
    await userEvent.keyboard('{Home}');
    await finding().toMatch(/alpha 0\.3\)/);
    await screen.getByTestId('alpha-rule').click();
    await finding().toMatch(/alpha 0\.1\)/);
  });

  it('shows the sources of the target that is selected, and selects the pair', async () => {
    const { screen } = await show('sparse-map', 'Sparse map');
    await expect.poll(sources, { timeout: 5000 }).toBeGreaterThan(3);
    const first = textOf('One target');
    focus('targets-table');
    await userEvent.keyboard('{ArrowDown}');
    await expect.poll(() => textOf('One target'), { timeout: 5000 }).not.toBe(first);
    const target = /^(\d+)/.exec(textOf('One target') ?? '')?.[1];
    await expect.poll(() => textOf('Inspector'), { timeout: 5000 }).toMatch(`unit ${target} of Net2`);
    const source = screen.getByTestId('target-sources').getByRole('button').nth(2);
    const unit = /^\s*(\d+)/.exec(source.element().textContent)?.[1];
    await source.click();
    await expect
      .poll(() => textOf('Inspector'), { timeout: 5000 })
      .toMatch(new RegExp(`unit ${unit} of Net1 .*unit ${target} of Net2`));
    expect(textOf('One target')).toMatch(new RegExp(`^${target}`));
  });

  it('shows what excites targets and sources, read many at once', async () => {
    const { bridge } = await show('sparse-map', 'Sparse map');
    await expect.poll(sources, { timeout: 5000 }).toBeGreaterThan(3);
    const pictures = (testId: string) =>
      document.querySelectorAll(`[data-testid="${testId}"] canvas[role="img"]`).length;
    await expect.poll(() => pictures('target-sources'), { timeout: 5000 }).toBe(sources());
    const rows = document.querySelectorAll('[data-testid="targets-table"] [aria-rowindex]').length - 1;
    expect(pictures('targets-table')).toBe(rows);
    const calls = bridge.calls.filter(({ method }) => method === 'unit.topInputs');
    expect(calls.length).toBeLessThan(rows);
  });

  it('follows a pair that is selected elsewhere', async () => {
    await show('match', 'Matched pairs');
    focus('pairs-table');
    await userEvent.keyboard('{End}');
    await expect.poll(() => textOf('Inspector'), { timeout: 5000 }).toMatch(/unit \d+ of Net2/);
    const unit = /unit (\d+) of Net2/.exec(textOf('Inspector') ?? '')?.[1];
    await page.getByTestId('rail-sparse-map').click();
    await expect
      .poll(() => textOf('One target'), { timeout: 5000 })
      .toMatch(new RegExp(`^${unit} ?from Net1`));
  });

  it('sorts its targets', async () => {
    const { screen } = await show('sparse-map', 'Sparse map');
    const column = () =>
      [...document.querySelectorAll('[data-testid="targets-table"] [aria-rowindex]')]
        .slice(1, 6)
        .map((row) => Number(row.children[4].textContent));
    await screen.getByRole('button', { name: 'sources' }).last().click();
    await expect.poll(() => column()[0]).toBe(0);
    expect(column()).toEqual([...column()].sort((p, q) => p - q));
  });
});
