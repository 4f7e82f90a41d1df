import { beforeEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ClusterJob } from '#core/domain/cluster.ts';
import type { JobRecord } from '#core/domain/job.ts';
import { makeJob } from './fake-backend.ts';
import { showWindow, textOf } from './show.ts';
import { makeProject } from './synthetic.ts';

beforeEach(() => localStorage.clear());

const log = [
  { at: '2026-11-23T20:15:00.000Z', text: 'Started.', kind: 'step' as const },
  { at: '2026-11-23T20:15:04.000Z', text: 'CUDA was asked for; the CPU was used.', kind: 'problem' as const },
];
const startedAt = '2026-11-23T20:15:00.000Z';
const earlier: JobRecord = {
  ...{ id: 'old', title: 'An earlier one', state: 'failed', createdAt: startedAt, startedAt, runId: null },
  ...{ finishedAt: '2026-11-23T20:15:09.000Z', pausedMs: 3000, error: null, log, request: null },
};
const waiting = (id: string, place: number, part = {}) =>
  makeJob({
    id,
    title: `Job ${id}`,
    state: 'queued',
    place,
    createdAt: `2026-11-23T20:16:0${place}.000Z`,
    ...part,
  });

async function panel(jobs = [makeJob({ startedAt, log })]) {
  const { bridge } = await showWindow({ project: makeProject(), jobs, history: [earlier] });
  await userEvent.keyboard('j');
  await expect.element(page.getByTestId('jobs-panel')).toBeVisible();
  return { bridge, screen: page };
}

describe('the jobs panel', () => {
  it('shows the job at work with its stage, rate, time left and log', async () => {
    const { screen } = await panel();
    const active = screen.getByTestId('active-job');
    await expect.element(active.getByText('856 images/s')).toBeVisible();
    await expect.element(active.getByText('1,200 of 2,000 images')).toBeVisible();
    await expect.element(active.getByText('3 s', { exact: true })).toBeVisible();
    expect(document.querySelector('[aria-current="step"]')?.textContent).toContain('Reading images');
    await expect.element(active.getByText(/CUDA was asked for/)).toBeVisible();
  });

  it('offers to resume a job that the end of the program interrupted', async () => {
    const finishedAt = '2026-11-23T20:15:20.000Z';
    const job = makeJob({
      id: 'cut',
      title: 'Cut off',
      state: 'interrupted',
      startedAt,
      finishedAt,
      canRetry: true,
    });
    const { screen, bridge } = await panel([job]);
    await expect.poll(() => textOf('job-interrupted')).toContain('Cut off: interrupted.');
    const row = screen.getByTestId('past-job').filter({ hasText: 'Cut off' });
    await expect.element(row.getByText('Interrupted')).toBeVisible();
    await row.getByRole('button', { name: 'Resume' }).click();
    expect(bridge.calls.filter(({ method }) => method === 'job.retry')).toEqual([
      { method: 'job.retry', input: { jobId: 'cut' } },
    ]);
  });

  it('pauses, resumes and cancels', async () => {
    const { screen, bridge } = await panel();
    await screen.getByTestId('panel-pause').click();
    expect(bridge.calls.at(-1)).toEqual({ method: 'job.pause', input: { jobId: 'job-1' } });
    bridge.emit('job:changed', makeJob({ state: 'paused', startedAt, pausedAt: '2026-11-23T20:15:10.000Z' }));
    await expect.element(screen.getByTestId('active-job')).toHaveAttribute('data-state', 'paused');
    expect(textOf('active-job')).toContain('Worked 10 s');
    await expect.poll(() => textOf('job-bar')).toContain('Paused while reading images');
    await screen.getByTestId('panel-resume').click();
    await screen.getByTestId('panel-cancel').click();
    expect(bridge.calls.slice(-2).map((call) => call.method)).toEqual(['job.resume', 'job.cancel']);
  });

  it('moves, holds, releases and removes jobs that wait, in the order of the queue', async () => {
    const { screen, bridge } = await panel([
      makeJob({ startedAt }),
      waiting('b', 2),
      waiting('a', 1),
      waiting('c', 3, { state: 'paused' }),
    ]);
    const rows = () =>
      [...document.querySelectorAll('[data-testid="queued-job"] .title')].map((row) => row.textContent);
    expect(rows()).toEqual(['Job a', 'Job b', 'Job c']);
    await screen.getByRole('button', { name: 'Move Job b up' }).click();
    await screen.getByRole('button', { name: 'Hold Job a' }).click();
    await screen.getByRole('button', { name: 'Release Job c' }).click();
    await screen.getByRole('button', { name: 'Remove Job b from the queue' }).click();
    expect(bridge.calls.slice(-4)).toEqual([
      { method: 'job.move', input: { jobId: 'b', to: 'earlier' } },
      { method: 'job.pause', input: { jobId: 'a' } },
      { method: 'job.resume', input: { jobId: 'c' } },
      { method: 'job.cancel', input: { jobId: 'b' } },
    ]);
    await expect.element(screen.getByRole('button', { name: 'Move Job a up' })).toBeDisabled();
    await expect.poll(() => textOf('jobs-open')).toBe('Jobs: 3 waiting');
  });

  it('keeps what ended, of this session and of earlier ones, with log and Retry', async () => {
    const { screen, bridge } = await panel([
      makeJob({ state: 'cancelled', startedAt, finishedAt: '2026-11-23T20:17:00.000Z', log }),
    ]);
    const rows = () => document.querySelectorAll<HTMLElement>('[data-testid="past-job"]');
    await expect.poll(() => [...rows()].map((row) => row.dataset.state)).toEqual(['cancelled', 'failed']);
    expect(rows()[1].textContent).toContain('6 s');
    await screen.getByRole('button', { name: 'An earlier one, Failed: show the log' }).click();
    await expect.element(screen.getByLabelText('Log of An earlier one')).toBeVisible();
    await screen.getByTestId('past-retry').click();
    expect(bridge.calls.some(({ method }) => method === 'job.retry')).toBe(true);
  });

  it('restarts the engine and leads to the settings', async () => {
    const { screen, bridge } = await panel([]);
    expect(textOf('engine-facts')).toContain('OpenBLAS 0.3.21');
    await screen.getByTestId('engine-facts').getByRole('button', { name: 'Restart the engine' }).click();
    expect(bridge.calls.at(-1)?.method).toBe('settings.restartEngine');
  });
});

describe('jobs on a cluster', () => {
  const step = {
    jobId: '7',
    done: 0,
    running: 0,
    waiting: 0,
    failed: [],
    requeued: 0,
    now: [],
    waitsFor: null,
  };
  const cluster: ClusterJob = {
    ...{ title: 'Digits on a cluster', folder: 'digits.consilience.slurm', state: 'running', shards: 8 },
    submittedAt: '2026-11-26T20:15:00.000Z',
    steps: [
      { ...step, stage: 'first', tasks: 8, done: 5, running: 2, waiting: 0, requeued: 1 },
      { ...step, stage: 'merge', tasks: 1, waiting: 1, waitsFor: 'Dependency' },
    ],
  };
  const show = async (job: ClusterJob | null) => {
    await showWindow({ project: makeProject(), answers: { job: { cluster: () => ({ cluster: job }) } } });
    await userEvent.keyboard('j');
    await expect.element(page.getByTestId('jobs-panel')).toBeVisible();
  };

  it('show how many shards are done, running and tried again, step by step', async () => {
    await show(cluster);
    const jobs = page.getByTestId('cluster-jobs');
    await expect.element(jobs.getByText('5 of 8 shards · 2 running · 1 tried again')).toBeVisible();
    await expect.element(jobs.getByText('waiting · for the step before')).toBeVisible();
    const bar = jobs.getByRole('progressbar', { name: 'First pass: part that is done' });
    await expect.element(bar).toHaveAttribute('aria-valuenow', '63');
  });

  it('say of a failed shard why, with the end of its log and how to go on', async () => {
    const reason = 'It needed more memory than it was given; submit again with more (--mem).';
    const failed = [{ index: 3, state: 'OUT_OF_MEMORY', reason, log: ['Reading activations', 'Killed'] }];
    const [first, merge] = cluster.steps;
    await show({ ...cluster, state: 'failed', steps: [{ ...first, running: 0, failed }, merge] });
    await expect.element(page.getByTestId('cluster-failed')).toBeVisible();
    expect(textOf('cluster-failed')).toContain(`Shard 3 failed. ${reason}`);
    expect(textOf('cluster-failed')).toContain('Killed');
    expect(textOf('cluster-jobs')).toContain(
      'Run consilience slurm again to go on from the shards that are done.',
    );
  });

  it('are not spoken of where there are none', async () => {
    await show(null);
    await expect.element(page.getByTestId('past-jobs')).toBeVisible();
    expect(document.querySelector('[data-testid="cluster-jobs"]')).toBeNull();
  });
});
