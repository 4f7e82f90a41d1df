import { layoutChart, roundTicks } from '../layout/chart.ts';
import type { Chart } from '../layout/chart.ts';
import type { FigureStyle } from '../layout/style.ts';
import { formatNumber, niceDomain } from '../ticks.ts';
import { samplingWords } from '../words.ts';
import type { Panel } from './panel.ts';
import type { MappingTargetData } from './panel-data.ts';

function chartOf(title: string, data: MappingTargetData, count: number, style: FigureStyle): Chart {
  const shown = data.sources.slice(0, count);
  const weights = shown.map(({ weight }) => weight);
  const correlations = shown.map(({ correlation }) => correlation);
  const all = [...weights, ...correlations];
  const [low, high] = niceDomain(Math.min(0, ...all), Math.max(0, ...all), 6);
  const rows = shown.map((_, at) => at);
  return {
    title,
    aspect: 0.09 * Math.max(3, shown.length),
    legend: [
      { label: 'weight w', colour: style.pair.match, shape: 'dot' },
      { label: 'r with the target', colour: style.ink.quiet, shape: 'ring' },
    ],
    x: { label: 'Weight, correlation', domain: [low, high], ticks: roundTicks([low, high]) },
    y: {
      label: `${data.networkA} unit`,
      domain: [shown.length - 0.5, -0.5],
      ticks: shown.map(({ unit }, at) => ({ value: at, label: String(unit) })),
      tickRules: false,
    },
    marks: [
      { kind: 'rule', at: 0, along: 'y', colour: style.ink.quiet },
      { kind: 'stems', xs: weights, ys: rows, colour: style.pair.match, along: 'x' },
      { kind: 'dots', xs: correlations, ys: rows, colour: style.ink.quiet, hollow: true, share: 1 },
      { kind: 'dots', xs: weights, ys: rows, colour: style.pair.match, share: 1 },
    ],
  };
}

const explained = (loss: number): string => formatNumber(1 - 2 * loss, 2);

/** One target and its few sources. */
export const mappingTarget: Panel<'mapping-target'> = {
  label: 'Sparse mapping: one target and its sources',
  layout(spec, data, style, slot) {
    const title = spec.title ?? `Unit ${data.unit} of ${data.networkB}, R² ${explained(data.loss)}`;
    const chart = chartOf(title, data, spec.count, style);
    return layoutChart(chart, style, slot);
  },
  caption: (spec, data) =>
    `Unit ${data.unit} of ${data.networkB} (${data.layer}) predicted from ${data.networkA}: standardised weights` +
    ` (filled) and correlations with the target (open) of ${data.sources.length <= spec.count ? 'its' : `the ${spec.count} strongest of`}` +
    ` ${data.sources.length} sources at α = ${data.alpha}. R² ${explained(data.loss)}; best single source` +
    ` ${explained(data.bestSingleLoss)}, least squares ${explained(data.leastSquaresLoss)}; ${samplingWords(data.sampling)}.`,
  tables: (_spec, { sources }) => [
    {
      name: 'sources',
      header: ['source_unit', 'weight', 'correlation'],
      rows: sources.map(({ unit, weight, correlation }) => [unit, weight, correlation]),
    },
  ],
};
