import { beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { fuzzyScore } from '#renderer/app/palette/fuzzy.ts';
import { terms } from '#renderer/ui/terms.ts';
import { showWindow } from './show.ts';
import { makeProject } from './synthetic.ts';
import { projectWithAll } from './synthetic-analyses.ts';

beforeEach(() => localStorage.clear());

describe('fuzzy search', () => {
  it('prefers whole words and their starts, and refuses strewn letters', () => {
    const score = (query: string, text: string) => fuzzyScore(query, text) ?? -1;
    expect(fuzzyScore('xyz', 'Sparse map')).toBeNull();
    expect(score('map', 'Show Sparse map')).toBeGreaterThan(score('map', 'Show campaign'));
    expect(score('spm', 'Sparse map')).toBeGreaterThan(0);
    expect(fuzzyScore('code', 'Show second model')).toBeNull();
    expect(score('conv2 net1', 'Match, Net1 – Net2, conv2')).toBeGreaterThan(0);
    expect(score('', 'anything')).toBeCloseTo(0, 1);
  });
});

describe('the palette', () => {
  const open = async (options: Parameters<typeof showWindow>[0] = { project: makeProject() }) => {
    const shown = await showWindow(options);
    await expect.element(shown.screen.getByTestId('view-overview')).toBeVisible();
    await userEvent.keyboard('{Control>}k{/Control}');
    await expect.element(page.getByRole('dialog')).toBeVisible();
    return shown;
  };
  const items = () => [...document.querySelectorAll('.search-item')].map((item) => item.textContent.trim());
  const type = async (text: string) => {
    await userEvent.keyboard(text);
    await expect.poll(() => items().length).toBeGreaterThan(0);
  };

  it('selects a unit by network and number, at the chosen layer', async () => {
    const { screen } = await open();
    await type('net2 17');
    expect(items()[0]).toMatch(/^Net2 17/);
    await userEvent.keyboard('{Enter}');
    await expect.element(screen.getByTestId('view-match')).toBeVisible();
    await expect.poll(() => document.querySelector('[aria-selected="true"]')?.textContent).toMatch(/17/);
  });

  it('runs what is missing, and shows a key beside its command', async () => {
    const { bridge } = await open();
    await type('run certainty');
    await userEvent.keyboard('{Enter}');
    await expect
      .poll(() => bridge.calls)
      .toContainEqual({ method: 'analysis.add', input: { runId: 'run-1', analyses: ['certainty'] } });
    await userEvent.keyboard('{Control>}k{/Control}');
    await type('export the');
    expect(items()[0]).toMatch(/Export the figure\s*E$/);
  });

  it('goes to a result: pair, layer and view at once', async () => {
    const { screen } = await open({ project: projectWithAll() });
    await type('match net2 net4 conv3');
    expect(items()[0]).toMatch(/Match, Net2 – Net4, conv3/);
    await userEvent.keyboard('{Enter}');
    await expect.element(screen.getByTestId('view-match')).toBeVisible();
    expect((screen.getByTestId('select-b').element() as HTMLSelectElement).value).toBe('Net4');
    expect((screen.getByTestId('select-layer').element() as HTMLSelectElement).value).toBe('conv3');
  });

  it('offers what was chosen last first, and says when nothing is found', async () => {
    await open();
    await type('layer conv3');
    await userEvent.keyboard('{Enter}');
    await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull();
    await userEvent.keyboard('{Control>}k{/Control}');
    await expect.poll(() => items()[0]).toBe('conv3');
    expect(document.querySelector('.search-group')?.textContent).toBe('Recent');
    await userEvent.keyboard('qqqq');
    await expect.poll(() => document.body.textContent).toMatch(/Nothing has that name/);
  });
});

describe('undo', () => {
  it('goes back to the view before by its button and by key, and Esc lets a selection go', async () => {
    const { screen } = await showWindow({ project: makeProject() });
    const undo = page.getByRole('button', { name: /^Undo/ });
    await expect.element(undo).toBeDisabled();
    await screen.getByTestId('rail-match').click();
    await expect.element(screen.getByTestId('view-match')).toBeVisible();
    await undo.click();
    await expect.element(screen.getByTestId('view-overview')).toBeVisible();
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}');
    await expect.element(screen.getByTestId('view-match')).toBeVisible();
    (screen.getByTestId('pairs-table').element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowDown}');
    await expect.poll(() => document.querySelectorAll('[aria-selected="true"]').length).toBe(1);
    (document.activeElement as HTMLElement).blur();
    // The first one puts away the tip of the button that the pointer is still on.
    await userEvent.keyboard('{Escape}{Escape}');
    await expect.poll(() => document.querySelectorAll('[aria-selected="true"]').length).toBe(0);
  });
});

describe('the keys', () => {
  it('are grouped by place and fit the window', async () => {
    await showWindow({ project: makeProject() });
    await userEvent.keyboard('?');
    const dialog = page.getByRole('dialog');
    await expect.element(dialog).toBeVisible();
    const box = dialog.element().getBoundingClientRect();
    expect(box.top).toBeGreaterThanOrEqual(0);
    expect(box.bottom).toBeLessThanOrEqual(800);
    expect(dialog.element().scrollHeight).toBeLessThanOrEqual(dialog.element().clientHeight);
    expect(dialog.element().textContent).toMatch(/Views.*Project.*Pictures and tables.*Tour/s);
    await page.viewport(640, 400);
    const small = dialog.element().getBoundingClientRect();
    expect(small.bottom).toBeLessThanOrEqual(400);
    expect(getComputedStyle(dialog.element()).overflowY).toBe('auto');
  });
});

describe('terms', () => {
  it('all have a definition and a formula', () => {
    for (const [name, { text, formula }] of Object.entries(terms)) {
      expect(text.length, name).toBeGreaterThan(10);
      expect(formula, name).toBeTruthy();
    }
  });
});
