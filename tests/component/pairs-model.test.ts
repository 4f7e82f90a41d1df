import { describe, expect, it } from 'vitest';
import { filterRows, pairRows, sortRows } from '#renderer/features/match/pairs-model.ts';
import { layoutCurves } from '#renderer/plots/curves/curve-layout.ts';
import { formatCorrelation, formatDuration, formatValue } from '#renderer/ui/format.ts';

const rows = pairRows({
  unitA: Int32Array.of(0, 1, 2, 3),
  matchB: Int32Array.of(5, 2, -1, 7),
  matchValue: Float64Array.of(0.9, 0.1, 0, -0.2),
  semiB: Int32Array.of(5, 5, 5, 7),
  semiValue: Float64Array.of(0.9, 0.6, 0.6, 0.3),
  meanA: Float64Array.of(1, 2, 3, 4),
  meanB: Float64Array.of(1, 2, 0, 4),
  deadA: Uint8Array.of(0, 0, 0, 1),
  deadB: Uint8Array.of(0, 0, 0, 0),
});
const units = (found: { unitA: number }[] | null) => found?.map((row) => row.unitA);

describe('rows of pairs', () => {
  it('have no match value where there is no match', () => {
    expect(rows[2].matchValue).toBeNaN();
    expect(rows[2].isSame).toBe(false);
    expect(rows[0].isSame).toBe(true);
  });

  it('sort both ways, ties by unit, rows without a value last', () => {
    expect(units(sortRows(rows, { key: 'matchValue', isDescending: true }))).toEqual([0, 1, 3, 2]);
    expect(units(sortRows(rows, { key: 'matchValue', isDescending: false }))).toEqual([3, 1, 0, 2]);
    expect(units(sortRows(rows, { key: 'semiValue', isDescending: true }))).toEqual([0, 1, 2, 3]);
    expect(units(sortRows(rows, { key: 'dead', isDescending: true }))).toEqual([3, 0, 1, 2]);
  });

  it.each<[string, number[] | undefined]>([
    ['', [0, 1, 2, 3]],
    ['5', [0, 1, 2]],
    ['same', [0, 3]],
    ['different', [1, 2]],
    ['dead', [3]],
    ['unmatched', [2]],
    ['r > 0.05', [0, 1]],
    ['r<0', [3]],
    ['same r > .5', [0]],
    ['what', undefined],
  ])('filter by "%s"', (filter, expected) => {
    expect(units(filterRows(rows, filter))).toEqual(expected);
  });
});

describe('the curves', () => {
  it('put the best at the left and zero inside the axis', () => {
    const box = { left: 10, top: 0, width: 300, height: 100 };
    const layout = layoutCurves(
      rows.map((row, rank) => ({ rank, semi: row.semiValue, match: row.matchValue })),
      box,
    );
    expect(layout.xOf(0)).toBe(10);
    expect(layout.xOf(3)).toBe(310);
    expect(layout.matches.map((match) => match.rank)).toEqual([0, 1, 3]);
    expect(layout.yTicks.map((tick) => tick.label)).toContain('0');
    expect(layout.yOf(1)).toBeGreaterThanOrEqual(-1e-9);
  });

  it('draw a single unit', () => {
    const layout = layoutCurves([{ rank: 0, semi: 0.5, match: NaN }], {
      left: 0,
      top: 0,
      width: 10,
      height: 10,
    });
    expect(layout.semiPath).toMatch(/^M0\.00 \d/);
  });
});

describe('numbers', () => {
  it('are written as in the paper', () => {
    expect(formatCorrelation(0.627)).toBe('.63');
    expect(formatCorrelation(-0.1234, 3)).toBe('−.123');
    expect(formatCorrelation(1)).toBe('1.00');
    expect(formatCorrelation(-0.001)).toBe('.00');
    expect(formatCorrelation(NaN)).toBe('–');
    expect(formatValue(0)).toBe('0');
    expect(formatValue(-1.25)).toBe('−1.250');
    expect(formatValue(1.5e-6)).toBe('1.50e−6');
    expect(formatDuration(0.2)).toBe('1 s');
    expect(formatDuration(150)).toBe('3 min');
    expect(formatDuration(4800)).toBe('1 h 20 min');
  });
});
