import { isKind } from './data.ts';
import type { Figure, Matrix } from './data.ts';
import { permuteMatrix } from './layout/correlation-quad.ts';
import { meansOf, type LayerMean } from './layout/layer-means.ts';
import { orderUnits } from './layout/matching-curves.ts';

export type Cell = string | number;

/** Numbers behind one part of a figure, in the order shown. Rows are made as they are read. */
export interface FigureTable {
  /** Short file-name part: `c-between`. */
  name: string;
  header: string[];
  rows: Iterable<Cell[]>;
}

/** The data behind the figure, complete and unrounded. */
export function tablesOf(figure: Figure): FigureTable[] {
  if (isKind(figure, 'correlation-quad')) {
    const { data } = figure;
    const identity = Array.from({ length: data.between.cols }, (_, unit) => unit);
    const rowsOfB = Array.from({ length: data.withinB.cols }, (_, unit) => unit);
    const rowsOfA = Array.from({ length: data.withinA.cols }, (_, unit) => unit);
    const order = Array.from(data.orderB);
    const rowNames = data.orderA && Array.from(data.orderA, String);
    return [
      matrixTable('a-within', `${data.networkA} unit`, data.withinA, rowsOfA),
      matrixTable('b-within', `${data.networkB} unit`, data.withinB, rowsOfB),
      matrixTable('c-between', `${data.networkA} unit`, data.between, identity),
      matrixTable(
        'd-permuted',
        `${data.networkA} unit`,
        permuteMatrix(data.between, order, data.orderA),
        order,
        rowNames,
      ),
    ];
  }
  if (isKind(figure, 'matching-curves')) {
    const { data, spec } = figure;
    const { semiUnit, matchUnit } = orderUnits(spec, data);
    const rows = semiUnit.map((unit, rank): Cell[] => [
      rank,
      unit,
      data.semi[unit],
      matchUnit[rank],
      data.match[matchUnit[rank]],
    ]);
    return [
      { name: 'values', header: ['rank', 'semi_unit', 'semi_value', 'match_unit', 'match_value'], rows },
    ];
  }
  if (isKind(figure, 'layer-means')) {
    const { data } = figure;
    const single = data.layers.flatMap(({ layer, pairs }) =>
      pairs.map((pair): Cell[] => [layer, pair.a, pair.b, pair.semiMean, pair.matchMean]),
    );
    const ends = ({ interval }: LayerMean): Cell[] =>
      interval
        ? [interval.semi.low, interval.semi.high, interval.match.low, interval.match.high]
        : ['', '', '', ''];
    const means = meansOf(data).map((mean): Cell[] => [
      ...[mean.layer, mean.pairs.length, mean.semi, mean.match],
      ...(data.bootstrap ? ends(mean) : []),
    ]);
    const endNames = ['semi_low', 'semi_high', 'match_low', 'match_high'];
    const header = ['layer', 'pairs', 'semi_mean', 'match_mean', ...(data.bootstrap ? endNames : [])];
    return [
      { name: 'means', header, rows: means },
      { name: 'pairs', header: ['layer', 'a', 'b', 'semi_mean', 'match_mean'], rows: single },
    ];
  }
  if (!isKind(figure, 'heatmap')) return [];
  const { matrix, rowLabel, rowNames, colNames } = figure.data;
  const columns = colNames ?? Array.from({ length: matrix.cols }, (_, at) => at);
  return [matrixTable('values', rowLabel, matrix, columns, rowNames)];
}

function matrixTable(
  name: string,
  corner: string,
  matrix: Matrix,
  columns: (string | number)[],
  rowNames?: string[],
): FigureTable {
  return {
    name,
    header: [corner, ...columns.map(String)],
    rows: {
      *[Symbol.iterator]() {
        for (let row = 0; row < matrix.rows; row++) {
          const values = matrix.values.subarray(row * matrix.cols, (row + 1) * matrix.cols);
          yield [rowNames?.[row] ?? row, ...values];
        }
      },
    },
  };
}
