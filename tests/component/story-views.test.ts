import { beforeEach, describe, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { paneState, showWindow, textOf } from './show.ts';
import { makeProject } from './synthetic.ts';
import { projectWithAll } from './synthetic-analyses.ts';

beforeEach(() => localStorage.clear());

describe('the overview', () => {
  it('says what is missing, and runs one of it or all', async () => {
    const { screen, bridge } = await showWindow({ project: makeProject() });
    await expect.poll(() => textOf('run-missing')).toMatch(/missing \(9\)$/);
    await screen.getByTestId('overview-run-sparse-mapping').click();
    await screen.getByTestId('overview-run-certainty').click();
    await screen.getByTestId('run-missing').click();
    const asked = () =>
      bridge.calls
        .filter(({ method }) => method === 'analysis.add')
        .map(({ input }) => (input as { analyses: string[] }).analyses);
    await expect.poll(() => asked().length).toBe(3);
    expect(asked()[0]).toEqual(['sparse-mapping']);
    expect(asked()[1]).toEqual(['certainty']);
    expect(asked()[2]).toHaveLength(9);
  });

  it('tells the ladder in sentences whose numbers are explained, each with a way to its view', async () => {
    const { screen } = await showWindow({ project: projectWithAll() });
    await expect.poll(() => textOf('ladder-title') ?? document.body.textContent).toMatch(/What was found/);
    const text = () => document.querySelector('[aria-labelledby="ladder-title"]')?.textContent ?? '';
    for (const words of ['held out .69', '75 %', 'after random', 'CKA .93', 'stability .80', '63 %'])
      expect(text().toLowerCase()).toContain(words.toLowerCase());
    expect(text()).not.toMatch(/NaN|undefined|Not computed yet/);
    expect(document.querySelector('[data-testid="run-missing"]')).toBeNull();
    await screen.getByTestId('ladder-subspaces').click();
    await expect.element(screen.getByTestId('view-subspaces')).toBeVisible();
  });
});

describe('the layer map', () => {
  it('names layers on both axes, and chooses a layer by keyboard where its units were compared', async () => {
    const { screen } = await showWindow({ project: projectWithAll() });
    await screen.getByTestId('rail-layer-map').click();
    await expect.poll(() => paneState('Layer map'), { timeout: 5000 }).toBe('ready');
    const map = screen.getByRole('application', { name: /^Layer map/ });
    await expect.element(map).toBeVisible();
    const names = [...map.element().querySelectorAll('text')].map((text) => text.textContent);
    for (const name of ['conv1', 'conv2', 'conv3', 'fc1'])
      expect(names.filter((text) => text.startsWith(name))).toHaveLength(2);
    expect(map.element().querySelectorAll('.ring').length).toBe(0);
    (map.element() as SVGElement).focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{Enter}');
    await expect.poll(() => document.body.textContent).toMatch(/were not compared/);
    await userEvent.keyboard('{ArrowDown}{Enter}');
    await expect
      .poll(() => (screen.getByTestId('select-layer').element() as HTMLSelectElement).value)
      .toBe('conv2');
  });
});

describe('networks', () => {
  it('lists units found in all, some and one, and selects one of them or all', async () => {
    const { screen } = await showWindow({ project: projectWithAll() });
    await screen.getByTestId('rail-many-networks').click();
    const list = screen.getByRole('listbox', { name: /^Units/ });
    await expect.element(list).toBeVisible();
    await screen.getByTestId('found-one').click();
    (list.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowDown}');
    await expect.poll(() => list.element().querySelectorAll('[aria-selected="true"]').length).toBe(1);
    await screen.getByTestId('select-found').click();
    await expect.poll(() => list.element().querySelectorAll('.on').length).toBeGreaterThan(3);
  });
});

describe('certainty', () => {
  it('gives every number a meaning, and selects units from their intervals', async () => {
    const { screen } = await showWindow({ project: projectWithAll() });
    await screen.getByTestId('rail-certainty').click();
    await expect.poll(() => paneState('Certainty'), { timeout: 5000 }).toBe('ready');
    await expect.poll(() => textOf('Numbers')).toMatch(/held out\.690.*the match holds.*shuffled images/);
    const chart = screen.getByRole('application', { name: /^Every matched unit/ });
    (chart.element() as SVGElement).focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}');
    await expect.poll(() => chart.element().querySelectorAll('.picked').length).toBe(1);
  });
});

describe('methods', () => {
  it('writes what was run, in four formats', async () => {
    const { screen } = await showWindow({ project: makeProject() });
    await screen.getByTestId('rail-methods').click();
    await expect.poll(() => paneState('Methods'), { timeout: 5000 }).toBe('ready');
    const text = () => textOf('methods') ?? '';
    expect(text()).toMatch(/four networks.*2,000 inputs.*multiplied by 0\.00392157.*One-to-one matching/s);
    expect(text()).not.toMatch(/Mutual information|undefined|NaN/);
    await screen.getByRole('button', { name: 'BibTeX', exact: true }).click();
    await expect.poll(text).toMatch(/@inproceedings\{li2016convergent,/);
    await screen.getByRole('button', { name: 'LaTeX', exact: true }).click();
    await expect.poll(text).toMatch(/\\cite\{li2016convergent\}/);
  });
});
