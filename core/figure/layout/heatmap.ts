import type { HeatmapData } from '../data.ts';
import type { BoxMm, Mark } from '../scene.ts';
import type { HeatmapOptions, ValueRange } from '../spec.ts';
import { fitText } from '../text.ts';
import { bottomAxis, bottomAxisHeightMm, leftAxis, leftAxisWidthMm } from './axes.ts';
import { headMarks } from './head.ts';
import {
  cellTicks,
  cellValues,
  colourBar,
  colourBarWidthMm,
  heatCells,
  rangeOf,
  symmetricalRange,
} from './heat-panel.ts';
import type { LaidOut, ScaleBar, Slot } from './slot.ts';
import type { FigureStyle } from './style.ts';

export function heatmapRange(spec: HeatmapOptions, data: HeatmapData): ValueRange {
  if (data.isUnbounded) return unboundedRange(spec, rangeOf([data.matrix]));
  return spec.range ?? (spec.colours === 'diverging' ? { min: -1, max: 1 } : rangeOf([data.matrix]));
}

/** The range of values that may lie anywhere: around 0 for a diverging map, from end to end for any other. */
export function unboundedRange(
  { range, colours }: Pick<HeatmapOptions, 'range' | 'colours'>,
  { min, max }: ValueRange,
): ValueRange {
  if (range) return range;
  return colours === 'diverging' ? symmetricalRange(Math.max(Math.abs(min), Math.abs(max))) : { min, max };
}

/** One matrix, as wide as the slot allows, and its colour bar. */
export function layoutHeatmap(
  spec: HeatmapOptions,
  data: HeatmapData,
  style: FigureStyle,
  slot: Slot = {},
): LaidOut {
  const { matrix } = data;
  const range = heatmapRange(spec, data);
  const barGapMm = 0.9 * style.emMm;
  const barMm = slot.isScaleShown ? 0 : barGapMm + colourBarWidthMm(range, style);
  const ownRightMm = barMm + style.marginMm;
  const rightMm = Math.max(slot.rightMm ?? 0, ownRightMm);
  // The axis's width depends on which labels fit, which depends on the height: numbers first, then names.
  const numbers = style.marginMm + leftAxisWidthMm(style, [String(matrix.rows)]);
  const named = data.rowNames ? style.marginMm + leftAxisWidthMm(style, data.rowNames) : numbers;
  const headOf = (leftMm: number) =>
    headMarks(
      { title: spec.title ?? '', legend: [] },
      leftMm,
      style.widthMm - leftMm - style.marginMm,
      style,
    );
  const headMm = slot.headMm ?? (spec.title ? headOf(numbers).heightMm : style.marginMm + 0.3 * style.emMm);
  const footMm = slot.footMm ?? bottomAxisHeightMm(style) + style.marginMm;
  const boxBeside = (ownLeftMm: number): BoxMm => {
    const leftMm = slot.leftMm ?? ownLeftMm;
    const widthMm = style.widthMm - leftMm - rightMm;
    // Square cells, unless the labels beside the box would have no room or the page would be very long.
    const squareMm = (widthMm * matrix.rows) / matrix.cols;
    const ownMm = Math.min(Math.max(squareMm, 13 * style.emMm), 1.4 * style.widthMm);
    const heightMm = slot.heightMm ? slot.heightMm - headMm - footMm : ownMm;
    return { xMm: leftMm, yMm: headMm, widthMm, heightMm };
  };
  const rowTicks = (box: BoxMm, names?: string[]) =>
    cellTicks(matrix.rows, box.yMm, box.heightMm, style, { names, along: 'y' });
  const wide = boxBeside(named);
  const usesNames = data.rowNames !== undefined && rowTicks(wide, data.rowNames).length === matrix.rows;
  const ownLeftMm = usesNames ? named : numbers;
  const box = boxBeside(ownLeftMm);
  const label = (text: string, maxMm: number): string =>
    fitText(text, style.textPt, maxMm, 'regular', style.family);
  const scale: ScaleBar = {
    key: [spec.colours, range.min, range.max, data.valueLabel].join(' '),
    widthMm: colourBarWidthMm(range, style),
    marks: (place) => colourBar(place, spec.colours, range, label(data.valueLabel, place.heightMm), style),
  };
  const marks: Mark[] = [
    ...headOf(box.xMm).marks,
    ...heatCells(box, matrix, spec.colours, range, style),
    ...(data.cellDigits === undefined
      ? []
      : cellValues(box, matrix, spec.colours, range, data.cellDigits, style)),
    ...leftAxis(
      box,
      {
        ticks: rowTicks(box, usesNames ? data.rowNames : undefined),
        label: label(data.rowLabel, box.heightMm),
        line: false,
      },
      box.xMm - ownLeftMm + style.marginMm,
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
    ...(slot.isScaleShown
      ? []
      : scale.marks({ xMm: box.xMm + box.widthMm + barGapMm, yMm: box.yMm, heightMm: box.heightMm })),
  ];
  return {
    heightMm: box.yMm + box.heightMm + footMm,
    headMm,
    footMm,
    leftMm: box.xMm,
    rightMm: ownRightMm,
    isFixed: true,
    scale,
    marks,
  };
}
