import { expect, it } from 'vitest';
import type { ProjectRun } from '#core/domain/project.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import type { NamedArray, ResultEntry } from '#core/domain/result.ts';
import { layerIntervals } from '#main/export/layer-intervals.ts';

const pairs = [
  ['A', 'B'],
  ['A', 'C'],
] as const;

function entry(analysis: AnalysisName, [a, b]: readonly [string, string], seed = 0): ResultEntry {
  return {
    id: `${analysis} ${a} ${b}`,
    analysis,
    a: { network: a, layer: 'conv' },
    b: { network: b, layer: 'conv' },
    params: { seed },
    headline: analysis === 'certainty' ? { resamples: 101, level: 0.9, blocks: 20, images: 50 } : {},
  };
}

function runOf(results: ResultEntry[]): ProjectRun {
  return { results, layers: [{ name: 'conv' }, { name: 'fc' }] } as unknown as ProjectRun;
}

/** Resample k of pair A, B is k / 100, of A, C twice that: their mean is 1.5 k / 100. */
async function read(id: string, name: string): Promise<NamedArray> {
  const factor = (id.endsWith('C') ? 2 : 1) * (name === 'bootstrap-semi-mean' ? 2 : 1);
  const data = Float64Array.from({ length: 101 }, (_, k) => (factor * k) / 100);
  return { name, dtype: 'float64', rows: 1, cols: 101, data };
}

it('takes the interval of the mean over pairs, resample by resample', async () => {
  const run = runOf(pairs.flatMap((pair) => [entry('matching', pair), entry('certainty', pair)]));
  const { bootstrap, intervals } = await layerIntervals(run, 'correlation', read);
  expect(bootstrap).toEqual({ level: 0.9, resamples: 101 });
  expect(Object.keys(intervals)).toEqual(['conv']);
  expect(intervals.conv.match.low).toBeCloseTo(1.5 * 0.05, 12);
  expect(intervals.conv.match.high).toBeCloseTo(1.5 * 0.95, 12);
  expect(intervals.conv.semi.high).toBeCloseTo(3 * 0.95, 12);
});

it('has none where a pair lacks its resamples, where they differ, or for another score', async () => {
  const matchings = pairs.map((pair) => entry('matching', pair));
  const none = { intervals: {} };
  const lacking = runOf([...matchings, entry('certainty', pairs[0])]);
  expect(await layerIntervals(lacking, 'correlation', read)).toEqual(none);
  const differing = runOf([...matchings, entry('certainty', pairs[0]), entry('certainty', pairs[1], 7)]);
  expect(await layerIntervals(differing, 'correlation', read)).toEqual(none);
  const whole = runOf([...matchings, ...pairs.map((pair) => entry('certainty', pair))]);
  expect(await layerIntervals(whole, 'absolute-correlation', read)).toEqual(none);
});
