import { layoutChart, roundTicks, seriesColour } from '../layout/chart.ts';
import type { Chart } from '../layout/chart.ts';
import type { FigureStyle } from '../layout/style.ts';
import { formatNumber } from '../ticks.ts';
import type { Panel } from './panel.ts';
import type { ConvergenceData, NeighbourhoodCurveData } from './panel-data.ts';

function convergenceChart(title: string, { layers, networks }: ConvergenceData, style: FigureStyle): Chart {
  const share = (count: number, live: number): number => (live > 0 ? count / live : 0);
  const xs = layers.map((_, at) => at);
  const all = layers.map(({ all: count, live }) => share(count, live));
  const some = layers.map(({ all: most, some: count, live }) => share(most + count, live));
  const whole = layers.map(({ live }) => (live > 0 ? 1 : 0));
  const zero = layers.map(() => 0);
  const bars = { kind: 'bars' as const, xs, width: 0.62 };
  return {
    title,
    legend: [
      { label: `all ${networks.length}`, colour: style.pair.match, shape: 'square' },
      { label: 'some', colour: style.pair.semi, shape: 'square' },
      { label: 'one alone', colour: style.ink.band, shape: 'square' },
    ],
    x: {
      label: 'Layer',
      domain: [-0.5, layers.length - 0.5],
      ticks: layers.map(({ layer }, value) => ({ value, label: layer })),
      tickRules: false,
    },
    y: { label: 'Share of units', domain: [0, 1], ticks: roundTicks([0, 1]) },
    marks: [
      { ...bars, lows: some, highs: whole, colour: style.ink.band },
      { ...bars, lows: all, highs: some, colour: style.pair.semi },
      { ...bars, lows: zero, highs: all, colour: style.pair.match },
    ],
  };
}

/** Features that all networks learned, and those that one did. */
export const convergence: Panel<'convergence'> = {
  label: 'Units found in all, some or one of the networks',
  layout: (spec, data, style, slot) =>
    layoutChart(convergenceChart(spec.title ?? '', data, style), style, slot),
  caption: (_spec, data) =>
    `Share of the units of ${data.networks.join(', ')} whose one-to-one match correlates at least ${data.threshold} in every` +
    ` other network, in some, or in none. ${data.layers.map(({ layer, all, live }) => `${layer}: ${formatNumber((100 * all) / Math.max(1, live), 0)} % in all`).join('; ')}.`,
  tables: (_spec, data) => [
    {
      name: 'units',
      header: ['layer', 'in_all', 'in_some', 'in_one', 'live_units'],
      rows: data.layers.map(({ layer, all, some, one, live }) => [layer, all, some, one, live]),
    },
  ],
};

function neighbourhoodChart(title: string, { layers }: NeighbourhoodCurveData): Chart {
  const epsilons = layers.flatMap(({ points }) => points.map(({ epsilon }) => epsilon));
  const [low, high] = [Math.min(...epsilons), Math.max(...epsilons)];
  const domain: [number, number] = low < high ? [low, high] : [low - 0.1, high + 0.1];
  return {
    title,
    legend: layers.map(({ layer }, at) => ({
      label: layer,
      colour: seriesColour(at, layers.length),
      shape: 'line',
    })),
    x: { label: 'ε', domain, ticks: roundTicks(domain) },
    y: { label: 'Units in maximum matches', domain: [0, 1], ticks: roundTicks([0, 1]) },
    marks: layers.flatMap(({ points }, at) => {
      const series = {
        xs: points.map(({ epsilon }) => epsilon),
        ys: points.map(({ similarity }) => similarity),
        colour: seriesColour(at, layers.length),
      };
      return [
        { kind: 'line' as const, ...series },
        { kind: 'dots' as const, ...series, share: 0.1 },
      ];
    }),
  };
}

/** Matches of sets of units (Wang et al. 2018). */
export const neighbourhoodCurve: Panel<'neighbourhood-curve'> = {
  label: 'Matches of sets of units',
  layout: (spec, data, style, slot) =>
    layoutChart(neighbourhoodChart(spec.title ?? `${data.networkA} and ${data.networkB}`, data), style, slot),
  caption: (_spec, data) =>
    `Share of the units of ${data.networkA} and ${data.networkB} in ε-maximum matches of sets of units (Wang et al. 2018),` +
    ` against ε, a curve a layer.`,
  tables: (_spec, data) => [
    {
      name: 'similarity',
      header: ['layer', 'epsilon', 'maximum_match_similarity'],
      rows: data.layers.flatMap(({ layer, points }) =>
        points.map(({ epsilon, similarity }) => [layer, epsilon, similarity]),
      ),
    },
  ],
};
