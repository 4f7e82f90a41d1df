import type { PointShape } from '../colour/sets.ts';
import type { Mark } from '../scene.ts';
import { textWidthMm } from '../text.ts';
import { glyphMark } from './glyph.ts';
import { capMm, lineMark, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

export interface LegendItem {
  label: string;
  colour: string;
  shape: 'square' | 'dot' | 'ring' | 'band' | 'line' | 'whisker' | 'glyph';
  /** Of a glyph: the mark of a network. */
  glyph?: PointShape;
  dashPt?: number[];
}

/** A line is longer than a square, so that dashes show. */
const lineKey = 2.2;

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
    const keyMm = item.shape === 'line' ? lineKey * key : key;
    const width = keyMm + gap + textWidthMm([{ text: item.label }], style.textPt, 'regular', style.family);
    if (x > xMm && x + width > xMm + maxMm) {
      line++;
      x = xMm;
    }
    const y = baselineMm + line * legendLineMm(style);
    marks.push(keyMark(item, x, y, key, style));
    marks.push(textMark(item.label, x + keyMm + gap, y, { sizePt: style.textPt, fill: style.ink.text }));
    x += width + between;
  }
  return { marks, lines: line + 1 };
}

export const legendLineMm = (style: FigureStyle): number => 1.3 * style.emMm;

function keyMark(item: LegendItem, xMm: number, baselineMm: number, key: number, style: FigureStyle): Mark {
  const { colour } = item;
  const middle = baselineMm - key / 2;
  const dot = { kind: 'circle' as const, xMm: xMm + key / 2, yMm: middle, radiusMm: key / 3.2 };
  switch (item.shape) {
    case 'dot':
      return { ...dot, fill: colour };
    case 'ring':
      return { ...dot, fill: style.ink.ground, stroke: { colour, widthPt: Math.max(0.25, style.linePt) } };
    case 'glyph':
      return glyphMark(item.glyph ?? 'circle', xMm + key / 2, middle, 0.62 * key, colour);
    case 'line':
      return lineMark(xMm, middle, xMm + lineKey * key, middle, {
        colour,
        widthPt: 1.8 * style.linePt,
        dashPt: item.dashPt,
      });
    case 'whisker': {
      const stroke = { colour, widthPt: Math.max(0.25, style.linePt) };
      const [left, right, x] = [xMm + 0.2 * key, xMm + 0.8 * key, xMm + key / 2];
      return {
        kind: 'group',
        xMm: 0,
        yMm: 0,
        marks: [
          lineMark(x, baselineMm - key, x, baselineMm, stroke),
          lineMark(left, baselineMm - key, right, baselineMm - key, stroke),
          lineMark(left, baselineMm, right, baselineMm, stroke),
        ],
      };
    }
    default: {
      const heightMm = item.shape === 'band' ? key * 0.6 : key;
      return { kind: 'rect', xMm, yMm: middle - heightMm / 2, widthMm: key, heightMm, fill: colour };
    }
  }
}
