import { networkLook } from '../colour/sets.ts';
import { layoutChart, roundTicks } from '../layout/chart.ts';
import type { Chart } from '../layout/chart.ts';
import type { FigureStyle } from '../layout/style.ts';
import { niceDomain } from '../ticks.ts';
import { samplingWords } from '../words.ts';
import type { Panel } from './panel.ts';
import type { ActivationMeansData } from './panel-data.ts';

/** So that curves are told apart without colour. */
const dashes = [undefined, [3, 1.2], [1, 1], [5, 1.2, 1, 1.2]];

const ascending = (values: ArrayLike<number>): number[] => Array.from(values).sort((x, y) => x - y);

/** A step up at every value: the share of units whose mean is at most x. */
function cumulative(means: ArrayLike<number>, from: number, to: number): { xs: number[]; ys: number[] } {
  const [xs, ys] = [[from], [0]];
  const sorted = ascending(means);
  sorted.forEach((value, at) => {
    xs.push(value, value);
    ys.push(at / sorted.length, (at + 1) / sorted.length);
  });
  return { xs: [...xs, to], ys: [...ys, 1] };
}

function chartOf(title: string, data: ActivationMeansData, style: FigureStyle): Chart {
  const all = data.networks.flatMap(({ means }) => Array.from(means));
  const [low, high] = niceDomain(Math.min(...all), Math.max(...all), 6);
  return {
    title,
    legend: data.networks.map(({ name }, at) => ({
      label: name,
      colour: networkLook(at, style.theme).colour,
      shape: 'line',
      dashPt: dashes[at % dashes.length],
    })),
    x: { label: 'Mean activation of a unit', domain: [low, high], ticks: roundTicks([low, high]) },
    y: { label: 'Share of units', domain: [0, 1], ticks: roundTicks([0, 1]) },
    marks: data.networks.map(({ means }, at) => ({
      kind: 'line',
      ...cumulative(means, low, high),
      colour: networkLook(at, style.theme).colour,
      dashPt: dashes[at % dashes.length],
    })),
  };
}

/** Distributions of mean activations. */
export const activationMeans: Panel<'activation-means'> = {
  label: 'Distribution of mean activations',
  layout: (spec, data, style, slot) =>
    layoutChart(chartOf(spec.title ?? data.layer, data, style), style, slot),
  caption: (_spec, data) =>
    `${data.layer}: ${data.networks.map(({ name, means }) => `${name}, ${means.length} units`).join('; ')}; ${samplingWords(data.sampling)}.` +
    ' Cumulative distribution of the mean activations of units, a curve a network.',
  tables: (_spec, data) => [
    {
      name: 'means',
      header: ['network', 'unit', 'mean_activation'],
      rows: data.networks.flatMap(({ name, means }) =>
        Array.from(means, (value, unit) => [name, unit, value]),
      ),
    },
  ],
};
