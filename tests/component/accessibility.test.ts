import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { makeJob } from './fake-backend.ts';
import { paneState, showWindow } from './show.ts';
import { makeProject } from './synthetic.ts';
import { projectWithAll } from './synthetic-analyses.ts';

/** Findings that keep someone from using the window, as readable lines. */
async function seriousFindings(): Promise<string[]> {
  // Colours that are still easing would be measured half-way; one that never ends is not waited for.
  const eased = document.getAnimations().map((animation) => animation.finished.catch(() => undefined));
  await Promise.race([Promise.all(eased), new Promise((resolve) => setTimeout(resolve, 1000))]);
  const report = await axe.run(document.body, { resultTypes: ['violations'] });
  return report.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join(' | ')}`,
    );
}

describe.each(['light', 'dark'] as const)('in the %s theme axe finds nothing serious', (theme) => {
  const settings = { theme };

  it('on the start screen', async () => {
    const { screen } = await showWindow({ settings });
    await expect.element(screen.getByTestId('recent-project').first()).toBeVisible();
    expect(await seriousFindings()).toEqual([]);
  });

  it('on a new analysis, empty and filled in', async () => {
    const { screen } = await showWindow({ settings });
    await screen.getByTestId('start-new-analysis').click();
    expect(await seriousFindings()).toEqual([]);
    await screen.getByTestId('add-networks').click();
    await screen.getByTestId('add-data').click();
    await expect.element(screen.getByTestId('layer-line').first()).toBeVisible();
    await expect.poll(() => paneState('Preview of the inputs')).toBe('ready');
    expect(await seriousFindings()).toEqual([]);
  });

  it.each([
    ['overview', 'Mean correlation per layer'],
    ['correlation', 'Correlation pictures'],
    ['match', 'Matched pairs'],
    ['data', null],
  ])('on %s', async (view, pane) => {
    const { screen } = await showWindow({ settings, project: makeProject(), jobs: [makeJob()] });
    await screen.getByTestId(`rail-${view}`).click();
    if (pane) await expect.poll(() => paneState(pane)).toBe('ready');
    if (view === 'match') {
      (screen.getByTestId('pairs-table').element() as HTMLElement).focus();
      await userEvent.keyboard('{ArrowDown}');
    }
    expect(await seriousFindings()).toEqual([]);
  });

  it.each([
    ...([
      'overview',
      'mutual-information',
      'sparse-map',
      'clusters',
      'subspaces',
      'code',
      'neighbourhoods',
    ] as const),
    ...(['certainty', 'many-networks', 'layer-map', 'validation', 'methods', 'figures'] as const),
  ])('on %s with every analysis', async (view) => {
    const { screen } = await showWindow({ settings, project: projectWithAll() });
    await screen.getByTestId(`rail-${view}`).click();
    await expect
      .poll(() => document.querySelectorAll('[data-state="ready"]').length, { timeout: 5000 })
      .toBeGreaterThan(0);
    await expect.poll(() => document.querySelectorAll('[data-state="loading"]').length).toBe(0);
    expect(await seriousFindings()).toEqual([]);
  });

  it('in the keys and in the tour', async () => {
    const { screen } = await showWindow({ settings, isFirstLook: true });
    await screen.getByTestId('start-open-sample').click();
    await expect.element(screen.getByTestId('tour')).toBeVisible();
    expect(await seriousFindings()).toEqual([]);
    await userEvent.keyboard('{Escape}?');
    await expect.element(page.getByRole('dialog')).toBeVisible();
    expect(await seriousFindings()).toEqual([]);
  });

  it.each(['engine-status', 'search-open'])('in the dialog of %s', async (opener) => {
    const { screen } = await showWindow({ settings, project: makeProject() });
    await screen.getByTestId(opener).click();
    await expect.element(page.getByRole('dialog')).toBeVisible();
    expect(await seriousFindings()).toEqual([]);
  });
});
