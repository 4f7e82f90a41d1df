import { layoutChart, roundTicks } from '../layout/chart.ts';
import type { Chart, ChartMark } from '../layout/chart.ts';
import type { LegendItem } from '../layout/legend.ts';
import type { FigureStyle } from '../layout/style.ts';
import { formatNumber, indexTicks } from '../ticks.ts';
import { samplingWords } from '../words.ts';
import { pairTitle } from './pair-title.ts';
import type { Panel } from './panel.ts';
import type { CanonicalCorrelationsData } from './panel-data.ts';

const ranks = (values: ArrayLike<number>): number[] => Array.from(values, (_, at) => at + 1);

function chartOf(title: string, data: CanonicalCorrelationsData, style: FigureStyle): Chart {
  const count = Math.max(data.cca.length, data.svcca?.length ?? 0, 2);
  const marks: ChartMark[] = [];
  const legend: LegendItem[] = [
    { label: `CCA, mean ${formatNumber(data.ccaMean, 2)}`, colour: style.pair.match, shape: 'dot' },
  ];
  if (data.svcca) {
    marks.push({ kind: 'line', xs: ranks(data.svcca), ys: data.svcca, colour: style.pair.semi });
    const mean = data.svccaMean === undefined ? '' : `, mean ${formatNumber(data.svccaMean, 2)}`;
    legend.push({ label: `SVCCA${mean}`, colour: style.pair.semi, shape: 'line' });
  }
  marks.push({ kind: 'dots', xs: ranks(data.cca), ys: data.cca, colour: style.pair.match });
  const ticks = indexTicks(count, 6).map((value) => ({
    value: Math.max(1, value),
    label: String(Math.max(1, value)),
  }));
  return {
    title,
    legend,
    x: { label: 'Pair of directions', domain: [0.5, count + 0.5], ticks },
    y: { label: 'Canonical correlation', domain: [0, 1], ticks: roundTicks([0, 1]) },
    marks,
  };
}

/** How much of the two spaces is shared. */
export const canonicalCorrelations: Panel<'canonical-correlations'> = {
  label: 'Shared subspaces: canonical correlations',
  layout: (spec, data, style, slot) =>
    layoutChart(chartOf(spec.title ?? pairTitle(data), data, style), style, slot),
  caption: (_spec, data) =>
    `${data.layer}, ${data.networkA} and ${data.networkB}: mean ${formatNumber(data.ccaMean, 3)};` +
    ` ${samplingWords(data.sampling)}. Dots, canonical correlations between the spaces of the two networks' units, largest first.` +
    (data.svcca ? ' Line, those of the leading components of either side only (SVCCA).' : '') +
    ` ${data.forced > 0 ? `${data.forced} of them are 1 whatever the data, because samples are few.` : 'None is forced to 1 by few samples.'}`,
  tables: (_spec, data) => [
    {
      name: 'cca',
      header: ['rank', 'canonical_correlation'],
      rows: Array.from(data.cca, (value, at) => [at + 1, value]),
    },
    ...(data.svcca
      ? [
          {
            name: 'svcca',
            header: ['rank', 'canonical_correlation'],
            rows: Array.from(data.svcca, (value, at) => [at + 1, value]),
          },
        ]
      : []),
  ],
};
