import { expect, it } from 'vitest';
import { compareRuns, type KernelRun } from '../../../scripts/bench/compare-runs.ts';

const run = (...measured: [string, number, number | null][]): KernelRun => ({
  threads: 2,
  measured: measured.map(([name, ours, peer]) => ({
    name,
    ours,
    peer,
    ratio: peer === null ? null : ours / peer,
    goal: null,
  })),
});

it('compares ratios to the peer where both runs have them, so that a slower machine is no regression', () => {
  const { changes } = compareRuns(run(['svd', 1, 2]), run(['svd', 3, 6]));
  expect(changes).toEqual([
    { name: 'svd', before: 0.5, after: 0.5, factor: 1, of: 'ratio', verdict: 'same' },
  ]);
});

it('names what became slower first, and what only one run has', () => {
  const before = run(['a', 1, null], ['b', 1, 1], ['c', 1, 1], ['gone', 1, 1]);
  const after = run(['a', 1.3, null], ['b', 0.5, 1], ['c', 2, 1], ['new', 1, 1]);
  const { changes, missing } = compareRuns(before, after);
  expect(changes.map(({ name, verdict, of }) => [name, verdict, of])).toEqual([
    ['c', 'slower', 'ratio'],
    ['a', 'slower', 'seconds'],
    ['b', 'faster', 'ratio'],
  ]);
  expect(missing).toEqual(['gone', 'new']);
});
