import { orderWords } from '../../domain/unit-orders.ts';
import type { ColourMapName } from '../colour/maps.ts';
import type { CorrelationQuadData, Matrix } from '../data.ts';
import type { BoxMm, Mark } from '../scene.ts';
import type { CorrelationQuadOptions, ValueRange } from '../spec.ts';
import { fitFirst } from '../text.ts';
import { bottomAxis, bottomAxisHeightMm, leftAxis, leftAxisWidthMm } from './axes.ts';
import { cellTicks, colourBar, colourBarWidthMm, heatCells, rangeOf } from './heat-panel.ts';
import type { LaidOut, Slot } from './slot.ts';
import { capMm, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

/** Below this width the four panels stand two by two. */
const oneRowFromMm = 120;

interface Panel {
  letter: string;
  /** The first that fits the panel is used. */
  title: string[];
  rowLabel: string[];
  colLabel: string[];
  matrix: Matrix;
}

/**
 * The matrix with its columns, and its rows when given, in another order. Throws a RangeError when an order does not
 * name each of them once.
 */
export function permuteMatrix(
  matrix: Matrix,
  colOrder: ArrayLike<number>,
  rowOrder?: ArrayLike<number>,
): Matrix {
  const { rows, cols, values } = matrix;
  requirePermutation(colOrder, cols, 'second');
  if (rowOrder) requirePermutation(rowOrder, rows, 'first');
  if (matrix.levels) return permuteLevels(matrix, colOrder, rowOrder);
  const permuted = new Float64Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const from = (rowOrder ? rowOrder[row] : row) * cols;
    for (let col = 0; col < cols; col++) permuted[row * cols + col] = values[from + colOrder[col]];
  }
  return { rows, cols, values: permuted };
}

/** The same of a matrix that is there as palette indices only. */
function permuteLevels(
  { rows, cols, stats, levels }: Matrix,
  colOrder: ArrayLike<number>,
  rowOrder?: ArrayLike<number>,
): Matrix {
  return {
    rows,
    cols,
    values: new Float64Array(0),
    stats,
    levels(range) {
      const from = levels?.(range) as Uint8Array;
      const cells = new Uint8Array(rows * cols);
      for (let row = 0; row < rows; row++) {
        const start = (rowOrder ? rowOrder[row] : row) * cols;
        for (let col = 0; col < cols; col++) cells[row * cols + col] = from[start + colOrder[col]];
      }
      return cells;
    },
  };
}

function requirePermutation(order: ArrayLike<number>, count: number, which: 'first' | 'second'): void {
  const seen = new Uint8Array(count);
  for (let at = 0; at < order.length; at++) if (order[at] >= 0 && order[at] < count) seen[order[at]] = 1;
  if (order.length !== count || seen.includes(0)) {
    throw new RangeError(
      `The display order must name each of the ${count} units of the ${which} network once.`,
    );
  }
}

/** True where the rows of panel d do not stand in their own order. */
function movesRows({ orderA }: CorrelationQuadData): boolean {
  return orderA !== undefined && Array.from(orderA).some((unit, at) => unit !== at);
}

interface QuadMatrices {
  withinA: Matrix;
  withinB: Matrix;
  between: Matrix;
  permuted: Matrix;
}

/** The matrices are put in order once, however often the page is laid out. */
const orderedOf = new WeakMap<CorrelationQuadData, QuadMatrices>();

/** The four matrices as they are shown. */
export function shownMatrices(data: CorrelationQuadData): QuadMatrices {
  const known = orderedOf.get(data);
  if (known) return known;
  const { withinA, withinB, between, order } = data;
  const made = {
    withinA: order ? permuteMatrix(withinA, order.a, order.a) : withinA,
    withinB: order ? permuteMatrix(withinB, order.b, order.b) : withinB,
    between: order ? permuteMatrix(between, order.b, order.a) : between,
    permuted: permuteMatrix(between, data.orderB, data.orderA),
  };
  orderedOf.set(data, made);
  return made;
}

function panelsOf(data: CorrelationQuadData, letters: string[]): Panel[] {
  const { networkA, networkB, order } = data;
  const axis = order ? orderWords[order.name].axis : 'unit';
  const unitsOf = (name: string): string[] =>
    order ? [`${name}, ${axis}`, `${name}, place`, name] : [`${name} ${axis}`, name];
  const [unitA, unitB] = [unitsOf(networkA), unitsOf(networkB)];
  const both = `${networkA}–${networkB}`;
  const { withinA, withinB, between, permuted } = shownMatrices(data);
  const [a, b, c, d] = letters;
  const permutedUnit = (name: string): string[] => [
    `${name} unit, permuted`,
    `${name}, permuted`,
    'Permuted unit',
    'Permuted',
    'Unit',
  ];
  return [
    { letter: a, title: [networkA], rowLabel: unitA, colLabel: unitA, matrix: withinA },
    { letter: b, title: [networkB], rowLabel: unitB, colLabel: unitB, matrix: withinB },
    { letter: c, title: [both, 'Between'], rowLabel: unitA, colLabel: unitB, matrix: between },
    {
      letter: d,
      title: [`${both}, permuted`, 'Permuted'],
      rowLabel: order ? unitA : movesRows(data) ? permutedUnit(networkA) : unitA,
      colLabel: permutedUnit(networkB),
      matrix: permuted,
    },
  ];
}

/** The range the four panels share. */
export function quadRange(spec: CorrelationQuadOptions, data: CorrelationQuadData): ValueRange {
  if (spec.range) return spec.range;
  if (spec.colours === 'diverging') return { min: -1, max: 1 };
  return rangeOf([data.withinA, data.withinB, data.between]);
}

/** Four square panels of one size in one row, or two by two, with one colour bar. */
export function layoutCorrelationQuad(
  spec: CorrelationQuadOptions,
  data: CorrelationQuadData,
  style: FigureStyle,
  slot: Slot = {},
): LaidOut {
  const panels = panelsOf(data, slot.letters ?? ['a', 'b', 'c', 'd']);
  const range = quadRange(spec, data);
  const columns = style.widthMm >= oneRowFromMm ? 4 : 2;
  const most = Math.max(data.between.rows, data.between.cols);
  const axisMm = leftAxisWidthMm(style, [String(most)]);
  const gapMm = 0.9 * style.emMm;
  const barMm = 0.9 * style.emMm + colourBarWidthMm(range, style);
  const sideMm =
    (style.widthMm - 2 * style.marginMm - columns * axisMm - (columns - 1) * gapMm - barMm) / columns;
  const headMm = capMm(style.letterPt) + 0.55 * style.emMm;
  const rowMm = headMm + sideMm + bottomAxisHeightMm(style);
  const rowGapMm = 0.9 * style.emMm;
  const rows = 4 / columns;
  const topMm = style.marginMm;
  const marks: Mark[] = panels.map((panel, index) => {
    const place = { column: index % columns, row: Math.floor(index / columns) };
    const xMm = style.marginMm + place.column * (axisMm + sideMm + gapMm);
    const yMm = topMm + place.row * (rowMm + rowGapMm);
    const box: BoxMm = { xMm: axisMm, yMm: headMm, widthMm: sideMm, heightMm: sideMm };
    return {
      kind: 'group',
      name: `panel ${panel.letter}`,
      xMm,
      yMm,
      marks: panelMarks(panel, box, spec.colours, range, style),
    };
  });
  const heightMm = topMm + style.marginMm + rows * rowMm + (rows - 1) * rowGapMm;
  const bar = {
    xMm: style.marginMm + columns * (axisMm + sideMm) + (columns - 1) * gapMm + 0.9 * style.emMm,
    yMm: topMm + headMm,
    heightMm: (rows - 1) * (rowMm + rowGapMm) + sideMm,
  };
  const label = [{ text: 'Correlation ' }, { text: 'r', italic: true }];
  marks.push({
    kind: 'group',
    name: 'colour bar',
    xMm: 0,
    yMm: 0,
    marks: colourBar(bar, spec.colours, range, label, style),
  });
  const footMm = bottomAxisHeightMm(style) + style.marginMm;
  return { heightMm, marks, headMm, footMm, leftMm: style.marginMm + axisMm, rightMm: barMm, isFixed: true };
}

function panelMarks(
  panel: Panel,
  box: BoxMm,
  map: ColourMapName,
  range: ValueRange,
  style: FigureStyle,
): Mark[] {
  const { matrix } = panel;
  const baselineMm = capMm(style.letterPt);
  const fill = style.ink.text;
  const label = (texts: string[]): string => fitFirst(texts, style.textPt, box.widthMm, style.family);
  return [
    textMark(panel.letter, 0, baselineMm, { sizePt: style.letterPt, weight: 'bold', fill }),
    textMark(label(panel.title), box.xMm, baselineMm, { sizePt: style.textPt, fill }),
    ...heatCells(box, matrix, map, range, style),
    ...leftAxis(
      box,
      {
        // The narrower room of the x axis decides for both, so that the same units have the same ticks.
        ticks: cellTicks(matrix.rows, box.yMm, box.heightMm, style, { along: 'x' }),
        label: label(panel.rowLabel),
        line: false,
      },
      0,
      style,
    ),
    ...bottomAxis(
      box,
      {
        ticks: cellTicks(matrix.cols, box.xMm, box.widthMm, style, { along: 'x' }),
        label: label(panel.colLabel),
        line: false,
      },
      style,
    ),
  ];
}
