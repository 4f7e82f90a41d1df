import type { CorrelationQuadData, HeatmapData, LayerMeansData, MatchingCurvesData } from '../data.ts';
import { quadRange } from '../layout/correlation-quad.ts';
import { heatmapRange } from '../layout/heatmap.ts';
import { meansOf } from '../layout/layer-means.ts';
import type { CorrelationQuadOptions, HeatmapOptions, MatchingCurvesOptions } from '../spec.ts';
import type { OrderName } from '../../domain/unit-orders.ts';
import { formatCount, formatNumber } from '../ticks.ts';
import { deadWords, rangeWords, samplingWords, scoreWords } from '../words.ts';

/** What the paper's own figures show, in sentences. */

const captionOrders: Record<Exclude<OrderName, 'unit'>, string> = {
  match: 'by the correlation of their match, best first, each beside its partner',
  cluster: 'as the leaves of the hierarchy of spectral clusters',
  mean: 'by their mean activation, largest first',
  convergence: 'by convergence: the share of other networks in which they are found, largest first',
};

export function quadCaption(
  spec: CorrelationQuadOptions,
  data: CorrelationQuadData,
  [la, lb, lc, ld]: string[] = ['a', 'b', 'c', 'd'],
): string {
  const { networkA: a, networkB: b, between } = data;
  return [
    `Pearson correlation r between units over ${samplingWords(data.sampling)}, ${rangeWords(spec.colours, quadRange(spec, data))}.`,
    `${la}, Within ${a} (${between.rows} units). ${lb}, Within ${b} (${between.cols} units). ${lc}, Between ${a} and ${b}.`,
    ...(data.order && data.order.name !== 'unit'
      ? [`Units stand ${captionOrders[data.order.name]}, those of each network alike in all panels.`]
      : []),
    `${ld}, As ${lc}, with the units of ${b} in the order of their one-to-one matches in ${a}`,
    '(the assignment with the largest sum of correlations), unmatched units last.',
    deadWords(data),
  ].join(' ');
}

export function curvesCaption(spec: MatchingCurvesOptions, data: MatchingCurvesData): string {
  const { networkA: a, networkB: b } = data;
  const order =
    spec.order === 'each'
      ? 'Both series are sorted by themselves.'
      : 'Units are sorted by semi-match value; a stem joins the two values of a unit where they differ.';
  const band = data.nullBand
    ? ` Grey band, range expected by chance (shuffled samples): ${formatNumber(data.nullBand.low, 2)} to ${formatNumber(data.nullBand.high, 2)}.`
    : '';
  return [
    `${data.layer}, ${data.semi.length} units of ${a} with those of ${b}: mean semi-match ${formatNumber(data.semiMean, 2)}, mean match`,
    `${formatNumber(data.matchMean, 2)}, ${formatNumber(100 * data.agreement, 0)} % of matched units keep their semi-match;`,
    `${samplingWords(data.sampling)}. Faint, semi-match: the largest ${scoreWords[data.score]} of each unit of ${a} with any unit of`,
    `${b}. Strong, match: the same under the one-to-one assignment with the largest sum. ${order} ${deadWords(data)}${band}`,
  ].join(' ');
}

function bootstrapWords({ level, resamples }: { level: number; resamples: number }): string {
  return `Whiskers: ${formatNumber(100 * level, 0)} % interval of the mean over ${formatCount(resamples)} bootstrap resamples of whole images, partners kept.`;
}

export function meansCaption(data: LayerMeansData, dots: boolean): string {
  const means = meansOf(data);
  const counts = [...new Set(means.map((mean) => mean.pairs.length))].sort((x, y) => x - y);
  const pairs = counts.length === 1 ? String(counts[0]) : `${counts[0]} to ${counts[counts.length - 1]}`;
  const isOne = counts.length === 1 && counts[0] === 1;
  const values = means.map(
    (mean) => `${mean.layer} ${formatNumber(mean.semi, 3)} and ${formatNumber(mean.match, 3)}`,
  );
  return [
    `Bars: mean over ${pairs} network ${isOne ? 'pair' : 'pairs'} of the mean ${scoreWords[data.score]} of semi-matched (faint)`,
    `and one-to-one matched (strong) units, ${formatCount(data.images)} images.`,
    ...(dots && !isOne ? ['Dots: single network pairs, in the same order in every bar.'] : []),
    ...(data.bootstrap ? [bootstrapWords(data.bootstrap)] : []),
    `Semi-match and match: ${values.join('; ')}.`,
  ].join(' ');
}

export function heatmapCaption(spec: HeatmapOptions, data: HeatmapData): string {
  const { rows, cols } = data.matrix;
  const range = rangeWords(spec.colours, heatmapRange(spec, data));
  return `Rows, ${data.rowLabel} (${rows}); columns, ${data.colLabel} (${cols}). Colour, ${data.valueLabel}, ${range}.`;
}
