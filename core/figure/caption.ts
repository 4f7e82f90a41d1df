import type { ScoreKind, SampleKind } from '../domain/recipe.ts';
import { isKind } from './data.ts';
import type {
  CorrelationQuadData,
  Figure,
  HeatmapData,
  LayerMeansData,
  MatchingCurvesData,
  Sampling,
} from './data.ts';
import { heatmapRange } from './layout/heatmap.ts';
import { meansOf } from './layout/layer-means.ts';
import { quadRange } from './layout/correlation-quad.ts';
import type { CorrelationQuadSpec, HeatmapSpec, MatchingCurvesSpec, ValueRange } from './spec.ts';
import { formatCount, formatNumber } from './ticks.ts';

/** Short name of a figure, for window titles, files and assistive technology. */
export function figureTitle(figure: Figure): string {
  if (figure.spec.title) return figure.spec.title;
  if (isKind(figure, 'correlation-quad')) {
    return `Correlations of ${figure.data.layer}, ${figure.data.networkA} and ${figure.data.networkB}`;
  }
  if (isKind(figure, 'matching-curves')) {
    return `Matched units of ${figure.data.layer}, ${figure.data.networkA} and ${figure.data.networkB}`;
  }
  if (isKind(figure, 'layer-means')) return 'Mean correlation of matched units by layer';
  return isKind(figure, 'heatmap') ? figure.data.valueLabel : 'Figure';
}

/** What is shown, how it was computed, over what, and what was left out: sentences for under the figure. */
export function captionOf(figure: Figure): string {
  const { resultIds, software } = figure.spec.provenance;
  const short = resultIds.slice(0, 8).map((id) => id.slice(0, 12));
  const more = resultIds.length > short.length ? ` and ${resultIds.length - short.length} more` : '';
  const source = `${software}${short.length > 0 ? `, results ${short.join(', ')}${more}` : ''}.`;
  return `${figureTitle(figure).replace(/\.$/, '')}. ${bodyOf(figure)} ${source}`;
}

function bodyOf(figure: Figure): string {
  if (isKind(figure, 'correlation-quad')) return quadCaption(figure.spec, figure.data);
  if (isKind(figure, 'matching-curves')) return curvesCaption(figure.spec, figure.data);
  if (isKind(figure, 'layer-means')) return meansCaption(figure.data, figure.spec.dots);
  return isKind(figure, 'heatmap') ? heatmapCaption(figure.spec, figure.data) : '';
}

const kindWords: Record<SampleKind, string> = {
  position: 'every image and position is a sample',
  image: 'every image is a sample',
  'image-mean': 'mean over the positions of each image',
  'image-max': 'maximum over the positions of each image',
  centre: 'central position of each image',
  flatten: 'every channel at every position is a unit',
  random: 'a seeded random subset of positions of each image',
};

function samplingWords({ images, samples, kind }: Sampling): string {
  const count = samples === images ? '' : `${formatCount(samples)} samples from `;
  return `${count}${formatCount(images)} images (${kindWords[kind]})`;
}

function deadWords(data: { networkA: string; networkB: string; deadA: number; deadB: number }): string {
  if (data.deadA + data.deadB === 0) return 'No unit is dead (constant).';
  const counts = `${data.deadA} in ${data.networkA}, ${data.deadB} in ${data.networkB}`;
  return `Dead (constant) units, whose correlations count as 0: ${counts}.`;
}

const scoreWords: Record<ScoreKind, string> = {
  correlation: 'Pearson correlation r',
  'absolute-correlation': 'absolute Pearson correlation |r|',
};

const colourWords = {
  diverging: ['blue', 'red'],
  'paper-grey': ['black', 'white'],
  viridis: ['dark violet', 'yellow'],
} as const;

function rangeWords(colours: keyof typeof colourWords, range: ValueRange): string {
  const ends = colourWords[colours];
  const text = (value: number): string =>
    Number.isInteger(value) ? formatNumber(value, 0) : formatNumber(value, 2);
  return `from ${text(range.min)} (${ends[0]}) to ${text(range.max)} (${ends[1]})`;
}

function quadCaption(spec: CorrelationQuadSpec, data: CorrelationQuadData): string {
  const { networkA: a, networkB: b, between } = data;
  return [
    `Pearson correlation r between units over ${samplingWords(data.sampling)}, ${rangeWords(spec.colours, quadRange(spec, data))}.`,
    `a, Within ${a} (${between.rows} units). b, Within ${b} (${between.cols} units). c, Between ${a} and ${b}.`,
    `d, As c, with the units of ${b} in the order of their one-to-one matches in ${a}`,
    '(the assignment with the largest sum of correlations), unmatched units last.',
    deadWords(data),
  ].join(' ');
}

function curvesCaption(spec: MatchingCurvesSpec, data: MatchingCurvesData): string {
  const { networkA: a, networkB: b } = data;
  const order =
    spec.order === 'each'
      ? 'Both series are sorted by themselves.'
      : 'Units are sorted by semi-match value; a stem joins the two values of a unit where they differ.';
  const band = data.nullBand
    ? ` Grey band, range expected by chance (shuffled samples): ${formatNumber(data.nullBand.low, 2)} to ${formatNumber(data.nullBand.high, 2)}.`
    : '';
  return [
    `Light, semi-match: the largest ${scoreWords[data.score]} of each unit of ${a} with any unit of ${b}`,
    `(mean ${formatNumber(data.semiMean, 2)}). Dark, match: the same under the one-to-one assignment with the largest`,
    `sum (mean ${formatNumber(data.matchMean, 2)}). ${formatNumber(100 * data.agreement, 0)} % of matched units keep their`,
    `semi-match. ${order} ${data.semi.length} units, ${samplingWords(data.sampling)}. ${deadWords(data)}${band}`,
  ].join(' ');
}

function bootstrapWords({ level, resamples }: { level: number; resamples: number }): string {
  return `Whiskers: ${formatNumber(100 * level, 0)} % interval of the mean over ${formatCount(resamples)} bootstrap resamples of whole images, partners kept.`;
}

function meansCaption(data: LayerMeansData, dots: boolean): string {
  const means = meansOf(data);
  const counts = [...new Set(means.map((mean) => mean.pairs.length))].sort((x, y) => x - y);
  const pairs = counts.length === 1 ? String(counts[0]) : `${counts[0]} to ${counts[counts.length - 1]}`;
  const isOne = counts.length === 1 && counts[0] === 1;
  const values = means.map(
    (mean) => `${mean.layer} ${formatNumber(mean.semi, 3)} and ${formatNumber(mean.match, 3)}`,
  );
  return [
    `Bars: mean over ${pairs} network ${isOne ? 'pair' : 'pairs'} of the mean ${scoreWords[data.score]} of semi-matched (light)`,
    `and one-to-one matched (dark) units, ${formatCount(data.images)} images.`,
    ...(dots && !isOne ? ['Dots: single network pairs, in the same order in every bar.'] : []),
    ...(data.bootstrap ? [bootstrapWords(data.bootstrap)] : []),
    `Semi-match and match: ${values.join('; ')}.`,
  ].join(' ');
}

function heatmapCaption(spec: HeatmapSpec, data: HeatmapData): string {
  const { rows, cols } = data.matrix;
  const range = rangeWords(spec.colours, heatmapRange(spec, data));
  return `Rows, ${data.rowLabel} (${rows}); columns, ${data.colLabel} (${cols}). Colour, ${data.valueLabel}, ${range}.`;
}
