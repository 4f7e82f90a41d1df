import { arimoMetrics } from './fonts/arimo-metrics.ts';
import type { PackedFontMetrics } from './fonts/arimo-metrics.ts';
import { tinosMetrics } from './fonts/tinos-metrics.ts';
import type { BoxMm, FontFamily, TextMark, TextRun } from './scene.ts';
import { mmOf } from './units.ts';

/** Size of sub- and superscripts, and their shift, as shares of the text's size. */
export const scriptScale = 0.7;
export const scriptShift = { sub: 0.16, super: -0.36 } as const;

type FontStyle = keyof typeof arimoMetrics;

const metrics: Record<FontFamily, typeof arimoMetrics> = { sans: arimoMetrics, serif: tinosMetrics };
const unpacked = (family: FontFamily): Record<FontStyle, Map<number, number>> => ({
  regular: unpack(metrics[family].regular),
  bold: unpack(metrics[family].bold),
  italic: unpack(metrics[family].italic),
});
const advances: Record<FontFamily, Record<FontStyle, Map<number, number>>> = {
  sans: unpacked('sans'),
  serif: unpacked('serif'),
};

function unpack(metrics: PackedFontMetrics): Map<number, number> {
  const map = new Map<number, number>();
  for (const run of metrics.widths.split(';')) {
    const [first, list] = run.split(':');
    list.split(',').forEach((width, at) => map.set(parseInt(first, 36) + at, parseInt(width, 36)));
  }
  return map;
}

/** Height of capitals and depth of descenders as shares of the size. */
export const capHeightEm = arimoMetrics.regular.capHeight / arimoMetrics.regular.unitsPerEm;
const descentEm = arimoMetrics.regular.descent / arimoMetrics.regular.unitsPerEm;
/** Brackets and accents stand a little above the capitals. */
const topEm = 0.76;

/** Advance width in mm from the font's own table, without kerning (within 2 % of the set line). */
export function textWidthMm(
  runs: TextRun[],
  sizePt: number,
  weight: 'regular' | 'bold' = 'regular',
  family: FontFamily = 'sans',
): number {
  let width = 0;
  for (const run of runs) {
    const style: FontStyle = weight === 'bold' ? 'bold' : run.italic ? 'italic' : 'regular';
    const { unitsPerEm, missing } = metrics[family][style];
    const scale = (run.shift ? scriptScale : 1) / unitsPerEm;
    for (const character of run.text) {
      width += (advances[family][style].get(character.codePointAt(0) as number) ?? missing) * scale;
    }
  }
  return mmOf(width * sizePt);
}

/** True where the bundled font of a family draws every character, in all its styles. */
export function isCovered(text: string, family: FontFamily = 'sans'): boolean {
  return [...text].every((character) => advances[family].regular.has(character.codePointAt(0) as number));
}

/** Shortens plain text with an ellipsis until it fits. */
export function fitText(
  text: string,
  sizePt: number,
  maxMm: number,
  weight: 'regular' | 'bold' = 'regular',
  family: FontFamily = 'sans',
): string {
  if (textWidthMm([{ text }], sizePt, weight, family) <= maxMm) return text;
  const characters = [...text];
  while (characters.length > 1) {
    characters.pop();
    const shorter = characters.join('').trimEnd() + '…';
    if (textWidthMm([{ text: shorter }], sizePt, weight, family) <= maxMm) return shorter;
  }
  return '…';
}

/** The first of several wordings that fits; the last one, shortened, when none does. */
export function fitFirst(
  texts: string[],
  sizePt: number,
  maxMm: number,
  family: FontFamily = 'sans',
): string {
  const fitting = texts.find((text) => textWidthMm([{ text }], sizePt, 'regular', family) <= maxMm);
  return fitting ?? fitText(texts[texts.length - 1], sizePt, maxMm, 'regular', family);
}

/** How far below its y the alphabetic baseline lies, in mm. */
export function baselineOffsetMm(mark: Pick<TextMark, 'baseline' | 'sizePt'>): number {
  const capMm = mmOf(mark.sizePt * capHeightEm);
  if (mark.baseline === 'cap-top') return capMm;
  return mark.baseline === 'cap-middle' ? capMm / 2 : 0;
}

/** The box of the set text, in the coordinates of the mark. */
export function textBox(mark: TextMark): BoxMm {
  const width = textWidthMm(mark.runs, mark.sizePt, mark.weight, mark.family);
  const start = mark.anchor === 'start' ? 0 : mark.anchor === 'middle' ? -width / 2 : -width;
  const baseline = baselineOffsetMm(mark);
  const top = baseline - mmOf(mark.sizePt * topEm);
  const height = mmOf(mark.sizePt * (topEm + descentEm));
  if (mark.rotate === 0) {
    return { xMm: mark.xMm + start, yMm: mark.yMm + top, widthMm: width, heightMm: height };
  }
  return { xMm: mark.xMm + top, yMm: mark.yMm - start - width, widthMm: height, heightMm: width };
}
