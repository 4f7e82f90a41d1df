export const presetNames = [
  'nature-single',
  'nature-double',
  'science-single',
  'science-double',
  'science-triple',
  'neurips',
  'icml',
  'icml-double',
  'thesis',
  'slide',
] as const;
export type PresetName = (typeof presetNames)[number];

/** Size and type of one kind of page. Text in pt, widths in mm. */
export interface Preset {
  label: string;
  widthMm: number;
  /** Titles, axis labels, direct labels. */
  textPt: number;
  /** Tick labels. */
  smallPt: number;
  letterPt: number;
  /** Axes and ticks; data lines are 1.5 to 2 times as heavy. */
  linePt: number;
  /** How panel letters are written. */
  letters: 'lower' | 'upper';
}

/**
 * Widths: Nature's guide to preparing final artwork (89 and 183 mm, 5-7 pt text, 8 pt bold panel letters), Science
 * (57, 121 and 184 mm, bold capitals), NeurIPS (5.5 in text), ICML (3.25 in column, 6.75 in text), the text of an A4
 * thesis, a 16:9 slide of 10 in.
 */
export const presets: Record<PresetName, Preset> = {
  'nature-single': preset('Nature, single column', 89, 7, 6, 8, 0.5),
  'nature-double': preset('Nature, double column', 183, 7, 6, 8, 0.5),
  'science-single': preset('Science, one column', 57, 7, 6, 9, 0.5, 'upper'),
  'science-double': preset('Science, two columns', 121, 7, 6, 9, 0.5, 'upper'),
  'science-triple': preset('Science, three columns', 184, 7, 6, 9, 0.5, 'upper'),
  neurips: preset('NeurIPS, text width', 139.7, 8, 7, 9, 0.5),
  icml: preset('ICML, column', 82.6, 8, 7, 9, 0.5),
  'icml-double': preset('ICML, two columns', 171.4, 8, 7, 9, 0.5),
  thesis: preset('Thesis, A4 text width', 150, 9, 8, 11, 0.6),
  slide: preset('Slide, 16:9', 254, 16, 14, 18, 1),
};

function preset(
  label: string,
  widthMm: number,
  textPt: number,
  smallPt: number,
  letterPt: number,
  linePt: number,
  letters: Preset['letters'] = 'lower',
): Preset {
  return { label, widthMm, textPt, smallPt, letterPt, linePt, letters };
}
