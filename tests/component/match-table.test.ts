import { beforeEach, expect, it } from 'vitest';
import { userEvent } from 'vitest/browser';
import { paneState, showWindow } from './show.ts';
import { makeProject } from './synthetic.ts';

beforeEach(() => localStorage.clear());

const count = 100_000;
const column = (seed: number) =>
  Float64Array.from({ length: count }, (_, at) => Math.sin(at * 12.9898 + seed));
const partners = Int32Array.from({ length: count }, (_, unit) => (unit * 7) % count);
const pairs = () => ({
  unitA: Int32Array.from({ length: count }, (_, unit) => unit),
  ...{ matchB: partners, matchValue: column(1), semiB: partners, semiValue: column(2) },
  ...{ meanA: column(3), meanB: column(4), deadA: new Uint8Array(count), deadB: new Uint8Array(count) },
});
const rows = () => [...document.querySelectorAll('[data-testid="pairs-table"] .row:not(.head)')];
const firstUnit = () => rows()[0]?.firstElementChild?.textContent?.trim();

it('a table of 100,000 pairs keeps few rows in the page, sorts at once and scrolls to its end', async () => {
  const { screen } = await showWindow({ project: makeProject(), answers: { result: { pairs } } });
  await screen.getByTestId('rail-match').click();
  await expect.poll(() => paneState('Matched pairs'), { timeout: 10_000 }).toBe('ready');
  await expect.poll(() => rows().length).toBeGreaterThan(3);
  expect(rows().length).toBeLessThan(80);

  const head = document.querySelector<HTMLElement>('[title="Mean activation of the unit of A"]')!;
  const best = column(3).indexOf(Math.max(...column(3).slice(0, 50_000), ...column(3).slice(50_000)));
  const start = performance.now();
  head.click();
  await expect.poll(firstUnit, { interval: 5 }).toBe(String(best));
  const sortMs = performance.now() - start;

  const list = rows()[0].closest<HTMLElement>('[role="rowgroup"]')!;
  const frames: number[] = [];
  for (let at = 0, before = performance.now(); at < 40; at++) {
    list.scrollTop += 20_000;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    frames.push(performance.now() - before);
    before = performance.now();
  }
  expect(rows().length).toBeLessThan(80);
  list.focus();
  await userEvent.keyboard('{End}');
  await expect
    .poll(() => document.querySelector('.row[aria-selected="true"]')?.ariaRowIndex)
    .toBe(String(count + 1));
  const median = frames.sort((x, y) => x - y)[20];
  console.info(
    `100,000 rows: sorted and shown in ${sortMs.toFixed(0)} ms; a frame of scrolling ${median.toFixed(1)} ms`,
  );
  expect(sortMs).toBeLessThan(1000);
});
