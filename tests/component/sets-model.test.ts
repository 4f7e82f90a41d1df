import { describe, expect, it } from 'vitest';
import type { NamedArray, ResultEntry } from '#core/domain/result.ts';
import { ResultData } from '#renderer/features/analysis/read-result.ts';
import { informationCurves, matrixLook } from '#renderer/features/mutual-information/information-model.ts';
import {
  groupOf,
  isGroup,
  maximumSet,
  pointAt,
  setUnits,
  simpleSets,
} from '#renderer/features/neighbourhoods/sets-model.ts';

const data = (arrays: Omit<NamedArray, 'dtype'>[]) =>
  new ResultData(
    { headline: {} } as ResultEntry,
    [],
    arrays.map((array) => ({ ...array, dtype: 'int32' as const })),
  );
const row = (name: string, ...values: number[]) => ({
  name,
  rows: 1,
  cols: values.length,
  data: Float64Array.from(values),
});
const names = { a: 'Net1', b: 'Net2' };

describe('sets of units', () => {
  const found = data([
    row('maximum-a-0.5', 1, 0, 1),
    row('maximum-b-0.5', 1, 1),
    { name: 'simple-0.5', rows: 2, cols: 5, data: Uint8Array.of(1, 0, 1, 1, 1, 0, 0, 1, 0, 1) },
  ]);

  it('are told apart by network, smallest first', () => {
    expect(simpleSets(found, 0.5)).toEqual([
      { index: 1, a: [2], b: [1] },
      { index: 0, a: [0, 2], b: [0, 1] },
    ]);
    expect(maximumSet(found, 0.5)).toEqual({ index: -1, a: [0, 2], b: [0, 1] });
    expect(simpleSets(found, 0.3)).toEqual([]);
    expect(maximumSet(found, 0.3)).toBeNull();
  });

  it('become groups that every view knows, and are found again', () => {
    const [small, large] = simpleSets(found, 0.5);
    const group = groupOf(small, names, 0.5);
    expect(group).toEqual({
      label: 'set 2, tolerance 0.5',
      members: { Net1: [2], Net2: [1] },
      source: 'row',
    });
    expect([isGroup(small, names, group), isGroup(large, names, group), isGroup(small, names, null)]).toEqual(
      [true, false, false],
    );
  });
});

describe('units of sets', () => {
  it('stand by their distance to the other network, with the set that was found for each', () => {
    const found = data([
      row('residual-a', 0.5, 0.2),
      row('residual-b', 0.3),
      { name: 'simple-of-unit-0.4', rows: 1, cols: 3, data: Int32Array.of(-1, 0, -2) },
    ]);
    expect(setUnits(found, 0.4)).toEqual([
      { side: 'a', unit: 1, distance: 0.2, set: 0 },
      { side: 'b', unit: 0, distance: 0.3, set: -2 },
      { side: 'a', unit: 0, distance: 0.5, set: -1 },
    ]);
  });

  it('are shown at the first tolerance with a set, unless a person chose another', () => {
    const points = [0, 0, 0.4, 1].map((share, at) => ({ epsilon: at / 10, maximumMatchSimilarity: share }));
    expect(pointAt(points, -1)?.epsilon).toBe(0.2);
    expect(pointAt(points, 0.1)?.epsilon).toBe(0.1);
    expect(pointAt(points.slice(0, 2), -1)?.epsilon).toBe(0.1);
    expect(pointAt([], -1)).toBeUndefined();
  });
});

describe('mutual information', () => {
  const found = data([
    row('order-a', 2, 0, 1),
    row('order-b', 1, 2, 0),
    row('semi', 0, 1, 1),
    row('semi-value', 0.3, 0.2, 0.9),
    row('match', 2, -1, 1),
    row('match-value', 0.25, 0, 0.9),
  ]);

  it('stands with its matches on the diagonal, or by unit', () => {
    const look = matrixLook(found, true);
    expect([look.canMatch, look.order?.name]).toEqual([true, 'by information']);
    expect(look.cellOf({ unitA: 0, unitB: 2 })).toEqual({ row: 1, col: 1 });
    expect(look.cellOf({ unitA: 0, unitB: -1 })).toBeNull();
    expect(matrixLook(found, false).cellOf({ unitA: 0, unitB: 2 })).toEqual({ row: 0, col: 2 });
    expect(matrixLook(data([]), true)).toMatchObject({ order: null, canMatch: false });
  });

  it('draws no match of a unit without one', () => {
    const { matchValue } = informationCurves(found);
    expect([...matchValue]).toEqual([0.25, NaN, 0.9]);
  });
});
