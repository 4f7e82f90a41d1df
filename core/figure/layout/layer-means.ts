import type { LayerInterval, LayerMeansData } from '../data.ts';
import type { BoxMm, Mark } from '../scene.ts';
import type { LayerMeansOptions } from '../spec.ts';
import { fitText, textWidthMm } from '../text.ts';
import { formatNumber, formatTick, niceDomain, niceTicks } from '../ticks.ts';
import { mmOf } from '../units.ts';
import { bottomAxis, bottomAxisHeightMm, leftAxis, leftAxisWidthMm, widestMm } from './axes.ts';
import type { AxisContent, PlacedTick } from './axes.ts';
import { headMarks, legendText, unlessKnown } from './head.ts';
import type { Head } from './head.ts';
import type { LegendItem } from './legend.ts';
import type { LaidOut, Slot } from './slot.ts';
import { capMm, lineMark, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

export interface LayerMean {
  layer: string;
  semi: number;
  match: number;
  pairs: { semiMean: number; matchMean: number }[];
  interval?: LayerInterval;
}

/** Mean over the network pairs, layer by layer. Throws a RangeError for a layer without pairs. */
export function meansOf(data: LayerMeansData): LayerMean[] {
  return data.layers.map(({ layer, pairs, interval }) => {
    if (pairs.length === 0) throw new RangeError(`Layer ${layer} has no network pair to average over.`);
    const mean = (pick: (pair: (typeof pairs)[number]) => number): number =>
      pairs.reduce((sum, pair) => sum + pick(pair), 0) / pairs.length;
    const [semi, match] = [mean((pair) => pair.semiMean), mean((pair) => pair.matchMean)];
    return { layer, semi, match, pairs, ...(interval ? { interval } : {}) };
  });
}

const endsOf = (interval: LayerInterval | undefined): number[] =>
  interval ? [interval.semi.low, interval.semi.high, interval.match.low, interval.match.high] : [];

/** Share of a layer's width that its two bars take. */
const barsShare = 0.72;

/** Two bars a layer, light semi-match and dark match, with a dot for every network pair and the mean above. */
export function layoutLayerMeans(
  spec: LayerMeansOptions,
  data: LayerMeansData,
  style: FigureStyle,
  slot: Slot = {},
): LaidOut {
  const heightMm = slot.heightMm ?? Math.min(0.66 * style.widthMm, 30 * style.emMm);
  const means = meansOf(data);
  const all = means.flatMap((mean) => [
    mean.semi,
    mean.match,
    ...endsOf(mean.interval),
    ...(spec.dots ? mean.pairs.flatMap((pair) => [pair.semiMean, pair.matchMean]) : []),
  ]);
  const domain = niceDomain(Math.min(0, ...all), Math.max(0.1, ...all), 6);
  const ticks = niceTicks(domain[0], domain[1], 6);
  const tickLabels = ticks.values.map((value) => formatTick(value, ticks.step));
  const leftMm = slot.leftMm ?? style.marginMm + leftAxisWidthMm(style, tickLabels);
  const rightMm = Math.max(slot.rightMm ?? 0, style.marginMm);
  const widthMm = style.widthMm - leftMm - rightMm;
  const ownHead = headOf(spec, data, style);
  const head = headMarks(
    unlessKnown(ownHead, slot.knownLegends),
    leftMm,
    style.widthMm - leftMm - style.marginMm,
    style,
  );
  // Labels of bars that reach the top of the scale stand in the room between scale and legend.
  const headMm = slot.headMm ?? head.heightMm + 0.7 * style.emMm;
  const layers = layerAxis(means, leftMm, widthMm, heightMm, style);
  const ownFootMm = bottomAxisHeightMm(style, layers.uprightMm) + style.marginMm;
  const footMm = slot.footMm ?? ownFootMm;
  const box: BoxMm = { xMm: leftMm, yMm: headMm, widthMm, heightMm: heightMm - headMm - footMm };
  const yOf = (value: number): number =>
    box.yMm + ((domain[1] - value) / (domain[1] - domain[0])) * box.heightMm;
  const pitch = widthMm / means.length;
  const label = data.score === 'correlation' ? 'Mean correlation ' : 'Mean absolute correlation ';
  return {
    heightMm,
    headMm,
    footMm,
    leftMm,
    rightMm: style.marginMm,
    legend: legendText(ownHead.legend),
    isFixed: false,
    marks: [
      ...head.marks,
      ...means.flatMap((mean, at) => layerMarks(mean, leftMm + at * pitch, pitch, yOf, spec.dots, style)),
      ...leftAxis(
        box,
        {
          ticks: ticks.values.map((value, at) => ({ atMm: yOf(value), label: tickLabels[at] })),
          label: [{ text: label }, { text: 'r', italic: true }],
          line: true,
        },
        leftMm - leftAxisWidthMm(style, tickLabels),
        style,
      ),
      ...bottomAxis(box, { ...layers, label: 'Layer', line: domain[0] === 0 }, style),
      ...(domain[0] < 0
        ? [
            lineMark(leftMm, yOf(0), leftMm + widthMm, yOf(0), {
              colour: style.ink.line,
              widthPt: style.linePt,
            }),
          ]
        : []),
    ],
  };
}

/** Names of the layers under their bars: level where they fit, else upright, every other one or fewer where many. */
function layerAxis(
  means: LayerMean[],
  leftMm: number,
  widthMm: number,
  heightMm: number,
  style: FigureStyle,
): Pick<AxisContent, 'ticks' | 'tickRules' | 'uprightMm'> {
  const pitch = widthMm / means.length;
  const names = means.map((mean) => mean.layer);
  const place = (label: string, at: number): PlacedTick => ({ atMm: leftMm + (at + 0.5) * pitch, label });
  if (widestMm(names, style.smallPt, style.family) <= 0.94 * pitch)
    return { ticks: names.map(place), tickRules: false };
  const every = Math.ceil((1.6 * capMm(style.smallPt)) / pitch);
  const short = names.map((name) => fitText(name, style.smallPt, 0.3 * heightMm, 'regular', style.family));
  const ticks = short.map(place).filter((_, at) => at % every === 0);
  return { ticks, tickRules: every > 1, uprightMm: widestMm(short, style.smallPt, style.family) };
}

function headOf(spec: LayerMeansOptions, data: LayerMeansData, style: FigureStyle): Head {
  const legend: LegendItem[] = [
    { label: 'semi-match', colour: style.pair.semi, shape: 'square' },
    { label: 'match', colour: style.pair.match, shape: 'square' },
  ];
  const most = Math.max(...data.layers.map((layer) => layer.pairs.length));
  if (spec.dots && most > 1) legend.push({ label: 'one network pair', colour: style.ink.text, shape: 'dot' });
  if (data.bootstrap) {
    const label = `${formatNumber(100 * data.bootstrap.level, 0)} % over images`;
    legend.push({ label, colour: style.ink.text, shape: 'whisker' });
  }
  return { title: spec.title ?? '', legend };
}

function layerMarks(
  mean: LayerMean,
  xMm: number,
  pitch: number,
  yOf: (value: number) => number,
  dots: boolean,
  style: FigureStyle,
): Mark[] {
  const widthMm = (pitch * barsShare) / 2;
  const start = xMm + (pitch - 2 * widthMm) / 2;
  const series = [
    {
      value: mean.semi,
      colour: style.pair.semi,
      pairs: mean.pairs.map((pair) => pair.semiMean),
      interval: mean.interval?.semi,
    },
    {
      value: mean.match,
      colour: style.pair.match,
      pairs: mean.pairs.map((pair) => pair.matchMean),
      interval: mean.interval?.match,
    },
  ];
  return series.flatMap(({ value, colour, pairs, interval }, at) => {
    const x = start + at * widthMm;
    const [top, bottom] = value >= 0 ? [yOf(value), yOf(0)] : [yOf(0), yOf(value)];
    const inset = 0.03 * widthMm;
    const bar: Mark = {
      kind: 'rect',
      xMm: x + inset,
      yMm: top,
      widthMm: widthMm - 2 * inset,
      heightMm: bottom - top,
      fill: colour,
    };
    const shown = dots && pairs.length > 1 ? pairs : [];
    const highest = Math.max(value, 0, ...shown, interval?.high ?? 0);
    const marks: Mark[] = [
      bar,
      ...(interval ? whisker(interval, x + widthMm / 2, 0.18 * widthMm, yOf, style) : []),
      ...pairDots(shown, x, widthMm, yOf, style),
    ];
    const y = yOf(highest) - (shown.length > 0 ? 0.55 : 0.35) * style.emMm;
    marks.push(...valueLabel(formatNumber(value, 2), { x, y, widthMm, pitch, isLeft: at === 0 }, style));
    return marks;
  });
}

/** A bar with caps from the low to the high end, on a ground that keeps it visible over a dark bar. */
function whisker(
  { low, high }: { low: number; high: number },
  xMm: number,
  halfMm: number,
  yOf: (value: number) => number,
  style: FigureStyle,
): Mark[] {
  const lines = [
    [xMm, yOf(low), xMm, yOf(high)],
    [xMm - halfMm, yOf(low), xMm + halfMm, yOf(low)],
    [xMm - halfMm, yOf(high), xMm + halfMm, yOf(high)],
  ] as const;
  const under = { colour: style.ink.ground, widthPt: 3 * style.linePt };
  const over = { colour: style.ink.text, widthPt: style.linePt };
  return [under, over].flatMap((stroke) => lines.map((line) => lineMark(...line, stroke)));
}

interface LabelPlace {
  x: number;
  y: number;
  widthMm: number;
  /** Width of a layer: both bars and the gap to the next layer. */
  pitch: number;
  isLeft: boolean;
}

/** The value centred over its bar; over narrow bars set outwards from their common edge; none where it has no room. */
function valueLabel(text: string, place: LabelPlace, style: FigureStyle): Mark[] {
  const { x, y, widthMm, pitch, isLeft } = place;
  const gap = 0.12 * style.emMm;
  const fill = style.ink.text;
  for (const sizePt of [style.smallPt, 5]) {
    const textMm = textWidthMm([{ text }], sizePt, 'regular', style.family);
    if (textMm <= widthMm - gap)
      return [textMark(text, x + widthMm / 2, y, { sizePt, fill, anchor: 'middle' })];
    if (textMm > pitch / 2 - 2 * gap) continue;
    const edge = isLeft ? x + widthMm - gap : x + gap;
    return [textMark(text, edge, y, { sizePt, fill, anchor: isLeft ? 'end' : 'start' })];
  }
  return [];
}

/** Dots in the order of the pairs from left to right, so that a pair keeps its place in every bar. */
function pairDots(
  values: number[],
  xMm: number,
  widthMm: number,
  yOf: (value: number) => number,
  style: FigureStyle,
): Mark[] {
  const radiusMm = Math.min(
    mmOf(0.13 * style.textPt),
    Math.max(mmOf(0.8), (0.32 * widthMm) / Math.max(1, values.length)),
  );
  return values.map((value, at) => ({
    kind: 'circle',
    xMm: xMm + widthMm * (0.16 + (0.68 * (at + 0.5)) / values.length),
    yMm: yOf(value),
    radiusMm,
    fill: style.ink.text,
    stroke: { colour: style.ink.ground, widthPt: 0.25 },
  }));
}
