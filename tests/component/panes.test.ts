import { beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { failure, makeJob, type FakeOptions } from './fake-backend.ts';
import { never, paneState, showWindow, textOf } from './show.ts';
import { makeProject, makeRun } from './synthetic.ts';

beforeEach(() => localStorage.clear());

const stateOf = (label: string) => expect.poll(() => paneState(label), { timeout: 5000 });
const fails = () => {
  throw failure('storage', 'The file is locked by another program. Close it there, then try again.');
};
/** A run whose results are gone: every view must say so. */
const withoutResults = makeProject([{ ...makeRun(), results: [] }]);
const onlyCorrelations = makeProject([
  { ...makeRun(), results: makeRun().results.filter((result) => result.analysis === 'correlation') },
]);

describe.each<[string, string, string | null, FakeOptions, FakeOptions, FakeOptions]>([
  [
    'recent projects',
    'Recent projects',
    null,
    { recent: [] },
    { answers: { project: { current: () => ({ project: null }), recent: never } } },
    { answers: { project: { current: () => ({ project: null }), recent: fails } } },
  ],
  [
    'the means per layer',
    'Mean correlation per layer',
    'rail-overview',
    { project: onlyCorrelations },
    { project: makeProject(), answers: { figure: { renderPage: never } } },
    { project: makeProject(), answers: { figure: { renderPage: fails } } },
  ],
  [
    'the correlation pictures',
    'Correlation pictures',
    'rail-correlation',
    { project: withoutResults },
    { project: makeProject(), answers: { result: { matrix: never } } },
    { project: makeProject(), answers: { result: { matrix: fails } } },
  ],
  [
    'the matched pairs',
    'Matched pairs',
    'rail-match',
    { project: onlyCorrelations },
    { project: makeProject(), answers: { result: { pairs: never } } },
    { project: makeProject(), answers: { result: { pairs: fails } } },
  ],
])('%s', (_name, label, rail, empty, loading, failing) => {
  const show = async (options: FakeOptions) => {
    const shown = await showWindow(options);
    if (rail) await shown.screen.getByTestId(rail).click();
    return shown;
  };

  it('say what is missing and what to do', async () => {
    await show(empty);
    await stateOf(label).toBe('empty');
  });

  it('show the frame while the answer is on the way', async () => {
    await show(loading);
    await stateOf(label).toBe('loading');
    expect(document.querySelector(`[aria-label="${label}"]`)?.getAttribute('aria-busy')).toBe('true');
  });

  it('say what happened, and ask again on request', async () => {
    const { screen, bridge } = await show(failing);
    await stateOf(label).toBe('error');
    await expect.element(screen.getByText(/locked by another program/).first()).toBeVisible();
    const before = bridge.calls.length;
    await screen.getByLabelText(label).getByRole('button', { name: 'Try again' }).click();
    expect(bridge.calls.length).toBeGreaterThan(before);
  });

  it('show what is there', async () => {
    await show(rail ? { project: makeProject() } : {});
    await stateOf(label).toBe('ready');
  });
});

describe('jobs', () => {
  it('show progress, rate and time left, and can be cancelled', async () => {
    const { screen, bridge } = await showWindow({ project: makeProject([]), jobs: [makeJob()] });
    await expect.poll(() => textOf('job-bar'), { timeout: 5000 }).toMatch(/60 %.*1,200 of 2,000.*3 s left/);
    await screen.getByTestId('job-cancel').click();
    expect(bridge.calls).toContainEqual({ method: 'job.cancel', input: { jobId: 'job-1' } });
  });

  it('that fail say what is safe and can be retried', async () => {
    const { screen, bridge } = await showWindow({ project: makeProject(), jobs: [makeJob()] });
    await expect.element(screen.getByTestId('job-cancel')).toBeVisible();
    bridge.emit(
      'job:changed',
      makeJob({ state: 'failed', error: failure('engine-failed', 'The engine ended.') }),
    );
    await expect
      .poll(() => textOf('job-failure'), { timeout: 5000 })
      .toMatch(/The engine ended.*file is intact/);
    await screen.getByTestId('job-retry').click();
    expect(bridge.calls).toContainEqual({ method: 'job.retry', input: { jobId: 'job-1' } });
  });

  it('that fail with the engine leave a short word in the bar and the whole of it in its panel', async () => {
    const summary =
      'The engine process was ended by SIGKILL. The project file is intact; run again to compute what is missing.';
    const { screen } = await showWindow({ project: makeProject(), engine: { state: 'failed', summary } });
    await expect.poll(() => textOf('engine-status')).toBe('Engine stopped: see why');
    await screen.getByTestId('engine-status').click();
    await expect.element(page.getByText('The engine process was ended by SIGKILL.')).toBeVisible();
    await expect.element(page.getByText(/every result stored so far is kept/)).toBeVisible();
    await expect.element(page.getByText(/computes only what is missing/)).toBeVisible();
  });

  it('that finish bring their run into view', async () => {
    const { screen, bridge } = await showWindow({ project: makeProject([]), jobs: [makeJob()] });
    await expect.element(screen.getByText('Results appear here as soon as they are stored.')).toBeVisible();
    bridge.emit('project:changed', makeProject());
    await expect.poll(() => textOf('finding'), { timeout: 5000 }).toMatch(/Over 6 network pairs/);
  });
});

describe('the pair that is chosen', () => {
  it('holds for every view, and is offered as it is stored', async () => {
    const { screen } = await showWindow({ project: makeProject() });
    await screen.getByTestId('select-a').selectOptions('Net3');
    await screen.getByTestId('select-layer').selectOptions('fc1');
    expect((screen.getByTestId('select-b').element() as HTMLSelectElement).value).toBe('Net4');
    await screen.getByTestId('rail-match').click();
    await expect
      .poll(() => textOf('finding'), { timeout: 5000 })
      .toMatch(/Net3 and Net4 match one-to-one at fc1 with mean r \.\d\d; .*best partner\.$/);
  });

  it('of units goes from table to inspector by keyboard', async () => {
    const { screen } = await showWindow({ project: makeProject() });
    await screen.getByTestId('rail-match').click();
    await stateOf('Matched pairs').toBe('ready');
    (screen.getByTestId('pairs-table').element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowDown}');
    await expect.poll(() => textOf('Inspector'), { timeout: 5000 }).toMatch(/unit \d+ of Net1/);
  });

  it('of units brings the inspector up, and closing it holds while units are stepped through', async () => {
    const { screen } = await showWindow({ project: makeProject() });
    await screen.getByTestId('rail-match').click();
    await stateOf('Matched pairs').toBe('ready');
    expect(textOf('Inspector')).toBeNull();
    (screen.getByTestId('pairs-table').element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowDown}');
    await screen.getByRole('button', { name: 'Close the inspector' }).click();
    (screen.getByTestId('pairs-table').element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(textOf('Inspector')).toBeNull();
  });

  it('of units is picked from a heat map, with the value at the cursor', async () => {
    const { screen } = await showWindow({ project: makeProject() });
    await screen.getByTestId('rail-correlation').click();
    await stateOf('Correlation pictures').toBe('ready');
    const canvas = document.querySelector<HTMLCanvasElement>('[data-testid="heatmap-between"] canvas');
    await expect.poll(() => Number(canvas?.dataset.drawn)).toBeGreaterThan(0);
    canvas?.focus();
    await userEvent.keyboard('{ArrowDown}{ArrowRight}{Enter}');
    await expect
      .poll(() => textOf('heatmap-readout'), { timeout: 5000 })
      .toMatch(/Net1 unit \d+ × Net2 unit \d+ ?r = −?[.1]/);
    await expect.poll(() => textOf('Inspector'), { timeout: 5000 }).toMatch(/of Net2/);
    const shown = /r = (−?\.?\d[.\d]*)/;
    const atCursor = shown.exec(textOf('heatmap-readout') ?? '')?.[1];
    await expect.poll(() => shown.exec(textOf('pair-r') ?? '')?.[1]).toBe(atCursor);
  });
});

describe('a new analysis', () => {
  it('asks for a project file, then sends the whole draft', async () => {
    const { screen, bridge } = await showWindow();
    await screen.getByTestId('start-new-analysis').click();
    await expect.element(screen.getByTestId('run-analysis')).toBeDisabled();
    await screen.getByTestId('add-networks').click();
    await screen.getByTestId('add-data').click();
    await expect.element(screen.getByTestId('run-analysis')).toBeEnabled();
    await screen.getByRole('checkbox', { name: 'Compare conv2' }).click();
    await screen.getByTestId('run-analysis').click();
    await expect.poll(() => bridge.calls.map((call) => call.method)).toContain('analysis.start');
    const methods = bridge.calls.map((call) => call.method);
    expect(methods.indexOf('project.createDialog')).toBeLessThan(methods.indexOf('analysis.start'));
    expect(bridge.calls.find((call) => call.method === 'analysis.start')?.input).toEqual({
      title: 'New analysis',
      data: { token: 'data-0001', key: 'images', layout: 'NHW', scale: 1 / 255 },
      networks: [
        { name: 'Net1', token: 'network-1' },
        { name: 'Net2', token: 'network-2' },
      ],
      layers: [
        { name: 'conv1', tensors: { Net1: '/Relu_output_0', Net2: '/Relu_output_0' }, sample: 'position' },
        {
          name: 'conv3',
          tensors: { Net1: '/Relu_2_output_0', Net2: '/Relu_2_output_0' },
          sample: 'position',
        },
        { name: 'fc1', tensors: { Net1: '/Relu_3_output_0', Net2: '/Relu_3_output_0' }, sample: 'image' },
      ],
      folds: 'none',
      analyses: ['correlation', 'matching', 'spectral-clusters', 'subspaces', 'code', 'certainty'],
      provider: 'auto',
      threads: null,
      batch: null,
    });
  });

  it('takes a network file once, however often it is picked', async () => {
    const twice = { token: 'network-1', fileName: 'net1.onnx', bytes: 457_481 };
    const { screen } = await showWindow({
      answers: { network: { pick: () => ({ files: [twice, twice] }) } },
    });
    await screen.getByTestId('start-new-analysis').click();
    await screen.getByTestId('add-networks').click();
    await expect.poll(() => textOf('repeat-note')).toMatch(/^net1\.onnx is in the list already/);
    await screen.getByTestId('add-networks').click();
    await expect.poll(() => textOf('repeat-note')).toMatch(/net1\.onnx are in the list already/);
    expect(screen.getByRole('textbox', { name: 'Name of net1.onnx' }).elements()).toHaveLength(1);
    await screen.getByRole('button', { name: 'Remove Net1' }).click();
    await expect.poll(() => textOf('repeat-note')).toBeNull();
  });

  it('shows why main refused it', async () => {
    const { screen } = await showWindow({
      answers: {
        analysis: {
          start: () => {
            throw failure('bad-recipe', 'Layer conv1 of Net2 has no samples.');
          },
        },
      },
    });
    await screen.getByTestId('start-new-analysis').click();
    await screen.getByTestId('add-networks').click();
    await screen.getByTestId('add-data').click();
    await screen.getByTestId('run-analysis').click();
    await expect
      .poll(() => textOf('problems'), { timeout: 5000 })
      .toMatch('Layer conv1 of Net2 has no samples.');
  });
});
