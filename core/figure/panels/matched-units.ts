import { contactSheet } from '../layout/contact-sheet.ts';
import { headMarks } from '../layout/head.ts';
import type { LaidOut, Slot } from '../layout/slot.ts';
import { capMm, textMark } from '../layout/style.ts';
import type { FigureStyle } from '../layout/style.ts';
import type { Mark } from '../scene.ts';
import type { Cell } from '../table-rows.ts';
import { textWidthMm } from '../text.ts';
import { formatNumber } from '../ticks.ts';
import { samplingWords } from '../words.ts';
import { pairTitle } from './pair-title.ts';
import type { Panel } from './panel.ts';
import type { MatchedUnit, MatchedUnitsData } from './panel-data.ts';

function layout(
  title: string,
  inputs: number,
  data: MatchedUnitsData,
  style: FigureStyle,
  slot: Slot,
): LaidOut {
  const count = Math.max(data.best.length, data.worst.length, 1);
  const namesMm = Math.max(
    ...[data.networkA, data.networkB].map((name) =>
      textWidthMm([{ text: name }], style.textPt, 'regular', style.family),
    ),
  );
  const leftMm = Math.max(slot.leftMm ?? 0, style.marginMm + namesMm + 0.6 * style.emMm);
  const head = headMarks({ title, legend: [] }, leftMm, style.widthMm - leftMm - style.marginMm, style);
  const headMm = Math.max(slot.headMm ?? 0, head.heightMm + 0.6 * style.emMm);
  const gap = 0.6 * style.emMm;
  const side = (style.widthMm - leftMm - style.marginMm - (count - 1) * gap) / count;
  const lineMm = capMm(style.smallPt) + 0.8 * style.emMm;
  const blockMm = lineMm + side + lineMm + side + lineMm + 0.4 * style.emMm;
  const marks: Mark[] = [...head.marks];
  const blocks: [string, MatchedUnit[]][] = [
    ['best', data.best],
    ['worst', data.worst],
  ];
  blocks.forEach(([, pairs], block) => {
    const top = headMm + block * (blockMm + 0.5 * style.emMm);
    const rows = [top + lineMm, top + lineMm + side + lineMm];
    [data.networkA, data.networkB].forEach((name, at) => {
      const place = {
        sizePt: style.textPt,
        fill: style.ink.text,
        anchor: 'end' as const,
        baseline: 'cap-middle' as const,
      };
      marks.push(textMark(name, leftMm - 0.6 * style.emMm, rows[at] + side / 2, place));
    });
    pairs.forEach((pair, at) => {
      const x = leftMm + at * (side + gap);
      const small = { sizePt: style.smallPt, fill: style.ink.quiet, anchor: 'middle' as const };
      const text = { ...small, fill: style.ink.text };
      const centre = x + side / 2;
      marks.push(
        textMark(`unit ${pair.unitA}`, centre, rows[0] - 0.3 * style.emMm, small),
        ...contactSheet(pair.inputsA, inputs, x, rows[0], side, style),
        textMark(`unit ${pair.unitB}`, centre, rows[1] - 0.3 * style.emMm, small),
        ...contactSheet(pair.inputsB, inputs, x, rows[1], side, style),
        textMark(
          [{ text: 'r', italic: true }, { text: ` ${formatNumber(pair.value, 2)}` }],
          centre,
          rows[1] + side + 0.35 * style.emMm,
          { ...text, baseline: 'cap-top' },
        ),
      );
    });
  });
  const heightMm = headMm + 2 * blockMm + 0.5 * style.emMm + style.marginMm;
  return { heightMm, marks, headMm, footMm: style.marginMm, leftMm, rightMm: style.marginMm, isFixed: true };
}

/** Figure 2 of the paper. */
export const matchedUnits: Panel<'matched-units'> = {
  label: 'Best and worst matched units',
  layout: (spec, data, style, slot) =>
    layout(spec.title ?? `${pairTitle(data)}: best and worst matches`, spec.inputs, data, style, slot),
  caption: (spec, data) =>
    `The ${data.best.length} best (upper) and ${data.worst.length} worst (lower) one-to-one matches of ${data.layer} between` +
    ` ${data.networkA} and ${data.networkB}, each unit with the ${spec.inputs} inputs that excite it most, strongest first;` +
    ` correlation below each pair; ${samplingWords(data.sampling)}.`,
  tables: (_spec, data) => [
    {
      name: 'pairs',
      header: ['end', 'unit_a', 'unit_b', 'correlation'],
      rows: [
        ...data.best.map((pair): Cell[] => ['best', pair.unitA, pair.unitB, pair.value]),
        ...data.worst.map((pair): Cell[] => ['worst', pair.unitA, pair.unitB, pair.value]),
      ],
    },
  ],
};
