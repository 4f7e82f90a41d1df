import { inks, pairColours } from '../colour/sets.ts';
import type { Inks, Theme } from '../colour/sets.ts';
import type { Anchor, Baseline, FontFamily, LineMark, Stroke, TextMark, TextRun } from '../scene.ts';
import { presets } from '../presets.ts';
import type { PresetName } from '../presets.ts';
import type { TypeSizes } from '../spec.ts';
import type { ShownScore } from '../data.ts';
import { capHeightEm } from '../text.ts';
import { mmOf } from '../units.ts';

/** Everything a layout needs to know about type, weight and colour; lengths follow the text size. */
export interface FigureStyle {
  widthMm: number;
  family: FontFamily;
  textPt: number;
  smallPt: number;
  letterPt: number;
  linePt: number;
  /** Size of the text in mm: distances are written as shares of it. */
  emMm: number;
  marginMm: number;
  tickMm: number;
  /** From tick to its label, and from tick labels to the axis label. */
  tickGapMm: number;
  labelGapMm: number;
  theme: Theme;
  ink: Inks;
  pair: { semi: string; match: string };
}

interface StyleSource {
  preset: PresetName;
  widthMm?: number;
  type?: TypeSizes;
}

export function styleOf(spec: StyleSource, theme: Theme): FigureStyle {
  const preset = { ...presets[spec.preset], ...spec.type };
  const emMm = mmOf(preset.textPt);
  return {
    widthMm: spec.widthMm ?? preset.widthMm,
    family: preset.family ?? 'sans',
    textPt: preset.textPt,
    smallPt: preset.smallPt,
    letterPt: preset.letterPt,
    linePt: preset.linePt,
    emMm,
    marginMm: 0.4 * emMm,
    tickMm: 0.28 * emMm,
    tickGapMm: 0.26 * emMm,
    labelGapMm: 0.45 * emMm,
    theme,
    ink: inks[theme],
    pair: pairColours[theme],
  };
}

export const capMm = (sizePt: number): number => mmOf(sizePt * capHeightEm);

export interface TextPlace {
  sizePt: number;
  fill: string;
  anchor?: Anchor;
  baseline?: Baseline;
  weight?: 'regular' | 'bold';
  rotate?: 0 | -90;
}

export function textMark(text: string | TextRun[], xMm: number, yMm: number, place: TextPlace): TextMark {
  return {
    kind: 'text',
    xMm,
    yMm,
    runs: typeof text === 'string' ? [{ text }] : text,
    sizePt: place.sizePt,
    weight: place.weight ?? 'regular',
    anchor: place.anchor ?? 'start',
    baseline: place.baseline ?? 'alphabetic',
    rotate: place.rotate ?? 0,
    fill: place.fill,
  };
}

export function lineMark(x1Mm: number, y1Mm: number, x2Mm: number, y2Mm: number, stroke: Stroke): LineMark {
  return { kind: 'line', x1Mm, y1Mm, x2Mm, y2Mm, stroke };
}

/** "correlation r" with the r in italics, or the name of another score. */
export function scoreRuns(score: ShownScore): TextRun[] {
  if (score === 'mutual-information') return [{ text: 'Mutual information (nats)' }];
  if (score === 'correlation') return [{ text: 'Correlation ' }, { text: 'r', italic: true }];
  return [{ text: 'Absolute correlation |' }, { text: 'r', italic: true }, { text: '|' }];
}
