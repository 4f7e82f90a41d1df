import { layoutChart, roundTicks } from '../layout/chart.ts';
import type { Chart } from '../layout/chart.ts';
import type { FigureStyle } from '../layout/style.ts';
import { formatNumber, niceDomain } from '../ticks.ts';
import { samplingWords } from '../words.ts';
import { pairTitle } from './pair-title.ts';
import type { Panel } from './panel.ts';
import type { InformationScatterData } from './panel-data.ts';

const unitsOf = (data: InformationScatterData, same: boolean): number[] =>
  Array.from(data.isSame, (value, unit) => (value === same ? unit : -1)).filter((unit) => unit >= 0);

function chartOf(title: string, data: InformationScatterData, style: FigureStyle): Chart {
  const [low, high] = niceDomain(Math.min(0, ...Array.from(data.correlation)), 1, 6);
  const [, top] = niceDomain(0, Math.max(...Array.from(data.information)), 6);
  const pick = (units: number[], values: ArrayLike<number>) => units.map((unit) => values[unit]);
  const [same, other] = [unitsOf(data, true), unitsOf(data, false)];
  const dots = (units: number[]) => ({
    kind: 'dots' as const,
    xs: pick(units, data.correlation),
    ys: pick(units, data.information),
    share: 2,
  });
  return {
    title,
    legend: [
      { label: 'same partner', colour: style.pair.match, shape: 'dot' },
      { label: 'other partner', colour: style.pair.match, shape: 'ring' },
    ],
    x: {
      label: 'Correlation of the match',
      domain: [low, Math.min(1, high)],
      ticks: roundTicks([low, Math.min(1, high)]),
    },
    y: { label: 'Information (nats)', domain: [0, top], ticks: roundTicks([0, top]) },
    marks: [
      ...(data.nullMean === undefined
        ? []
        : [
            {
              kind: 'rule' as const,
              at: data.nullMean,
              along: 'x' as const,
              colour: style.ink.quiet,
              dashPt: [2, 1.5],
            },
          ]),
      { ...dots(other), colour: style.pair.match, hollow: true },
      { ...dots(same), colour: style.pair.match },
    ],
    ends:
      data.nullMean === undefined ? [] : [{ y: data.nullMean, text: 'shuffled', colour: style.ink.quiet }],
  };
}

/** Mutual-information matches beside correlation matches. */
export const informationScatter: Panel<'information-scatter'> = {
  label: 'Matches by mutual information and by correlation',
  layout: (spec, data, style, slot) =>
    layoutChart(chartOf(spec.title ?? pairTitle(data), data, style), style, slot),
  caption(_spec, data) {
    const same = unitsOf(data, true).length;
    const share = formatNumber((100 * same) / Math.max(1, data.isSame.length), 0);
    return (
      `Each unit of ${data.networkA} (${data.layer}): correlation of its one-to-one match by correlation, mutual information` +
      ` of its one-to-one match by mutual information. Filled, both are one unit of ${data.networkB} (${share} %).` +
      (data.nullMean === undefined ? '' : ' Dashed, mean information of matches of shuffled samples.') +
      ` ${data.isSame.length} matched units, ${samplingWords(data.sampling)}.`
    );
  },
  tables: (_spec, data) => [
    {
      name: 'matches',
      header: ['index', 'correlation', 'mutual_information', 'same_partner'],
      rows: Array.from(data.correlation, (value, at) => [
        at,
        value,
        data.information[at],
        data.isSame[at] ? 1 : 0,
      ]),
    },
  ],
};
