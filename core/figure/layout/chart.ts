import { colourOf } from '../colour/maps.ts';
import type { BoxMm, Mark, TextRun } from '../scene.ts';
import { fitText, textWidthMm } from '../text.ts';
import { formatTick, niceTicks } from '../ticks.ts';
import { mmOf } from '../units.ts';
import { bottomAxis, bottomAxisHeightMm, leftAxis, leftAxisWidthMm, widestMm } from './axes.ts';
import { headMarks, legendText, unlessKnown } from './head.ts';
import type { LegendItem } from './legend.ts';
import type { LaidOut, Slot } from './slot.ts';
import { lineMark, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

export interface ChartTick {
  value: number;
  label: string;
}

export interface ChartAxis {
  label: string | TextRun[];
  /** From left to right, from bottom to top; the first may be the larger. */
  domain: [number, number];
  ticks: ChartTick[];
  /** False for categories: names without rules. */
  tickRules?: boolean;
}

/** One thing drawn in the coordinates of the axes, in the order given. */
export type ChartMark =
  | {
      kind: 'line';
      xs: ArrayLike<number>;
      ys: ArrayLike<number>;
      colour: string;
      dashPt?: number[];
      heavy?: boolean;
    }
  | { kind: 'dashes'; xs: ArrayLike<number>; ys: ArrayLike<number>; width: number; colour: string }
  | {
      kind: 'dots';
      xs: ArrayLike<number>;
      ys: ArrayLike<number>;
      colour: string;
      hollow?: boolean;
      share?: number;
    }
  | {
      kind: 'intervals';
      xs: ArrayLike<number>;
      lows: ArrayLike<number>;
      highs: ArrayLike<number>;
      colour: string;
    }
  | { kind: 'stems'; xs: ArrayLike<number>; ys: ArrayLike<number>; colour: string; along: 'x' | 'y' }
  | {
      kind: 'bars';
      xs: ArrayLike<number>;
      lows: ArrayLike<number>;
      highs: ArrayLike<number>;
      width: number;
      colour: string;
    }
  | { kind: 'rule'; at: number; along: 'x' | 'y'; colour: string; dashPt?: number[] }
  | {
      kind: 'note';
      x: number;
      y: number;
      text: string;
      anchor?: 'start' | 'middle' | 'end';
      above?: boolean;
      quiet?: boolean;
    };

/** A name right of the box at the height of what it names. */
export interface EndLabel {
  y: number;
  text: string;
  colour?: string;
}

export interface Chart {
  title: string;
  legend?: LegendItem[];
  x: ChartAxis;
  y: ChartAxis;
  marks: ChartMark[];
  ends?: EndLabel[];
  /** Height as a share of the width where nothing else decides. */
  aspect?: number;
}

/** Ticks at round numbers inside a range. */
export function roundTicks(domain: [number, number], most = 6): ChartTick[] {
  const [min, max] = domain[0] < domain[1] ? domain : [domain[1], domain[0]];
  const { values, step } = niceTicks(min, max, most);
  return values.map((value) => ({ value, label: formatTick(value, step) }));
}

/** Charts of less height than this many lines of text say little. */
const leastLines = 11;

export function layoutChart(chart: Chart, style: FigureStyle, slot: Slot): LaidOut {
  const yLabels = chart.y.ticks.map((tick) => tick.label);
  const leftMm = slot.leftMm ?? style.marginMm + leftAxisWidthMm(style, yLabels);
  const ends = chart.ends ?? [];
  const endsMm =
    ends.length > 0
      ? 0.5 * style.emMm +
        widestMm(
          ends.map(({ text }) => text),
          style.smallPt,
          style.family,
        )
      : 0;
  const ownRightMm = style.marginMm + Math.max(endsMm, overhangMm(chart.x, style));
  const rightMm = Math.max(slot.rightMm ?? 0, ownRightMm);
  const widthMm = style.widthMm - leftMm - rightMm;
  const legend = chart.legend ?? [];
  const head = headMarks(
    unlessKnown({ title: chart.title, legend }, slot.knownLegends),
    leftMm,
    style.widthMm - leftMm,
    style,
  );
  const headMm = slot.headMm ?? head.heightMm;
  const footMm = slot.footMm ?? bottomAxisHeightMm(style) + style.marginMm;
  const natural = Math.max((chart.aspect ?? 0.64) * widthMm, leastLines * style.emMm) + headMm + footMm;
  const heightMm = slot.heightMm ?? natural;
  const box: BoxMm = { xMm: leftMm, yMm: headMm, widthMm, heightMm: heightMm - headMm - footMm };
  const scales = scalesOf(chart, box);
  const axisLabel = (label: string | TextRun[], mm: number) =>
    typeof label === 'string' ? fitText(label, style.textPt, mm, 'regular', style.family) : label;
  return {
    heightMm,
    headMm,
    footMm,
    leftMm,
    rightMm: ownRightMm,
    legend: legendText(legend),
    isFixed: false,
    marks: [
      ...head.marks,
      ...chart.marks.flatMap((mark) => drawn(mark, box, scales, style)),
      ...endLabels(ends, box, scales, style),
      ...leftAxis(
        box,
        {
          ticks: chart.y.ticks.map(({ value, label }) => ({ atMm: scales.y(value), label })),
          label: axisLabel(chart.y.label, box.heightMm),
          line: true,
          tickRules: chart.y.tickRules,
        },
        leftMm - leftAxisWidthMm(style, yLabels),
        style,
      ),
      ...bottomAxis(
        box,
        {
          ticks: chart.x.ticks.map(({ value, label }) => ({ atMm: scales.x(value), label })),
          label: axisLabel(chart.x.label, widthMm),
          line: true,
          tickRules: chart.x.tickRules,
        },
        style,
      ),
    ],
  };
}

/** By how much the label of a tick at the right end stands over the box. */
function overhangMm({ domain, ticks }: ChartAxis, style: FigureStyle): number {
  const last = ticks.at(-1);
  const isAtEnd = last && Math.abs(last.value - domain[1]) < 0.03 * Math.abs(domain[1] - domain[0]);
  return isAtEnd ? textWidthMm([{ text: last.label }], style.smallPt, 'regular', style.family) / 2 : 0;
}

interface Scales {
  x(value: number): number;
  y(value: number): number;
}

function scalesOf(chart: Chart, box: BoxMm): Scales {
  const [x0, x1] = chart.x.domain;
  const [y0, y1] = chart.y.domain;
  return {
    x: (value) => box.xMm + ((value - x0) / (x1 - x0)) * box.widthMm,
    y: (value) => box.yMm + ((y1 - value) / (y1 - y0)) * box.heightMm,
  };
}

function drawn(mark: ChartMark, box: BoxMm, { x, y }: Scales, style: FigureStyle): Mark[] {
  switch (mark.kind) {
    case 'line': {
      const pointsMm = Array.from(mark.xs, (value, at) => [x(value), y(mark.ys[at])]).flat();
      const widthPt = (mark.heavy === false ? 1 : 1.8) * style.linePt;
      return [{ kind: 'polyline', pointsMm, stroke: { colour: mark.colour, widthPt, dashPt: mark.dashPt } }];
    }
    case 'dashes':
      return Array.from(mark.xs, (value, at): Mark => {
        const stroke = { colour: mark.colour, widthPt: 1.2 * style.linePt };
        const height = y(mark.ys[at]);
        return lineMark(x(value - mark.width / 2), height, x(value + mark.width / 2), height, stroke);
      });
    case 'dots':
      return dots(mark, box, { x, y }, style);
    case 'intervals':
      return Array.from(mark.xs, (value, at): Mark => {
        const stroke = { colour: mark.colour, widthPt: Math.max(0.25, 1.2 * style.linePt) };
        return lineMark(x(value), y(mark.lows[at]), x(value), y(mark.highs[at]), stroke);
      });
    case 'stems':
      return Array.from(mark.xs, (value, at): Mark => {
        const stroke = { colour: mark.colour, widthPt: 1.2 * style.linePt };
        const base = mark.along === 'x' ? [x(0), y(mark.ys[at])] : [x(value), y(0)];
        return lineMark(base[0], base[1], x(value), y(mark.ys[at]), stroke);
      });
    case 'bars':
      return Array.from(mark.xs, (value, at): Mark => {
        const left = x(value - mark.width / 2);
        const [top, bottom] = [y(mark.highs[at]), y(mark.lows[at])];
        const widthMm = x(value + mark.width / 2) - left;
        return {
          kind: 'rect',
          xMm: left,
          yMm: Math.min(top, bottom),
          widthMm,
          heightMm: Math.abs(bottom - top),
          fill: mark.colour,
        };
      });
    case 'rule': {
      const stroke = { colour: mark.colour, widthPt: Math.max(0.25, style.linePt), dashPt: mark.dashPt };
      if (mark.along === 'x')
        return [lineMark(box.xMm, y(mark.at), box.xMm + box.widthMm, y(mark.at), stroke)];
      return [lineMark(x(mark.at), box.yMm, x(mark.at), box.yMm + box.heightMm, stroke)];
    }
    case 'note': {
      const place = {
        sizePt: style.smallPt,
        fill: mark.quiet ? style.ink.quiet : style.ink.text,
        anchor: mark.anchor ?? 'start',
        baseline: mark.above ? ('alphabetic' as const) : ('cap-middle' as const),
      };
      return [textMark(mark.text, x(mark.x), y(mark.y) - (mark.above ? 0.35 * style.emMm : 0), place)];
    }
  }
}

function dots(
  mark: Extract<ChartMark, { kind: 'dots' }>,
  box: BoxMm,
  { x, y }: Scales,
  style: FigureStyle,
): Mark[] {
  const roomMm = (mark.share ?? 0.36) * (box.widthMm / Math.max(1, mark.xs.length));
  const radiusMm = Math.min(mmOf(0.2 * style.textPt), Math.max(mmOf(0.6), roomMm));
  return Array.from(mark.xs, (value, at): Mark => {
    const place = { kind: 'circle' as const, xMm: x(value), yMm: y(mark.ys[at]) };
    if (!mark.hollow) return { ...place, radiusMm, fill: mark.colour };
    const widthPt = Math.max(0.25, style.linePt);
    const inner = radiusMm - mmOf(widthPt) / 2;
    return { ...place, radiusMm: inner, fill: style.ink.ground, stroke: { colour: mark.colour, widthPt } };
  });
}

/** Names right of the box, from top to bottom, moved apart where they would touch. */
function endLabels(ends: EndLabel[], box: BoxMm, { y }: Scales, style: FigureStyle): Mark[] {
  const pitch = 1.25 * mmOf(style.smallPt);
  const placed = ends
    .map((end) => ({ ...end, atMm: Math.min(box.yMm + box.heightMm, Math.max(box.yMm, y(end.y))) }))
    .sort((one, other) => one.atMm - other.atMm);
  const places = spread(
    placed.map(({ atMm }) => atMm),
    pitch,
    box.yMm + box.heightMm,
  );
  return placed.map((end, at) =>
    textMark(end.text, box.xMm + box.widthMm + 0.5 * style.emMm, places[at], {
      sizePt: style.smallPt,
      fill: end.colour ?? style.ink.text,
      baseline: 'cap-middle',
    }),
  );
}

/** Ascending places at least `pitch` apart: groups of labels that touch are centred on what they name. */
export function spread(places: number[], pitch: number, lowest = Infinity): number[] {
  const groups: { sum: number; count: number }[] = [];
  const top = (group: { sum: number; count: number }): number =>
    group.sum / group.count - ((group.count - 1) * pitch) / 2;
  for (const place of places) {
    groups.push({ sum: place, count: 1 });
    while (groups.length > 1) {
      const [above, below] = groups.slice(-2);
      if (top(below) - (top(above) + (above.count - 1) * pitch) >= pitch) break;
      groups.splice(-2, 2, { sum: above.sum + below.sum, count: above.count + below.count });
    }
  }
  const spreadOut = groups.flatMap((group) =>
    Array.from({ length: group.count }, (_, at) => top(group) + at * pitch),
  );
  const over = Math.max(0, (spreadOut.at(-1) ?? 0) - lowest);
  return over > 0 ? spreadOut.map((place) => place - over) : spreadOut;
}

/** Distinct colours of a few ordered series. */
export function seriesColour(at: number, count: number): string {
  return colourOf('viridis', count <= 1 ? 0.3 : 0.05 + (0.75 * at) / (count - 1));
}
