import { contactSheet } from '../layout/contact-sheet.ts';
import { layoutChart, roundTicks } from '../layout/chart.ts';
import type { Chart } from '../layout/chart.ts';
import type { LaidOut, Slot } from '../layout/slot.ts';
import { lineMark, textMark } from '../layout/style.ts';
import type { FigureStyle } from '../layout/style.ts';
import type { Mark } from '../scene.ts';
import type { PanelOf } from '../spec.ts';
import { fitText } from '../text.ts';
import { formatNumber, niceDomain } from '../ticks.ts';
import { samplingWords } from '../words.ts';
import type { Panel } from './panel.ts';
import type { MappingTargetData } from './panel-data.ts';

function chartOf(title: string, data: MappingTargetData, count: number, style: FigureStyle): Chart {
  const shown = data.sources.slice(0, count);
  const weights = shown.map(({ weight }) => weight);
  const correlations = shown.map(({ correlation }) => correlation);
  const all = [...weights, ...correlations];
  const [low, high] = niceDomain(Math.min(0, ...all), Math.max(0, ...all), 6);
  const rows = shown.map((_, at) => at);
  return {
    title,
    aspect: 0.09 * Math.max(3, shown.length),
    legend: [
      { label: 'weight w', colour: style.pair.match, shape: 'dot' },
      { label: 'r with the target', colour: style.ink.quiet, shape: 'ring' },
    ],
    x: { label: 'Weight, correlation', domain: [low, high], ticks: roundTicks([low, high]) },
    y: {
      label: `${data.networkA} unit`,
      domain: [shown.length - 0.5, -0.5],
      ticks: shown.map(({ unit }, at) => ({ value: at, label: String(unit) })),
      tickRules: false,
    },
    marks: [
      { kind: 'rule', at: 0, along: 'y', colour: style.ink.quiet },
      { kind: 'stems', xs: weights, ys: rows, colour: style.pair.match, along: 'x' },
      { kind: 'dots', xs: correlations, ys: rows, colour: style.ink.quiet, hollow: true, share: 1 },
      { kind: 'dots', xs: weights, ys: rows, colour: style.pair.match, share: 1 },
    ],
  };
}

/** The chart, and right of it what excites each source, joined to what excites the target by lines as wide as the weights. */
function withInputs(
  { count, inputs }: PanelOf<'mapping-target'>,
  data: MappingTargetData,
  chart: Chart,
  style: FigureStyle,
  slot: Slot,
): LaidOut {
  const { emMm, widthMm } = style;
  const shown = data.sources.slice(0, count);
  const naturalMm = Math.min(4 * emMm, 0.13 * widthMm, (30 * emMm) / shown.length);
  const targetMm = Math.max(1.4 * naturalMm, Math.min(4.6 * emMm, 0.16 * widthMm));
  const [gapMm, wayMm] = [0.9 * emMm, 0.09 * widthMm];
  const guttersMm = gapMm + naturalMm + wayMm + targetMm + style.marginMm;
  const rightMm = Math.max(slot.rightMm ?? 0, guttersMm);
  const aspect = (1.12 * naturalMm * Math.max(3, shown.length)) / (widthMm - 5 * emMm - rightMm);
  const laidOut = layoutChart({ ...chart, aspect }, style, { ...slot, rightMm });
  const [top, heightMm] = [laidOut.headMm, laidOut.heightMm - laidOut.headMm - laidOut.footMm];
  const pitchMm = heightMm / shown.length;
  const side = Math.min(naturalMm, 0.92 * pitchMm);
  const x = widthMm - guttersMm + gapMm;
  const targetX = widthMm - style.marginMm - targetMm;
  const middle = top + heightMm / 2;
  const most = Math.max(...shown.map(({ weight }) => Math.abs(weight)));
  const marks = shown.flatMap(({ weight, inputs: pictures = [] }, at): Mark[] => {
    const y = top + (at + 0.5) * pitchMm;
    const widthPt = Math.max(0.25, ((4 * Math.abs(weight)) / most) * style.linePt);
    const stroke = { colour: style.pair.match, widthPt, ...(weight < 0 ? { dashPt: [2, 1.5] } : {}) };
    const end = middle + (y - middle) * Math.min(1, (0.7 * targetMm) / heightMm);
    return [
      lineMark(x + side + 0.2 * emMm, y, targetX - 0.2 * emMm, end, stroke),
      ...contactSheet(pictures, fitting(inputs, side, style), x, y - side / 2, side, style),
    ];
  });
  const place = { sizePt: style.smallPt, fill: style.ink.text, anchor: 'middle' } as const;
  const targetTop = middle - targetMm / 2;
  marks.push(
    ...contactSheet(data.inputs ?? [], inputs, targetX, targetTop, targetMm, style),
    textMark(`unit ${data.unit}`, targetX + targetMm / 2, targetTop - 0.4 * emMm, place),
    textMark(
      fitText(data.networkB, style.smallPt, targetMm, 'regular', style.family),
      targetX + targetMm / 2,
      targetTop + targetMm + 0.4 * emMm,
      {
        ...place,
        fill: style.ink.quiet,
        baseline: 'cap-top',
      },
    ),
  );
  return { ...laidOut, rightMm: guttersMm, marks: [...laidOut.marks, ...marks] };
}

/** Fewer pictures where each would be smaller than a letter. */
function fitting(inputs: number, side: number, style: FigureStyle): number {
  return [9, 4, 1].find((count) => count <= inputs && side / Math.sqrt(count) >= 0.9 * style.emMm) ?? 1;
}

const explained = (loss: number): string => formatNumber(1 - 2 * loss, 2);

/** One target and its few sources. */
export const mappingTarget: Panel<'mapping-target'> = {
  label: 'Sparse mapping: one target and its sources',
  layout(spec, data, style, slot) {
    const title = spec.title ?? `Unit ${data.unit} of ${data.networkB}, R² ${explained(data.loss)}`;
    const chart = chartOf(title, data, spec.count, style);
    const isShown = spec.inputs > 0 && data.inputs !== undefined && data.inputs.length > 0;
    return isShown ? withInputs(spec, data, chart, style, slot) : layoutChart(chart, style, slot);
  },
  caption: (spec, data) =>
    `Unit ${data.unit} of ${data.networkB} (${data.layer}) predicted from ${data.networkA}: standardised weights` +
    ` (filled) and correlations with the target (open) of ${data.sources.length <= spec.count ? 'its' : `the ${spec.count} strongest of`}` +
    ` ${data.sources.length} sources at α = ${data.alpha}.${data.inputs && spec.inputs > 0 ? ' Right, the inputs that excite the sources and the target most, strongest first; lines as wide as the weights, dashed where negative.' : ''} R² ${explained(data.loss)}; best single source` +
    ` ${explained(data.bestSingleLoss)}, least squares ${explained(data.leastSquaresLoss)}; ${samplingWords(data.sampling)}.`,
  tables: (_spec, { sources }) => [
    {
      name: 'sources',
      header: ['source_unit', 'weight', 'correlation'],
      rows: sources.map(({ unit, weight, correlation }) => [unit, weight, correlation]),
    },
  ],
};
