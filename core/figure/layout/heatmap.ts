import type { HeatmapData } from '../data.ts';
import type { BoxMm, Mark } from '../scene.ts';
import type { HeatmapSpec, ValueRange } from '../spec.ts';
import { fitText } from '../text.ts';
import { bottomAxis, bottomAxisHeightMm, leftAxis, leftAxisWidthMm } from './axes.ts';
import { cellTicks, colourBar, colourBarWidthMm, heatCells, rangeOf } from './heat-panel.ts';
import { capMm, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

export function heatmapRange(spec: HeatmapSpec, data: HeatmapData): ValueRange {
  if (spec.range) return spec.range;
  return spec.colours === 'diverging' ? { min: -1, max: 1 } : rangeOf([data.matrix]);
}

/** One matrix, as wide as the page allows, and its colour bar. */
export function layoutHeatmap(
  spec: HeatmapSpec,
  data: HeatmapData,
  style: FigureStyle,
): { heightMm: number; marks: Mark[] } {
  const { matrix } = data;
  const range = heatmapRange(spec, data);
  const barGapMm = 0.9 * style.emMm;
  const barMm = barGapMm + colourBarWidthMm(range, style);
  const top = style.marginMm + (spec.title ? capMm(style.textPt) + 0.7 * style.emMm : 0.3 * style.emMm);
  // The axis's width depends on which labels fit, which depends on the height: numbers first, then names.
  const numbers = leftAxisWidthMm(style, [String(matrix.rows)]);
  const named = data.rowNames ? leftAxisWidthMm(style, data.rowNames) : numbers;
  const boxBeside = (axisMm: number): BoxMm => {
    const widthMm = style.widthMm - 2 * style.marginMm - axisMm - barMm;
    // Square cells, unless the labels beside the box would have no room or the page would be very long.
    const squareMm = (widthMm * matrix.rows) / matrix.cols;
    const heightMm = Math.min(Math.max(squareMm, 13 * style.emMm), 1.4 * style.widthMm);
    return { xMm: style.marginMm + axisMm, yMm: top, widthMm, heightMm };
  };
  const rowTicks = (box: BoxMm, names?: string[]) =>
    cellTicks(matrix.rows, box.yMm, box.heightMm, style, { names, along: 'y' });
  const wide = boxBeside(named);
  const usesNames = data.rowNames !== undefined && rowTicks(wide, data.rowNames).length === matrix.rows;
  const box = usesNames ? wide : boxBeside(numbers);
  const label = (text: string, maxMm: number): string => fitText(text, style.textPt, maxMm);
  const marks: Mark[] = [
    ...heatCells(box, matrix, spec.colours, range, style),
    ...leftAxis(
      box,
      {
        ticks: rowTicks(box, usesNames ? data.rowNames : undefined),
        label: label(data.rowLabel, box.heightMm),
        line: false,
      },
      style.marginMm,
      style,
    ),
    ...bottomAxis(
      box,
      {
        ticks: cellTicks(matrix.cols, box.xMm, box.widthMm, style, { names: data.colNames, along: 'x' }),
        label: label(data.colLabel, box.widthMm),
        line: false,
      },
      style,
    ),
    ...colourBar(
      { xMm: box.xMm + box.widthMm + barGapMm, yMm: box.yMm, heightMm: box.heightMm },
      spec.colours,
      range,
      label(data.valueLabel, box.heightMm),
      style,
    ),
  ];
  if (spec.title) {
    const place = { sizePt: style.textPt, weight: 'bold' as const, fill: style.ink.text };
    const title = fitText(spec.title, style.textPt, style.widthMm - box.xMm - style.marginMm, 'bold');
    marks.push(textMark(title, box.xMm, style.marginMm + capMm(style.textPt), place));
  }
  return { heightMm: box.yMm + box.heightMm + bottomAxisHeightMm(style) + style.marginMm, marks };
}
