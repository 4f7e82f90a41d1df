import { colourOf, matrixToLevels, paletteOf } from '../colour/maps.ts';
import type { ColourMapName } from '../colour/maps.ts';
import type { Matrix } from '../data.ts';
import type { BoxMm, Mark, TextRun } from '../scene.ts';
import type { ValueRange } from '../spec.ts';
import { textWidthMm } from '../text.ts';
import { formatNumber, formatTick, indexTicks, minusSign, niceTicks } from '../ticks.ts';
import { mmOf } from '../units.ts';
import { labelHeightMm, widestMm } from './axes.ts';
import type { PlacedTick } from './axes.ts';
import { capMm, lineMark, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

/** The cells, one pixel each, under a hairline frame. */
export function heatCells(
  box: BoxMm,
  matrix: Matrix,
  map: ColourMapName,
  range: ValueRange,
  style: FigureStyle,
): Mark[] {
  const cells = levelsOf(matrix, range);
  const image = { rows: matrix.rows, cols: matrix.cols, cells, palette: paletteOf(map) };
  return [
    { kind: 'image', ...box, image },
    { kind: 'rect', ...box, stroke: { colour: style.ink.line, widthPt: Math.max(0.25, style.linePt / 2) } },
  ];
}

const known = new WeakMap<Matrix, { range: ValueRange; cells: Uint8Array }>();

/** Palette indices of a matrix; those of the last range are kept, because a page lays its panels out more than once. */
function levelsOf(matrix: Matrix, range: ValueRange): Uint8Array {
  const last = known.get(matrix);
  if (last && last.range.min === range.min && last.range.max === range.max) return last.cells;
  const cells = matrix.levels?.(range) ?? matrixToLevels(matrix.values, range.min, range.max);
  known.set(matrix, { range, cells });
  return cells;
}

/** Values in the middle of their cells, light on dark and dark on light; none where they have no room. */
export function cellValues(
  box: BoxMm,
  matrix: Matrix,
  map: ColourMapName,
  range: ValueRange,
  digits: number,
  style: FigureStyle,
): Mark[] {
  const [widthMm, heightMm] = [box.widthMm / matrix.cols, box.heightMm / matrix.rows];
  const texts = Array.from(matrix.values, (value) => formatNumber(value, digits));
  const roomMm = widestMm(texts, style.smallPt, style.family) + 0.5 * style.emMm;
  if (roomMm > widthMm || 1.8 * capMm(style.smallPt) > heightMm) return [];
  return texts.map((text, at) => {
    const colour = colourOf(map, (matrix.values[at] - range.min) / (range.max - range.min));
    return textMark(
      text,
      box.xMm + ((at % matrix.cols) + 0.5) * widthMm,
      box.yMm + (Math.floor(at / matrix.cols) + 0.5) * heightMm,
      {
        sizePt: style.smallPt,
        fill: isDark(colour) ? '#ffffff' : '#1a1a1a',
        anchor: 'middle',
        baseline: 'cap-middle',
      },
    );
  });
}

/** Relative luminance (WCAG 2.2) below the point where white text reads better than black. */
function isDark(hex: string): boolean {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18;
}

/**
 * Ticks in the middle of their row or column. Names are used where all of them fit without touching,
 * numbers (from 0) otherwise.
 */
export function cellTicks(
  count: number,
  fromMm: number,
  lengthMm: number,
  style: FigureStyle,
  options: { names?: string[]; along: 'x' | 'y' },
): PlacedTick[] {
  const pitch = lengthMm / count;
  const at = (index: number): number => fromMm + (index + 0.5) * pitch;
  const { names } = options;
  if (names?.length === count) {
    const room =
      options.along === 'x'
        ? widestMm(names, style.smallPt, style.family) + 0.4 * style.emMm
        : 1.5 * capMm(style.smallPt);
    if (room <= pitch) return names.map((label, index) => ({ atMm: at(index), label }));
  }
  const widest = textWidthMm([{ text: String(count) }], style.smallPt, 'regular', style.family);
  const pitchOfLabels = options.along === 'x' ? widest + 0.8 * style.emMm : 2.4 * capMm(style.smallPt);
  const most = Math.max(2, Math.min(6, Math.floor(lengthMm / pitchOfLabels)));
  return indexTicks(count, most).map((index) => ({ atMm: at(index), label: String(index) }));
}

/** Smallest and largest finite value; 0..1 when there is none, widened when they are equal. */
export function rangeOf(matrices: Matrix[]): ValueRange {
  let min = Infinity;
  let max = -Infinity;
  for (const { values, stats } of matrices) {
    if (stats) {
      min = Math.min(min, stats.min);
      max = Math.max(max, stats.max);
    }
    for (let at = 0; at < values.length; at++) {
      const value = values[at];
      if (value < min && value !== -Infinity) min = value;
      if (value > max && value !== Infinity) max = value;
    }
  }
  if (min > max) return { min: 0, max: 1 };
  return min === max ? { min: min - 0.5, max: max + 0.5 } : { min, max };
}

/** A range around 0 that ends at a round number. */
export function symmetricalRange(most: number): ValueRange {
  const size = 10 ** Math.floor(Math.log10(most || 1));
  const step = most > 2 * size ? size : size / 2;
  // Division by the inverse keeps 0.3 from becoming 0.30000000000000004.
  const count = Math.ceil((most || 1) / step - 1e-9);
  const max = step < 1 ? count / Math.round(1 / step) : count * step;
  return { min: -max, max };
}

interface BarTick {
  value: number;
  label: string;
}

/**
 * Round numbers inside the range and the two ends themselves. A round number nearer to an end than `gapShare` of the
 * range gives way to it.
 */
function barTicks(range: ValueRange, gapShare = 0.09): BarTick[] {
  const { values, step } = niceTicks(range.min, range.max, 5);
  const near = gapShare * (range.max - range.min);
  const inner = values.filter((value) => value - range.min > near && range.max - value > near);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  // 0.6 rather than 0.60 beside 0.4: the extra decimal appears only where it says something.
  const end = (value: number): BarTick => {
    const fine = formatNumber(value, Math.min(decimals + 1, 3));
    const coarse = formatTick(value, step);
    const isSame = Number(fine.replace(minusSign, '-')) === Number(coarse.replace(minusSign, '-'));
    return { value, label: isSame ? (Number(fine) === 0 ? '0' : coarse) : fine };
  };
  return [
    end(range.min),
    ...inner.map((value) => ({ value, label: formatTick(value, step) })),
    end(range.max),
  ];
}

const barWidthEm = 0.75;

/** Width of a colour bar with its labels, from the bar's left edge. */
export function colourBarWidthMm(range: ValueRange, style: FigureStyle): number {
  const labels = barTicks(range).map((tick) => tick.label);
  const ticks = style.tickMm + style.tickGapMm + widestMm(labels, style.smallPt, style.family);
  return barWidthEm * style.emMm + ticks + style.labelGapMm + labelHeightMm(style);
}

/** A vertical colour bar, high values on top, every end labelled, its quantity written upwards on the right. */
export function colourBar(
  place: { xMm: number; yMm: number; heightMm: number },
  map: ColourMapName,
  range: ValueRange,
  label: string | TextRun[],
  style: FigureStyle,
): Mark[] {
  const box: BoxMm = { ...place, widthMm: barWidthEm * style.emMm };
  const cells = Uint8Array.from({ length: 255 }, (_, row) => 254 - row);
  const stroke = { colour: style.ink.line, widthPt: style.linePt };
  const right = box.xMm + box.widthMm;
  const marks: Mark[] = [
    { kind: 'image', ...box, image: { rows: 255, cols: 1, cells, palette: paletteOf(map) } },
    { kind: 'rect', ...box, stroke: { colour: style.ink.line, widthPt: Math.max(0.25, style.linePt / 2) } },
  ];
  const ticks = barTicks(range, Math.max(0.09, (1.4 * mmOf(style.smallPt)) / box.heightMm));
  for (const tick of ticks) {
    const share = (tick.value - range.min) / (range.max - range.min);
    const y = box.yMm + (1 - share) * box.heightMm;
    marks.push(
      lineMark(right, y, right + style.tickMm, y, stroke),
      textMark(tick.label, right + style.tickMm + style.tickGapMm, y, {
        sizePt: style.smallPt,
        fill: style.ink.text,
        baseline: 'cap-middle',
      }),
    );
  }
  const labels = widestMm(
    ticks.map((tick) => tick.label),
    style.smallPt,
    style.family,
  );
  const labelX = right + style.tickMm + style.tickGapMm + labels + style.labelGapMm;
  marks.push(
    textMark(label, labelX, box.yMm + box.heightMm / 2, {
      sizePt: style.textPt,
      fill: style.ink.text,
      anchor: 'middle',
      baseline: 'cap-top',
      rotate: -90,
    }),
  );
  return marks;
}
