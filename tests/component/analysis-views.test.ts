import axe from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { failure } from './fake-backend.ts';
import { never, paneState, showWindow, textOf } from './show.ts';
import { makeProject } from './synthetic.ts';
import { laterAnalyses, projectWithAll } from './synthetic-analyses.ts';

beforeEach(() => localStorage.clear());

const fails = () => {
  throw failure('storage', 'The file is locked by another program. Close it there, then try again.');
};

describe.each([
  ['mutual-information', 'mutual-information', 'Mutual information', /0\.580 nats.*shuffled 0\.010/],
  ['sparse-map', 'sparse-mapping', 'Sparse map', /5 units of Net1.*\.36 held out.*R² \.28.*alpha 0\.1/],
  [
    'clusters',
    'spectral-clusters',
    'Clusters',
    /form 4 groups \(normalised cut \d\.\d+, stability \.80\), 3 shared, 1 with 6 units is of one alone; the eigenvalues suggest 4/,
  ],
  ['subspaces', 'subspaces', 'Subspaces', /canonical correlation \.83.*CKA \.93.*debiased \.92/],
  ['code', 'code', 'Code', /\.70.*\.40 ± \.02.*partly local/],
  ['neighbourhoods', 'neighbourhoods', 'Neighbourhoods', /0\.100, 10 %/],
  ['certainty', 'certainty', 'Certainty', /\.70, 95 % interval \.68–\.72; held out \.69; chance \.05/],
  ['many-networks', 'many-networks', 'Many networks', /63 % are found in all, 31 % in some and 6 % in one/],
  ['layer-map', 'layer-map', 'Layer map', /score \.90.*75 %/],
] as const)('%s', (rail, analysis, label, finding) => {
  const show = async (options: Parameters<typeof showWindow>[0]) => {
    const shown = await showWindow(options);
    await shown.screen.getByTestId(`rail-${rail}`).click();
    return shown;
  };
  const stateIs = (state: string) => expect.poll(() => paneState(label), { timeout: 5000 }).toBe(state);

  it('names what is missing and runs it on the shown run', async () => {
    const { screen, bridge } = await show({ project: makeProject() });
    await stateIs('empty');
    await screen.getByTestId(`run-${analysis}`).click();
    await expect
      .poll(() => bridge.calls)
      .toContainEqual({ method: 'analysis.add', input: { runId: 'run-1', analyses: [analysis] } });
  });

  it('says so while it waits, and when reading fails', async () => {
    await show({ project: projectWithAll(), answers: { result: { get: never } } });
    await stateIs('loading');
    document.body.replaceChildren();
    const { screen } = await show({ project: projectWithAll(), answers: { result: { get: fails } } });
    await stateIs('error');
    await expect.element(screen.getByText(/locked by another program/).first()).toBeVisible();
  });

  it.each(['light', 'dark'] as const)('shows the finding and its numbers, in the %s theme', async (theme) => {
    await show({ project: projectWithAll(), settings: { theme } });
    await stateIs('ready');
    expect(textOf('finding')).toMatch(finding);
    expect(textOf('finding')).not.toMatch(/NaN|undefined/);
    const report = await axe.run(document.body, { resultTypes: ['violations'] });
    const serious = report.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id} ${nodes[0].html}`)).toEqual([]);
    expect(
      document.querySelectorAll('[data-testid^="analysis-"] figure, section table').length,
    ).toBeGreaterThan(0);
  });

  it('shows its numbers where the result holds no arrays', async () => {
    const get = () => ({ id: analysis, arrays: [] });
    await show({ project: projectWithAll(), answers: { result: { get } } });
    await stateIs('ready');
    const numbers = Object.values(laterAnalyses[analysis]?.headline ?? {});
    expect(numbers.length).toBeGreaterThan(0);
    expect(textOf('Numbers')).toMatch(/Value/);
  });
});

describe('clusters', () => {
  const show = async (options: Parameters<typeof showWindow>[0]) => {
    const shown = await showWindow(options);
    await shown.screen.getByTestId('rail-clusters').click();
    await expect.poll(() => paneState('Clusters'), { timeout: 5000 }).toBe('ready');
  };
  const pictures = () =>
    [...document.querySelectorAll<HTMLCanvasElement>('[data-testid^="cluster-card"] canvas')].map(
      (canvas) => {
        const { width, height } = canvas;
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
        return {
          size: [width, height],
          colours: new Set(new Uint32Array(Uint8Array.from(pixels).buffer)).size,
        };
      },
    );

  it('draws the average input of every group in every network that has units in it', async () => {
    await show({ project: projectWithAll() });
    await expect.poll(() => pictures().length).toBe(7);
    for (const { size, colours } of pictures()) {
      expect(size).toEqual([5, 6]);
      expect(colours).toBeGreaterThan(3);
    }
    expect(textOf('cluster-card-2')).toMatch(
      /6 units.*one network.*no units.*cut.*balance.*within.*stability/s,
    );
  });

  it('says what is missing where the result is of an old version', async () => {
    const get = () => ({
      id: 'later/spectral-clusters',
      arrays: [{ name: 'members-4', dtype: 'int32', rows: 4, cols: 2 }],
    });
    await show({ project: projectWithAll(), answers: { result: { get } } });
    expect(pictures()).toEqual([]);
    expect(document.body.textContent).toMatch(/no tree of units: run the analysis again/);
  });
});

it('information is shown and explained in bits where bits are chosen', async () => {
  const { screen } = await showWindow({ project: projectWithAll(), settings: { information: 'bits' } });
  await screen.getByTestId('rail-mutual-information').click();
  await expect.poll(() => textOf('finding'), { timeout: 5000 }).toMatch(/0\.837 bits.*shuffled 0\.014/);
  await screen.getByRole('button', { name: 'mean mutual information' }).hover();
  await expect.poll(() => document.body.textContent).toContain('in bits (1 bit = 0.69 nats)');
  await screen.getByTestId('rail-overview').click();
  await expect.poll(() => document.body.textContent).toContain('MI, bits');
});
