import type { Mark } from '../scene.ts';
import { fitText } from '../text.ts';
import { legendLineMm, legendMarks } from './legend.ts';
import type { LegendItem } from './legend.ts';
import { capMm, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

export interface Head {
  title: string;
  legend: LegendItem[];
}

/** The keys as one text; empty for none. */
export const legendText = (legend: LegendItem[]): string =>
  legend.map(({ label, colour, shape, glyph = '' }) => `${shape}${glyph} ${colour} ${label}`).join(', ');

/** The head without keys that the page shows already. */
export function unlessKnown(head: Head, known: ReadonlySet<string> | undefined): Head {
  return known?.has(legendText(head.legend)) ? { ...head, legend: [] } : head;
}

/**
 * Title and keys above a box that begins at `xMm`. The first line stands on the baseline of the panel letters, so that
 * letters and titles of a page align. Returns the height from the panel's top to its box.
 */
export function headMarks(
  { title, legend }: Head,
  xMm: number,
  maxMm: number,
  style: FigureStyle,
): { marks: Mark[]; heightMm: number } {
  const marks: Mark[] = [];
  let baseline = style.marginMm + capMm(style.letterPt);
  let isEmpty = true;
  if (title) {
    const fitted = fitText(title, style.textPt, maxMm, 'regular', style.family);
    marks.push(textMark(fitted, xMm, baseline, { sizePt: style.textPt, fill: style.ink.text }));
    isEmpty = false;
  }
  if (legend.length > 0) {
    if (!isEmpty) baseline += legendLineMm(style);
    const keys = legendMarks(legend, xMm, baseline, maxMm, style);
    marks.push(...keys.marks);
    baseline += (keys.lines - 1) * legendLineMm(style);
  }
  return { marks, heightMm: baseline + 0.75 * style.emMm };
}
