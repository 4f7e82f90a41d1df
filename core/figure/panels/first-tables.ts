import type { CorrelationQuadData, HeatmapData, LayerMeansData, MatchingCurvesData } from '../data.ts';
import { shownMatrices } from '../layout/correlation-quad.ts';
import { meansOf, type LayerMean } from '../layout/layer-means.ts';
import { orderUnits } from '../layout/matching-curves.ts';
import type { MatchingCurvesOptions } from '../spec.ts';
import { matrixTables, numbersTo } from '../table-rows.ts';
import type { Cell, FigureTable } from '../table-rows.ts';

export function quadTables(data: CorrelationQuadData, letters = ['a', 'b', 'c', 'd']): FigureTable[] {
  const { networkA, networkB, order: shown } = data;
  if (data.between.levels) return [];
  const { withinA, withinB, between, permuted } = shownMatrices(data);
  const [a, b, c, d] = letters.map((letter) => letter.toLowerCase());
  const order = Array.from(data.orderB);
  const rowNames = data.orderA && Array.from(data.orderA, String);
  const units = {
    a: shown ? Array.from(shown.a) : numbersTo(between.rows),
    b: shown ? Array.from(shown.b) : numbersTo(between.cols),
  };
  const [namesA, namesB] = shown ? [units.a.map(String), units.b.map(String)] : [];
  return [
    ...matrixTables(`${a}-within`, `${networkA} unit`, withinA, units.a, namesA),
    ...matrixTables(`${b}-within`, `${networkB} unit`, withinB, units.b, namesB),
    ...matrixTables(`${c}-between`, `${networkA} unit`, between, units.b, namesA),
    ...matrixTables(`${d}-permuted`, `${networkA} unit`, permuted, order, rowNames),
  ];
}

export function curvesTables(spec: MatchingCurvesOptions, data: MatchingCurvesData): FigureTable[] {
  const { semiUnit, matchUnit } = orderUnits(spec, data);
  const rows = semiUnit.map((unit, rank): Cell[] => [
    rank,
    unit,
    data.semi[unit],
    matchUnit[rank],
    data.match[matchUnit[rank]],
  ]);
  return [{ name: 'values', header: ['rank', 'semi_unit', 'semi_value', 'match_unit', 'match_value'], rows }];
}

export function meansTables(data: LayerMeansData): FigureTable[] {
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

export function heatmapTables({ matrix, rowLabel, rowNames, colNames }: HeatmapData): FigureTable[] {
  return matrixTables('values', rowLabel, matrix, colNames ?? numbersTo(matrix.cols), rowNames);
}
