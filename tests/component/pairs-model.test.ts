import { describe, expect, it } from 'vitest';
import { columnsOf, readColumns, writeColumns } from '#renderer/features/match/pair-columns.ts';
import { filterRows } from '#renderer/features/match/pairs-filter.ts';
import { PairColumns, sortedBy, sortRows, type ColumnKey } from '#renderer/features/match/pairs-model.ts';
import { pairsText } from '#renderer/features/match/pairs-text.ts';
import { rankAxes, scatterAxes } from '#renderer/plots/curves/curve-layout.ts';
import { perNat } from '#renderer/ui/information-unit.ts';
import { formatCorrelation, formatDuration, formatValue } from '#renderer/ui/format.ts';

const table = {
  unitA: Int32Array.of(0, 1, 2, 3),
  matchB: Int32Array.of(5, 2, -1, 7),
  matchValue: Float64Array.of(0.9, 0.1, 0, -0.2),
  semiB: Int32Array.of(5, 5, 5, 7),
  semiValue: Float64Array.of(0.9, 0.6, 0.6, 0.3),
  meanA: Float64Array.of(1, 2, 3, 4),
  meanB: Float64Array.of(1, 2, 0, 4),
  deadA: Uint8Array.of(0, 0, 0, 1),
  deadB: Uint8Array.of(0, 0, 0, 0),
};
const plain = new PairColumns(table);
const full = new PairColumns(table, {
  stability: [1, 0.5, NaN, 0.8],
  q: [1e-9, 0.2, NaN, 0.04],
  mi: [1.2, 0.3, NaN, 0.1],
  miPartner: [5, 3, -1, 7],
  heldOut: [0.88, 0.12, NaN, -0.1],
});
const sorted = (pairs: PairColumns, key: ColumnKey, isDescending: boolean) => [
  ...sortRows(pairs, pairs.all(), { key, isDescending }),
];

describe('rows of pairs', () => {
  it('have no match value where there is no match', () => {
    expect(plain.value('r', 2)).toBeNaN();
    expect(plain.unit('matchB', 2)).toBe(-1);
    expect([0, 1, 2, 3].map((row) => plain.value('same', row))).toEqual([1, 0, 0, 1]);
    expect(plain.has('q')).toBe(false);
    expect(full.value('agree', 2)).toBeNaN();
    expect([0, 1, 3].map((row) => full.value('agree', row))).toEqual([1, 0, 1]);
  });

  it('sort both ways, ties by unit, rows without a value last', () => {
    expect(sorted(plain, 'r', true)).toEqual([0, 1, 3, 2]);
    expect(sorted(plain, 'r', false)).toEqual([3, 1, 0, 2]);
    expect(sorted(plain, 'semiR', true)).toEqual([0, 1, 2, 3]);
    expect(sorted(plain, 'semiR', false)).toEqual([3, 1, 2, 0]);
    expect(sorted(plain, 'dead', true)).toEqual([3, 0, 1, 2]);
    expect(sorted(full, 'q', false)).toEqual([0, 3, 1, 2]);
    expect(sorted(full, 'stability', true)).toEqual([0, 3, 1, 2]);
  });

  it('hold information in the unit that is shown, everything else as it is', () => {
    const bits = full.withInformation(perNat.bits);
    expect(bits.value('mi', 0)).toBeCloseTo(1.2 / Math.log(2), 12);
    expect(bits.value('mi', 2)).toBeNaN();
    expect([0, 1, 3].map((row) => bits.value('agree', row))).toEqual([1, 0, 1]);
    expect(bits.value('heldOut', 0)).toBe(0.88);
    expect([...filterRows({ pairs: bits, isInGroup: () => false }, bits.all(), 'mi > 1.5')!]).toEqual([0]);
    expect(columnsOf(bits, 'A', 'B', 'bits').find(({ key }) => key === 'mi')?.label).toBe('I, bits');
  });

  it('sort every number as numbers sort', () => {
    const values = Float64Array.of(0, -0, 1, -1, Infinity, -Infinity, 1e-320, -1e-320, 1e300, NaN, 0.5, -2.5);
    const rows = Int32Array.from(values.keys());
    const expected = [...rows].sort(
      (x, y) =>
        Number(Number.isNaN(values[x])) - Number(Number.isNaN(values[y])) || values[x] - values[y] || x - y,
    );
    expect([...sortedBy(values, rows, false)]).toEqual(expected);
    expect([...sortedBy(values, rows, true)].at(-1)).toBe(9);
    expect([...sortedBy(values, rows, true)].slice(0, 3)).toEqual([4, 8, 2]);
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
    ['r<=.1', [1, 3]],
    ['r < −.1', [3]],
    ['same r > .5', [0]],
    ['q < .05', [0, 3]],
    ['q<1e-6', [0]],
    ['stability>=.8', [0, 3]],
    ['stability < 1', [1, 3]],
    ['mi > .2', [0, 1]],
    ['agree', [0, 3]],
    ['differ', [1]],
    ['held > .1, q < .3', [0, 1]],
    ['group', [1, 2]],
    ['what', undefined],
    ['what > 1', undefined],
  ])('filter by "%s"', (filter, expected) => {
    const scope = { pairs: full, isInGroup: (row: number) => row === 1 || row === 2 };
    const found = filterRows(scope, full.all(), filter);
    expect(found && [...found]).toEqual(expected ?? null);
  });
});

describe('a hundred thousand rows', () => {
  const count = 100_000;
  const random = (seed: number) =>
    Float64Array.from({ length: count }, (_, at) => Math.sin(at * 12.9898 + seed));
  const many = new PairColumns(
    {
      unitA: Int32Array.from({ length: count }, (_, unit) => unit),
      matchB: Int32Array.from({ length: count }, (_, unit) => (unit * 7) % count),
      matchValue: random(1),
      semiB: Int32Array.from({ length: count }, (_, unit) => (unit * 7) % count),
      semiValue: random(2),
      meanA: random(3),
      meanB: random(4),
      deadA: new Uint8Array(count),
      deadB: new Uint8Array(count),
    },
    { stability: random(5), q: random(6), mi: random(7), miPartner: new Int32Array(count) },
  );
  const scope = { pairs: many, isInGroup: () => false };

  it('sort and filter in less than 100 ms each', () => {
    const time = (work: () => unknown) => {
      const tries = [1, 2, 3, 4, 5].map(() => {
        const start = performance.now();
        work();
        return performance.now() - start;
      });
      return Math.min(...tries);
    };
    const sortMs = time(() => sortRows(many, many.all(), { key: 'r', isDescending: true }));
    const filterMs = time(() => filterRows(scope, many.all(), 'r > .2 q < .5 different'));
    console.info(`100,000 rows: sorted in ${sortMs.toFixed(1)} ms, filtered in ${filterMs.toFixed(1)} ms`);
    expect(sortMs).toBeLessThan(100);
    expect(filterMs).toBeLessThan(100);
    const order = sortRows(many, many.all(), { key: 'r', isDescending: true });
    const values = many.column('r');
    expect(order.every((row, at) => at === 0 || values[order[at - 1]] >= values[row])).toBe(true);
  });
});

describe('text', () => {
  const columns = columnsOf(full, 'Net1, "big"', 'Net2').filter(({ key }) =>
    ['unitA', 'matchB', 'r', 'q', 'same'].includes(key),
  );

  it('is quoted in CSV, and numbers are whole, with hyphens', () => {
    const lines = pairsText(full, [3, 2], columns, 'CSV').split('\n');
    expect(lines).toEqual([
      '"unit of Net1, ""big""",match in Net2,match r,q,same',
      '3,7,-0.2,0.04,same',
      '2,,,,',
      '',
    ]);
  });

  it('is parted by tabs in TSV', () => {
    expect(pairsText(full, [0], columns, 'TSV').split('\n')[1]).toBe('0\t5\t0.9\t1e-9\tsame');
  });
});

describe('columns', () => {
  it('are those that the project has values for', () => {
    const keys = (pairs: PairColumns) => columnsOf(pairs, 'A', 'B').map(({ key }) => key);
    expect(keys(plain)).toEqual(['unitA', 'matchB', 'r', 'semiB', 'semiR', 'same', 'meanA', 'meanB', 'dead']);
    expect(keys(full)).toContain('stability');
    expect(keys(new PairColumns({ ...table, deadA: new Uint8Array(4) }))).not.toContain('dead');
  });

  it('are written and read again, unknown ones left out', () => {
    expect(readColumns(writeColumns(['unitA', 'q']))).toEqual(['unitA', 'q']);
    expect(readColumns('q nothing r')).toEqual(['r', 'q']);
  });
});

describe('the curves', () => {
  const box = { left: 10, top: 0, width: 300, height: 100 };

  it('put the best at the left and zero inside the axis', () => {
    const axes = rankAxes(4, [0.9, 0.6, -0.2, NaN], box);
    expect([axes.xOf(0), axes.xOf(3)]).toEqual([10, 310]);
    expect(axes.yTicks.map((tick) => tick.label)).toContain('0');
    expect(axes.yOf(0.9)).toBeGreaterThanOrEqual(0);
    expect(axes.yOf(-0.2)).toBeLessThanOrEqual(100);
  });

  it('draw a single unit', () => {
    const axes = rankAxes(1, [0.5], { left: 0, top: 0, width: 10, height: 10 });
    expect(Number.isFinite(axes.xOf(0) + axes.yOf(0.5))).toBe(true);
  });

  it('hold every pair of a scatter', () => {
    const axes = scatterAxes([0.2, 0.9, NaN], [0.01, 1.3], box);
    for (const r of [0.2, 0.9]) expect(axes.xOf(r)).toBeGreaterThanOrEqual(10);
    expect(axes.xOf(0.9)).toBeLessThanOrEqual(310);
    expect(axes.yOf(1.3)).toBeGreaterThanOrEqual(0);
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
