import type { BoxMm, FontFamily, Mark, TextRun } from '../scene.ts';
import { textWidthMm } from '../text.ts';
import { capMm, lineMark, textMark } from './style.ts';
import type { FigureStyle, TextPlace } from './style.ts';

/** A tick at a place along the axis, in mm from the page's left or top edge. */
export interface PlacedTick {
  atMm: number;
  label: string;
}

export interface AxisContent {
  ticks: PlacedTick[];
  label: string | TextRun[];
  /** The axis line itself; heat maps have a frame instead. */
  line: boolean;
  /** Small rules at the ticks; categories need none. Default true. */
  tickRules?: boolean;
  /** Tick labels read upwards; the longest then takes this much height. */
  uprightMm?: number;
}

export function widestMm(labels: string[], sizePt: number, family: FontFamily): number {
  return Math.max(0, ...labels.map((text) => textWidthMm([{ text }], sizePt, 'regular', family)));
}

/** Width that a left axis takes beside its box: ticks, tick labels, axis label. */
export function leftAxisWidthMm(style: FigureStyle, tickLabels: string[]): number {
  const labels = style.tickMm + style.tickGapMm + widestMm(tickLabels, style.smallPt, style.family);
  return labels + style.labelGapMm + labelHeightMm(style);
}

/** Height that a bottom axis takes under its box. */
export function bottomAxisHeightMm(style: FigureStyle, uprightMm = capMm(style.smallPt)): number {
  return style.tickMm + style.tickGapMm + uprightMm + style.labelGapMm + labelHeightMm(style);
}

/** Capitals and descenders of an axis label. */
export const labelHeightMm = (style: FigureStyle): number => capMm(style.textPt) + 0.22 * style.emMm;

export function leftAxis(box: BoxMm, axis: AxisContent, labelXMm: number, style: FigureStyle): Mark[] {
  const stroke = { colour: style.ink.line, widthPt: style.linePt };
  const x = box.xMm;
  const marks: Mark[] = axis.line ? [lineMark(x, box.yMm, x, box.yMm + box.heightMm, stroke)] : [];
  for (const tick of axis.ticks) {
    if (axis.tickRules ?? true) marks.push(lineMark(x - style.tickMm, tick.atMm, x, tick.atMm, stroke));
    marks.push(
      textMark(tick.label, x - style.tickMm - style.tickGapMm, tick.atMm, {
        sizePt: style.smallPt,
        fill: style.ink.text,
        anchor: 'end',
        baseline: 'cap-middle',
      }),
    );
  }
  marks.push(
    textMark(axis.label, labelXMm, box.yMm + box.heightMm / 2, {
      sizePt: style.textPt,
      fill: style.ink.text,
      anchor: 'middle',
      baseline: 'cap-top',
      rotate: -90,
    }),
  );
  return marks;
}

export function bottomAxis(box: BoxMm, axis: AxisContent, style: FigureStyle): Mark[] {
  const stroke = { colour: style.ink.line, widthPt: style.linePt };
  const y = box.yMm + box.heightMm;
  const marks: Mark[] = axis.line ? [lineMark(box.xMm, y, box.xMm + box.widthMm, y, stroke)] : [];
  const labelTop = y + style.tickMm + style.tickGapMm;
  for (const tick of axis.ticks) {
    if (axis.tickRules ?? true) marks.push(lineMark(tick.atMm, y, tick.atMm, y + style.tickMm, stroke));
    const place: TextPlace =
      axis.uprightMm === undefined
        ? { sizePt: style.smallPt, fill: style.ink.text, anchor: 'middle', baseline: 'cap-top' }
        : { sizePt: style.smallPt, fill: style.ink.text, anchor: 'end', baseline: 'cap-middle', rotate: -90 };
    marks.push(textMark(tick.label, tick.atMm, labelTop, place));
  }
  const labelsMm = axis.uprightMm ?? capMm(style.smallPt);
  marks.push(
    textMark(axis.label, box.xMm + box.widthMm / 2, labelTop + labelsMm + style.labelGapMm, {
      sizePt: style.textPt,
      fill: style.ink.text,
      anchor: 'middle',
      baseline: 'cap-top',
    }),
  );
  return marks;
}
