import type { Mark } from '../scene.ts';
import { textWidthMm } from '../text.ts';
import { capMm, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

export interface LegendItem {
  label: string;
  colour: string;
  shape: 'square' | 'dot' | 'band' | 'line';
}

/** Keys in one line from (xMm, baselineMm); those that do not fit go to further lines below. */
export function legendMarks(
  items: LegendItem[],
  xMm: number,
  baselineMm: number,
  maxMm: number,
  style: FigureStyle,
): { marks: Mark[]; lines: number } {
  const key = capMm(style.textPt);
  const gap = 0.4 * style.emMm;
  const between = 1.2 * style.emMm;
  const marks: Mark[] = [];
  let x = xMm;
  let line = 0;
  for (const item of items) {
    const width = key + gap + textWidthMm([{ text: item.label }], style.textPt);
    if (x > xMm && x + width > xMm + maxMm) {
      line++;
      x = xMm;
    }
    const y = baselineMm + line * legendLineMm(style);
    marks.push(keyMark(item, x, y, key));
    marks.push(textMark(item.label, x + key + gap, y, { sizePt: style.textPt, fill: style.ink.text }));
    x += width + between;
  }
  return { marks, lines: line + 1 };
}

export const legendLineMm = (style: FigureStyle): number => 1.3 * style.emMm;

function keyMark(item: LegendItem, xMm: number, baselineMm: number, key: number): Mark {
  if (item.shape === 'dot') {
    return {
      kind: 'circle',
      xMm: xMm + key / 2,
      yMm: baselineMm - key / 2,
      radiusMm: key / 3.2,
      fill: item.colour,
    };
  }
  if (item.shape === 'line') {
    const widthMm = key / 6;
    return {
      kind: 'rect',
      xMm: xMm + key / 2 - widthMm / 2,
      yMm: baselineMm - key,
      widthMm,
      heightMm: key,
      fill: item.colour,
    };
  }
  const heightMm = item.shape === 'band' ? key * 0.6 : key;
  const yMm = baselineMm - key / 2 - heightMm / 2;
  return { kind: 'rect', xMm, yMm, widthMm: key, heightMm, fill: item.colour };
}
