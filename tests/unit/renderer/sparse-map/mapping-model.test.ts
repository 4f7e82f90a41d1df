import { describe, expect, it } from 'vitest';
import type { NamedArray, ResultEntry } from '#core/domain/result.ts';
import { diagonalOrder } from '#core/numeric/matching/display-order.ts';
import { ResultData } from '#renderer/features/analysis/read-result.ts';
import { alphaWords, mappingFinding } from '#renderer/features/sparse-map/alpha-words.ts';
import { lossAxes, spreadLabels } from '#renderer/features/sparse-map/loss-layout.ts';
import { Mapping, sortTargets, sourcesOf, weightOrder } from '#renderer/features/sparse-map/mapping-model.ts';
import { sourceBins } from '#renderer/features/sparse-map/sources-histogram.ts';

const matrix = (name: string, rows: number, values: number[]): NamedArray => ({
  name,
  dtype: 'float64',
  rows,
  cols: values.length / rows,
  data: Float64Array.from(values),
});

/** Two penalties, given from dense to sparse; of four targets the third is dead. */
const arrays = [
  matrix('loss', 2, [0.1, 0.2, 0, 0.05, 0.3, 0.4, 0, 0.25]),
  matrix('held-out-loss', 2, [0.12, 0.22, 0, 0.04, 0.31, 0.41, 0, 0.26]),
  matrix('sources', 2, [5, 7, 0, 6, 1, 0, 0, 2]),
  matrix('best-single', 1, [0.3, 0.45, 0, 0.3]),
];

function mapping(more: Partial<ResultEntry> = {}): Mapping {
  const point = (alpha: number, loss: number) => ({
    alpha,
    penalty: alpha,
    loss,
    heldOutLoss: loss + 0.01,
    sourcesMean: 1 / alpha,
    sourcesMedian: 3,
  });
  const entry: ResultEntry = {
    id: 'map',
    analysis: 'sparse-mapping',
    a: { network: 'One', layer: 'conv' },
    b: { network: 'Two', layer: 'conv' },
    params: { mode: 'exact' },
    headline: {
      points: [point(0.01, 0.11), point(0.1, 0.3)],
      heldOutFrom: 1,
      alphaOneSe: 0.1,
      bestSingleLoss: 0.35,
      leastSquaresLoss: 0.1,
    },
    ...more,
  };
  return new Mapping(new ResultData(entry, arrays, arrays));
}

describe('the chosen point', () => {
  it('is the alpha that was set, else the one-standard-error rule’s, else the middle one', () => {
    const one = mapping();
    expect(one.chosen(0.01)?.alpha).toBe(0.01);
    expect(one.chosen(null)?.alpha).toBe(0.1);
    expect(one.chosen(7)?.alpha).toBe(0.1);
    const { headline } = one.data.entry;
    const { alphaOneSe: _, ...without } = headline;
    expect(mapping({ headline: without }).chosen(null)?.alpha).toBe(0.01);
  });

  it('steps from sparse to dense and stays at the ends', () => {
    const one = mapping();
    const [sparse, dense] = one.points;
    expect(sparse.alpha).toBe(0.1);
    expect(one.step(sparse, 1)).toBe(dense);
    expect(one.step(dense, 1)).toBe(dense);
    expect(one.step(dense, -9)).toBe(sparse);
  });

  it('in paper mode is found by its penalty and said with its decay', () => {
    const one = mapping({
      params: { mode: 'paper' },
      headline: {
        points: [{ alpha: 0.001, penalty: 0.024, loss: 0.2, sourcesMean: 8, sourcesMedian: 8 }],
        alphaOneSe: 0.024,
      },
    });
    const point = one.chosen(null);
    expect(point?.alpha).toBe(0.001);
    expect(one.weightsOf(point!)).toBe('weights-0.001');
    expect(alphaWords(one, point!)).toBe('0.024 = q λ = 24 × 0.001');
  });
});

describe('targets', () => {
  it('are those that live, with R² = 1 − 2 loss of the penalty that is chosen', () => {
    const one = mapping();
    expect([...one.isDead]).toEqual([0, 0, 1, 0]);
    const dense = one.targets(one.points[1]);
    expect(dense.map(({ unit }) => unit)).toEqual([0, 1, 3]);
    expect(dense[0]).toMatchObject({ loss: 0.1, heldOut: 0.12, sources: 5, bestSingle: 0.3 });
    expect(dense[0].explained).toBeCloseTo(0.8, 15);
    expect(one.targets(one.points[0])[1]).toMatchObject({ loss: 0.4, sources: 0 });
    expect(one.course(3).map(({ sources }) => sources)).toEqual([2, 6]);
    expect(one.course(2)).toEqual([]);
  });

  it('are sorted by any column, ties in the order of the units and unknown values last', () => {
    const one = mapping();
    const list = one.targets(one.points[1]);
    const units = (...by: Parameters<typeof sortTargets> extends [unknown, ...infer R] ? R : never) =>
      sortTargets(list, ...by).map(({ unit }) => unit);
    expect(units('loss', false)).toEqual([3, 0, 1]);
    expect(units('sources', true)).toEqual([1, 3, 0]);
    expect(units('bestSingle', false)).toEqual([0, 3, 1]);
    const unknown = list.map((target) => (target.unit === 0 ? { ...target, heldOut: NaN } : target));
    for (const isDescending of [true, false])
      expect(sortTargets(unknown, 'heldOut', isDescending).at(-1)?.unit).toBe(0);
  });

  it('stand in the matrix by match, by loss, or by number', () => {
    const one = mapping();
    const match = diagonalOrder(Int32Array.from([3, 0, 1]), 4);
    const order = (name: 'match' | 'loss' | 'number', by: typeof match | null = match) => {
      const { rows, cols } = weightOrder(name, { targets: 4, sources: 3 }, by, one.targets(one.points[1]));
      return [[...rows], [...cols]];
    };
    expect(order('match')).toEqual([
      [3, 0, 1, 2],
      [0, 1, 2],
    ]);
    expect(order('loss')).toEqual([
      [3, 0, 1, 2],
      [0, 1, 2],
    ]);
    expect(order('number')[0]).toEqual([0, 1, 2, 3]);
    expect(order('match', null)[0]).toEqual([0, 1, 2, 3]);
  });

  it('have their sources by size of weight, signs kept', () => {
    expect(sourcesOf([0, -0.5, 0.2, 0, 0.5])).toEqual([
      { unit: 1, weight: -0.5 },
      { unit: 4, weight: 0.5 },
      { unit: 2, weight: 0.2 },
    ]);
  });
});

describe('pictures', () => {
  it('count every target in one bin', () => {
    expect(sourceBins([], 8)).toEqual([]);
    expect(sourceBins([3, 3, 5], 8).map(({ count }) => count)).toEqual([2, 0, 1]);
    const wide = sourceBins([0, 1, 2, 3, 50, 99], 10);
    expect(wide.length).toBeLessThanOrEqual(10);
    expect(wide.reduce((sum, { count }) => sum + count, 0)).toBe(6);
  });

  it('have losses from 0 and room for 0 sources as for thousands', () => {
    const box = { left: 40, top: 10, width: 300, height: 200 };
    const axes = lossAxes([0, 3, 2000], [0.5, 0.1], box);
    expect(axes.yOf(0)).toBe(210);
    expect(axes.yOf(0.5)).toBeGreaterThanOrEqual(10);
    expect(axes.xOf(0)).toBeGreaterThanOrEqual(40);
    expect(axes.xOf(2000)).toBeLessThanOrEqual(340);
    const places = axes.xTicks.map(({ at }) => axes.xOf(at));
    places.slice(1).forEach((place, at) => expect(place - places[at]).toBeGreaterThanOrEqual(26));
  });

  it('have labels that do not cover each other and stay above the floor', () => {
    const labels = spreadLabels(
      [
        { label: 'a', y: 100 },
        { label: 'b', y: 101 },
        { label: 'c', y: 99 },
      ],
      13,
      110,
    );
    expect(labels.map(({ label }) => label)).toEqual(['c', 'a', 'b']);
    labels.slice(1).forEach(({ y }, at) => expect(y - labels[at].y).toBeGreaterThanOrEqual(13));
    expect(labels[2].y).toBeLessThanOrEqual(110);
  });

  it('say what was found with the loss as it is stored', () => {
    const one = mapping();
    const words = mappingFinding(one, one.points[0], { a: 'One', b: 'Two' })
      .map((part) => (typeof part === 'string' ? part : part.label))
      .join('');
    expect(words).toBe(
      '10 units of One predict a unit of Two on average with loss .31 held out (R² .38); all units give .10, the best single one .35, none .50 (alpha 0.1).',
    );
  });
});
