import { layoutChart, roundTicks } from '../layout/chart.ts';
import type { Chart, ChartMark, EndLabel } from '../layout/chart.ts';
import type { LegendItem } from '../layout/legend.ts';
import type { FigureStyle } from '../layout/style.ts';
import { niceDomain } from '../ticks.ts';
import { samplingWords } from '../words.ts';
import { pairTitle } from './pair-title.ts';
import type { Panel } from './panel.ts';
import type { MappingCurveData } from './panel-data.ts';

/** The loss of a mapping that predicts nothing: half the variance of a standardised target. */
const lossOfNothing = 0.5;

function chartOf(title: string, data: MappingCurveData, style: FigureStyle): Chart {
  const { points, leastSquaresLoss, bestSingleLoss } = data;
  const quiet = style.ink.quiet;
  const xs = points.map((point) => point.sourcesMean);
  const [, most] = niceDomain(0, Math.max(1, ...xs), 6);
  const marks: ChartMark[] = [
    { kind: 'rule', at: bestSingleLoss, along: 'x', colour: quiet, dashPt: [2, 1.5] },
    { kind: 'rule', at: leastSquaresLoss, along: 'x', colour: quiet, dashPt: [0.5, 1.5] },
  ];
  const legend: LegendItem[] = [{ label: 'training', colour: style.pair.match, shape: 'dot' }];
  const random = points.filter((point) => point.randomSourcesLoss !== undefined);
  if (random.length > 0) {
    marks.push({
      kind: 'line',
      xs: random.map((point) => point.sourcesMean),
      ys: random.map((point) => point.randomSourcesLoss as number),
      colour: style.pair.semi,
    });
    legend.push({ label: 'as many random sources', colour: style.pair.semi, shape: 'line' });
  }
  const losses = points.map((point) => point.loss);
  marks.push({ kind: 'line', xs, ys: losses, colour: style.pair.match });
  marks.push({ kind: 'dots', xs, ys: losses, colour: style.pair.match, share: 1 });
  const held = points.filter((point) => point.heldOutLoss !== undefined);
  if (held.length > 0) {
    const ys = held.map((point) => point.heldOutLoss as number);
    marks.push({
      kind: 'dots',
      xs: held.map((point) => point.sourcesMean),
      ys,
      colour: '#d55e00',
      hollow: true,
      share: 2,
    });
    legend.splice(1, 0, { label: 'held out', colour: '#d55e00', shape: 'ring' });
  }
  const ends: EndLabel[] = [
    { y: bestSingleLoss, text: 'best single', colour: quiet },
    { y: leastSquaresLoss, text: 'least squares', colour: quiet },
  ];
  return {
    title,
    legend,
    x: {
      label: `Sources per unit of ${data.networkB} (mean)`,
      domain: [0, most],
      ticks: roundTicks([0, most]),
    },
    y: { label: 'Loss per unit', domain: [0, lossOfNothing], ticks: roundTicks([0, lossOfNothing]) },
    marks,
    ends,
  };
}

export const mappingCurve: Panel<'mapping-curve'> = {
  label: 'Sparse mapping: loss against sources',
  layout: (spec, data, style, slot) =>
    layoutChart(chartOf(spec.title ?? pairTitle(data), data, style), style, slot),
  caption: (_spec, data) =>
    `Loss ½E[(y − w·x)²] of predicting the units of ${data.networkB} from sparse combinations of those of` +
    ` ${data.networkA} (${data.layer}), against the mean number of sources, one point a penalty` +
    ` (α ${data.points.map(({ alpha }) => alpha).join(', ')}). Standardised units: predicting nothing scores 0.5,` +
    ` R² = 1 − 2 loss. Dashed, the best single source of each unit; dotted, unpenalised least squares.` +
    ` ${sentence(samplingWords(data.sampling))}`,
  tables: (_spec, { points }) => [
    {
      name: 'loss',
      header: ['alpha', 'sources_mean', 'loss', 'held_out_loss', 'random_sources_loss'],
      rows: points.map((point) => [
        point.alpha,
        point.sourcesMean,
        point.loss,
        point.heldOutLoss ?? '',
        point.randomSourcesLoss ?? '',
      ]),
    },
  ],
};

const sentence = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}.`;
