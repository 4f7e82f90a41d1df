import type { MatchingCurvesData } from '../data.ts';
import type { BoxMm, Mark } from '../scene.ts';
import type { MatchingCurvesOptions } from '../spec.ts';
import { fitFirst, textWidthMm } from '../text.ts';
import { formatNumber, formatTick, indexTicks, niceDomain, niceTicks } from '../ticks.ts';
import { mmOf, ptOf } from '../units.ts';
import { bottomAxis, bottomAxisHeightMm, leftAxis, leftAxisWidthMm } from './axes.ts';
import { headMarks, legendText, unlessKnown } from './head.ts';
import type { Head } from './head.ts';
import type { LegendItem } from './legend.ts';
import type { LaidOut, Slot } from './slot.ts';
import { lineMark, scoreRuns, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

export interface OrderedUnits {
  /** Unit shown at each rank, for either series. */
  semiUnit: number[];
  matchUnit: number[];
}

/** Units from the highest value down; ties by index, units without a value last. */
export function orderUnits(spec: MatchingCurvesOptions, data: MatchingCurvesData): OrderedUnits {
  const sorted = (values: ArrayLike<number>): number[] => {
    const level = (unit: number): number => (Number.isNaN(values[unit]) ? -Infinity : values[unit]);
    return Array.from({ length: values.length }, (_, unit) => unit).sort((u, v) => {
      const [a, b] = [level(u), level(v)];
      return a === b ? u - v : b - a;
    });
  };
  const semiUnit = sorted(data.semi);
  return { semiUnit, matchUnit: spec.order === 'each' ? sorted(data.match) : semiUnit };
}

const maxTicks = 8;

interface Frame {
  box: BoxMm;
  domain: [number, number];
  xOf(rank: number): number;
  yOf(value: number): number;
}

/** Semi-match values as light steps, match values dark, joined where a unit loses by being matched once. */
export function layoutMatchingCurves(
  spec: MatchingCurvesOptions,
  data: MatchingCurvesData,
  style: FigureStyle,
  slot: Slot = {},
): LaidOut {
  const order = orderUnits(spec, data);
  const domain = domainOf(data);
  const ticks = niceTicks(domain[0], domain[1], maxTicks);
  const tickLabels = ticks.values.map((value) => formatTick(value, ticks.step));
  const meanMm = 1.1 * style.emMm + textWidthMm([{ text: '0.00' }], style.textPt, 'regular', style.family);
  const leftMm = slot.leftMm ?? style.marginMm + leftAxisWidthMm(style, tickLabels);
  const rightMm = Math.max(slot.rightMm ?? 0, meanMm + style.marginMm);
  const widthMm = style.widthMm - leftMm - rightMm;
  const ownHead = headOf(spec, data, style);
  const head = headMarks(
    unlessKnown(ownHead, slot.knownLegends),
    leftMm,
    style.widthMm - leftMm - style.marginMm,
    style,
  );
  const headMm = slot.headMm ?? head.heightMm;
  const footMm = slot.footMm ?? bottomAxisHeightMm(style) + style.marginMm;
  const heightMm = slot.heightMm ?? Math.min(0.66 * style.widthMm, 30 * style.emMm);
  const box: BoxMm = { xMm: leftMm, yMm: headMm, widthMm, heightMm: heightMm - headMm - footMm };
  const count = data.semi.length;
  const frame: Frame = {
    box,
    domain,
    xOf: (rank) => box.xMm + ((rank + 0.5) * box.widthMm) / count,
    yOf: (value) => box.yMm + ((domain[1] - value) / (domain[1] - domain[0])) * box.heightMm,
  };
  const rankTicks = indexTicks(count, 6).map((rank) => ({ atMm: frame.xOf(rank), label: String(rank) }));
  const sortedBy = spec.order === 'each' ? 'each series sorted' : 'sorted by semi-match';
  return {
    heightMm,
    headMm,
    footMm,
    leftMm,
    rightMm: meanMm + style.marginMm,
    legend: legendText(ownHead.legend),
    isFixed: false,
    marks: [
      ...head.marks,
      ...zeroLine(frame, style),
      ...seriesMarks(data, order, frame, style),
      ...meanMarks(data, frame, style),
      ...leftAxis(
        box,
        {
          ticks: ticks.values.map((value, at) => ({ atMm: frame.yOf(value), label: tickLabels[at] })),
          label: scoreRuns(data.score),
          line: true,
        },
        leftMm - leftAxisWidthMm(style, tickLabels),
        style,
      ),
      ...bottomAxis(
        box,
        {
          ticks: rankTicks,
          label: fitFirst(
            [`${data.networkA} unit, ${sortedBy}`, `${data.networkA} unit, sorted`, 'Unit'],
            style.textPt,
            box.widthMm,
            style.family,
          ),
          line: true,
        },
        style,
      ),
    ],
  };
}

function domainOf(data: MatchingCurvesData): [number, number] {
  let low = Math.min(0, data.nullBand?.low ?? 0);
  let high = data.nullBand?.high ?? 0;
  for (const values of [data.semi, data.match]) {
    for (let at = 0; at < values.length; at++) {
      if (values[at] < low) low = values[at];
      if (values[at] > high) high = values[at];
    }
  }
  const [bottom, top] = niceDomain(low, high, maxTicks);
  // Correlations end at 1; information has no such end.
  return data.score === 'mutual-information' ? [bottom, top] : [Math.max(-1, bottom), Math.min(1, top)];
}

function headOf(spec: MatchingCurvesOptions, data: MatchingCurvesData, style: FigureStyle): Head {
  const legend: LegendItem[] = [
    { label: 'semi-match', colour: style.pair.semi, shape: 'square' },
    { label: 'match', colour: style.pair.match, shape: 'square' },
  ];
  if (data.nullBand) legend.push({ label: 'shuffled samples', colour: style.ink.band, shape: 'band' });
  return { title: spec.title ?? `${data.layer}, ${data.networkA} and ${data.networkB}`, legend };
}

function zeroLine(frame: Frame, style: FigureStyle): Mark[] {
  const { box, domain } = frame;
  const marks: Mark[] = [];
  if (domain[0] < 0) {
    const stroke = { colour: style.ink.quiet, widthPt: Math.max(0.25, style.linePt / 2) };
    marks.push(lineMark(box.xMm, frame.yOf(0), box.xMm + box.widthMm, frame.yOf(0), stroke));
  }
  return marks;
}

/** One step a unit for the semi-match, one dot for the match; a stem joins them where they are of one unit. */
function seriesMarks(
  data: MatchingCurvesData,
  order: OrderedUnits,
  frame: Frame,
  style: FigureStyle,
): Mark[] {
  const { box } = frame;
  const pitch = box.widthMm / data.semi.length;
  const zero = frame.yOf(0);
  const steps: number[] = [];
  order.semiUnit.forEach((unit, rank) => {
    const y = frame.yOf(data.semi[unit]);
    steps.push(box.xMm + rank * pitch, y, box.xMm + (rank + 1) * pitch, y);
  });
  const area = [box.xMm, zero, ...steps, box.xMm + box.widthMm, zero];
  const marks: Mark[] = [{ kind: 'polyline', pointsMm: area, closed: true, fill: style.pair.semi }];
  marks.push(...nullBandMarks(data, frame, style));
  const radiusMm = Math.min(mmOf(0.13 * style.textPt), Math.max(mmOf(0.5), 0.36 * pitch));
  const stem = {
    colour: style.pair.match,
    widthPt: Math.max(0.25, Math.min(0.75 * style.linePt, ptOf(0.3 * pitch))),
  };
  const isSameUnit = order.matchUnit === order.semiUnit;
  order.matchUnit.forEach((unit, rank) => {
    const value = data.match[unit];
    if (Number.isNaN(value)) return;
    const x = frame.xOf(rank);
    const semi = data.semi[order.semiUnit[rank]];
    if (isSameUnit && semi - value > 1e-9)
      marks.push(lineMark(x, frame.yOf(semi), x, frame.yOf(value), stem));
    marks.push({ kind: 'circle', xMm: x, yMm: frame.yOf(value), radiusMm, fill: style.pair.match });
  });
  return marks;
}

/** The level of chance, over the bars and under the dots. */
function nullBandMarks({ nullBand }: MatchingCurvesData, { box, yOf }: Frame, style: FigureStyle): Mark[] {
  if (!nullBand) return [];
  const yMm = yOf(nullBand.high);
  const heightMm = yOf(nullBand.low) - yMm;
  return [
    { kind: 'rect', xMm: box.xMm, yMm, widthMm: box.widthMm, heightMm, fill: style.ink.text, opacity: 0.2 },
  ];
}

/** The two means as short rules right of the data with their values, moved apart when they would touch. */
function meanMarks(data: MatchingCurvesData, frame: Frame, style: FigureStyle): Mark[] {
  const { box } = frame;
  const x = box.xMm + box.widthMm + 0.25 * style.emMm;
  const rows = [
    { value: data.semiMean, colour: style.pair.semi },
    { value: data.matchMean, colour: style.pair.match },
  ].map((row) => ({ ...row, yMm: frame.yOf(row.value), labelMm: frame.yOf(row.value) }));
  const [upper, lower] = rows[0].yMm <= rows[1].yMm ? rows : [rows[1], rows[0]];
  const short = 1.15 * style.emMm - (lower.labelMm - upper.labelMm);
  if (short > 0) {
    upper.labelMm -= short / 2;
    lower.labelMm += short / 2;
  }
  const marks: Mark[] = rows.flatMap((row) => [
    lineMark(x, row.yMm, x + 0.55 * style.emMm, row.yMm, { colour: row.colour, widthPt: 2.5 * style.linePt }),
    textMark(formatNumber(row.value, 2), x + 0.8 * style.emMm, row.labelMm, {
      sizePt: style.textPt,
      fill: style.ink.text,
      baseline: 'cap-middle',
    }),
  ]);
  const headY = upper.labelMm - 1.3 * style.emMm;
  marks.push(
    textMark('mean', box.xMm + box.widthMm + 1.05 * style.emMm, headY, {
      sizePt: style.smallPt,
      fill: style.ink.quiet,
      baseline: 'cap-middle',
    }),
  );
  return marks;
}
