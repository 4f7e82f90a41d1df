import { describe, expect, it } from 'vitest';
import type { UnitStatistics } from '#core/domain/result.ts';
import { axisWords } from '#renderer/plots/heatmap/heatmap-axes.ts';
import { runsOf } from '#renderer/plots/heatmap/heatmap-overlay.ts';
import { PanelBrush } from '#renderer/features/correlation/panel-brush.ts';
import {
  brushedGroup,
  cellOfPair,
  crossOf,
  marksOf,
  pairOfCell,
  quadAxes,
  unitsOfCell,
} from '#renderer/features/correlation/panel-axes.ts';
import { correlationPValue, effectiveSamples } from '#renderer/features/correlation/significance.ts';
import { formatPValue } from '#renderer/ui/p-value.ts';
import { leavesOf, placesOf, unitOrder, valuesOf, type OrderFacts } from '#core/domain/unit-orders.ts';
import { makeProject, makeRun } from './synthetic.ts';
import { projectWithAll } from './synthetic-analyses.ts';

const column = (...values: number[]) => Float64Array.from(values);
const statistics = (mean: number[]) =>
  ({ mean: column(...mean), fractionZero: column(...mean) }) as unknown as UnitStatistics;

/** A of four units, B of three; unit 1 of A has no match. */
const facts: OrderFacts = {
  unitsA: 4,
  unitsB: 3,
  pairs: {
    matchB: Int32Array.of(2, -1, 0, 1),
    matchValue: column(0.3, 0, 0.9, 0.5),
  },
  statistics: { a: statistics([0.1, 0.4, 0.4, 0.2]), b: statistics([3, 1, 2]) },
  leaves: { a: Int32Array.of(3, 0, 2), b: Int32Array.of(2, 0, 1) },
  convergence: { a: column(0, 1, 0.5, 1), b: column(0, 0, 1) },
};

describe('orders', () => {
  it.each([
    ['unit', [0, 1, 2, 3], [0, 1, 2]],
    ['match', [2, 3, 0, 1], [0, 1, 2]],
    ['cluster', [3, 0, 2, 1], [2, 0, 1]],
    ['mean', [1, 2, 3, 0], [0, 2, 1]],
    ['convergence', [1, 3, 2, 0], [2, 0, 1]],
  ] as const)('by %s name every unit once', (name, a, b) => {
    const order = unitOrder(name, facts)!;
    expect([[...order.a], [...order.b]]).toEqual([a, b]);
    expect([...placesOf(order.a)].map((place) => order.a[place])).toEqual([0, 1, 2, 3]);
  });

  it('are not to be had without what they need', () => {
    const bare = { ...facts, pairs: null, statistics: null, leaves: null, convergence: null };
    for (const name of ['match', 'cluster', 'mean', 'convergence'] as const)
      expect(unitOrder(name, bare)).toBeNull();
    expect(unitOrder('unit', bare)).not.toBeNull();
    expect(quadAxes(unitOrder('unit', bare)!, bare).permuted).toBeUndefined();
  });

  it('take their own units out of the joint lists', () => {
    const joint = { network: [0, 0, 1, 1, 1], unit: [0, 2, 0, 1, 2] };
    expect([...leavesOf([4, 1, 2, 0, 3], joint, 1)]).toEqual([2, 0, 1]);
    expect([...leavesOf([4, 1, 2, 0, 3], joint, 0)]).toEqual([2, 0]);
    expect([...valuesOf([0.1, 0.2, 0.3, 0.4, 0.5], joint, 0, 3)]).toEqual([0.1, 0, 0.2]);
  });
});

describe('the four panels', () => {
  const axes = quadAxes(unitOrder('mean', facts)!, facts);

  it('put every match on the diagonal of the permuted one, in the order of A', () => {
    const permuted = axes.permuted!;
    for (const place of [0, 1, 2]) {
      const { unitA, unitB } = pairOfCell(permuted, { row: place, col: place })!;
      expect(facts.pairs!.matchB[unitA]).toBe(unitB);
    }
    expect([...permuted.rows.units]).toEqual([2, 3, 0, 1]);
  });

  it('find a cell’s units and a pair’s cell again', () => {
    for (const panel of [axes.between, axes.permuted!])
      for (let row = 0; row < 4; row++)
        for (let col = 0; col < 3; col++) {
          const pair = pairOfCell(panel, { row, col })!;
          expect(cellOfPair(panel, pair)).toEqual({ row, col });
        }
    expect(pairOfCell(axes.a, { row: 0, col: 1 })).toBeNull();
    expect(cellOfPair(axes.a, { unitA: 0, unitB: 0 })).toBeNull();
    expect(cellOfPair(axes.between, { unitA: 0, unitB: -1 })).toBeNull();
  });

  it('show the pointed units in each other', () => {
    const pointed = unitsOfCell(axes.between, { row: 0, col: 2 });
    expect([pointed.row.unit, pointed.col.unit]).toEqual([1, 1]);
    expect(crossOf(axes.a, pointed)).toEqual({ rows: [0], cols: [0] });
    expect(crossOf(axes.b, pointed)).toEqual({ rows: [2], cols: [2] });
    expect(crossOf(axes.permuted!, pointed)).toEqual({ rows: [3], cols: [1] });
    // Two units of A: the pair panels have a row for the first, and nothing of B.
    expect(crossOf(axes.between, unitsOfCell(axes.a, { row: 3, col: 1 }))).toEqual({ rows: [3], cols: [] });
  });

  it('mark the places of a group', () => {
    expect([...marksOf(axes.between.rows, [0, 2])!]).toEqual([0, 1, 0, 1]);
    expect(marksOf(axes.between.cols, undefined)).toBeNull();
    expect(marksOf(axes.between.cols, [])).toBeNull();
    const flags = Uint8Array.of(1, 1, 0, 1, 0);
    expect(runsOf(flags, 1, 0, 5)).toEqual([
      { from: 0, to: 2 },
      { from: 3, to: 4 },
    ]);
    expect(runsOf(flags, 0, 1.5, 3.5)).toEqual([{ from: 2, to: 3 }]);
  });
});

describe('a brush', () => {
  const axes = quadAxes(unitOrder('mean', facts)!, facts);
  const names = { a: 'Net1', b: 'Net2' };
  const group = (
    panel: 'a' | 'between',
    region: 'rows' | 'cols' | 'picture',
    from: [number, number],
    to: [number, number],
  ) => {
    const brush = new PanelBrush(region, { row: from[0], col: from[1] });
    brush.extend({ row: to[0], col: to[1] });
    return brushedGroup(axes[panel], brush.ranges, names);
  };

  it('along the rows takes units of A in the order shown, whichever way it is drawn', () => {
    const found = group('between', 'rows', [2, 0], [1, 2]);
    expect(found).toEqual({ label: '2 units of Net1', members: { Net1: [2, 3] }, source: 'brush' });
    expect(group('between', 'rows', [1, 2], [2, 0])).toEqual(found);
  });

  it('along the columns takes units of B, inside the picture of both', () => {
    expect(group('between', 'cols', [0, 0], [3, 0])?.members).toEqual({ Net2: [0] });
    const both = group('between', 'picture', [0, 1], [1, 2]);
    expect(both?.members).toEqual({ Net1: [1, 2], Net2: [1, 2] });
    expect(both?.label).toBe('2 units of Net1, 2 units of Net2');
  });

  it('inside the picture of one network takes each unit once', () => {
    expect(group('a', 'picture', [0, 0], [1, 2])?.members).toEqual({ Net1: [1, 2, 3] });
  });

  it('is drawn from the lower to the higher place', () => {
    const brush = new PanelBrush('picture', { row: 5, col: 1 });
    brush.extend({ row: 2, col: 3 });
    expect(brush.brush).toEqual({ rows: { from: 2, to: 5 }, cols: { from: 1, to: 3 } });
    expect(new PanelBrush('cols', { row: 5, col: 1 }).brush.rows).toBeUndefined();
  });
});

describe('axes', () => {
  const look = { label: 'Net1, place by mean', unitLabel: 'unit of Net1', units: Int32Array.of(7, 3, 9, 1) };

  it('name places, and units where there is room for every one', () => {
    expect(axisWords(look, 0, 4, 30, 13)).toMatchObject({ label: 'Net1, place by mean' });
    const deep = axisWords(look, 0.8, 3.2, 100, 13);
    expect(deep.label).toBe('unit of Net1');
    expect(deep.ticks).toEqual([
      { at: 1, text: '3' },
      { at: 2, text: '9' },
    ]);
    expect(axisWords({ label: 'unit of Net1' }, 0, 4, 400, 13).label).toBe('unit of Net1');
  });
});

describe('p-values', () => {
  it.each([
    // scipy.stats.pearsonr(..., alternative="greater") by its formula: t.sf(r sqrt((n-2)/(1-r^2)), n-2)
    [0, 50, 0.5],
    [0.5, 20, 0.01238],
    [-0.5, 20, 0.98762],
  ])('r = %f of %i samples', (r, n, p) => expect(correlationPValue(r, n)).toBeCloseTo(p, 4));

  it('have no meaning without samples, and are certain at the ends', () => {
    expect(correlationPValue(0.5, 2)).toBeNaN();
    expect(correlationPValue(NaN, 20)).toBeNaN();
    expect([correlationPValue(1, 20), correlationPValue(-1, 20)]).toEqual([0, 1]);
  });

  it.each([
    [0, '< 1e−38'],
    [1e-40, '< 1e−38'],
    [3.14e-7, '3.1e−7'],
    [0.0314, '.031'],
    [1, '1.000'],
    [NaN, '–'],
  ])('%d is written %s', (p, words) => expect(formatPValue(p)).toBe(words));

  it('use the effective samples of the pair, of another pair, or of the images; else nothing', () => {
    const run = projectWithAll().runs[0];
    const correlation = run.results.find(({ analysis }) => analysis === 'correlation')!;
    const { layer } = correlation.a;
    const withCount = (b: string, count: number) => ({
      ...correlation,
      analysis: 'certainty' as const,
      b: { network: b, layer },
      headline: { effectiveSamples: count },
    });
    const bare = { ...run, results: run.results.filter(({ analysis }) => analysis !== 'certainty') };
    const other = { ...bare, results: [...bare.results, withCount('Net3', 900), withCount('Net4', 800)] };
    expect(effectiveSamples(other, layer, correlation)).toEqual({
      samples: 800,
      why: 'effective samples from the null of Net1 with Net4',
    });
    const own = { ...other, results: [...other.results, withCount(correlation.b.network, 1000)] };
    expect(effectiveSamples(own, layer, correlation)?.samples).toBe(1000);
    expect(effectiveSamples(bare, layer, correlation)).toBeNull();
    const images = makeRun().data.images;
    const layers = makeProject().runs[0].layers.map((facts) => ({
      ...facts,
      samples: images,
      testSamples: 0,
    }));
    expect(effectiveSamples({ ...bare, layers }, layer, correlation)).toEqual({
      samples: images,
      why: 'one sample an image',
    });
  });
});
