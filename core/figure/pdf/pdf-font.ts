import { hex16, latin1 } from './pdf-file.ts';
import type { PdfFile, PdfReference } from './pdf-file.ts';
import { subsetTrueType } from './true-type.ts';
import type { TrueTypeFont } from './true-type.ts';

/** Code points used so far, in the order of their first use; each is a glyph of its own in the subset, from 1. */
export class FontUse {
  readonly font: TrueTypeFont;
  readonly #glyphs = new Map<number, number>();

  constructor(font: TrueTypeFont) {
    this.font = font;
  }

  /** The text as glyph numbers of the subset, in hexadecimal, for a show-text operator. */
  hexOf(text: string): string {
    let hex = '';
    for (const character of text) {
      const codePoint = character.codePointAt(0) as number;
      let glyph = this.#glyphs.get(codePoint);
      if (glyph === undefined) this.#glyphs.set(codePoint, (glyph = this.#glyphs.size + 1));
      hex += glyph.toString(16).toUpperCase().padStart(4, '0');
    }
    return hex;
  }

  /** Writes the subset as a composite font (ISO 32000-1, 9.7) whose text can be selected and searched. */
  addTo(file: PdfFile, name: string): PdfReference {
    const { font } = this;
    const codePoints = [...this.#glyphs.keys()];
    const glyphs = [0, ...codePoints.map((codePoint) => font.glyphOf(codePoint))];
    const perEm = (units: number): number => Math.round((1000 * units) / font.unitsPerEm);
    const program = subsetTrueType(font, glyphs);
    const baseFont = `${subsetTag(name, codePoints)}+${name}`;
    const programRef = file.addStream(program, `/Length1 ${program.length} `);
    const isItalic = name.includes('Italic');
    const descriptor = file.add(
      `<< /Type /FontDescriptor /FontName /${baseFont} /Flags ${isItalic ? 96 : 32}` +
        ` /FontBBox [${font.box.map(perEm).join(' ')}] /ItalicAngle ${isItalic ? -12 : 0}` +
        ` /Ascent ${perEm(font.ascent)} /Descent ${perEm(font.descent)} /CapHeight ${perEm(1409)}` +
        ` /StemV ${name.includes('Bold') ? 138 : 88} /FontFile2 ${programRef} >>`,
    );
    const widths = glyphs.map((glyph) => perEm(font.advanceOf(glyph)));
    const descendant = file.add(
      `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${baseFont}` +
        ` /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>` +
        ` /FontDescriptor ${descriptor} /DW ${widths[0]} /W [0 [${widths.join(' ')}]] /CIDToGIDMap /Identity >>`,
    );
    const toUnicode = file.addStream(latin1(unicodeMap(codePoints)));
    return file.add(
      `<< /Type /Font /Subtype /Type0 /BaseFont /${baseFont} /Encoding /Identity-H` +
        ` /DescendantFonts [${descendant}] /ToUnicode ${toUnicode} >>`,
    );
  }
}

/** Six capitals that name the set of characters (FNV-1a), so that equal subsets have equal names. */
function subsetTag(name: string, codePoints: number[]): string {
  let hash = 0x811c9dc5;
  for (const value of [...latin1(name), ...codePoints]) hash = Math.imul(hash ^ value, 0x01000193) >>> 0;
  let tag = '';
  for (let at = 0; at < 6; at++) {
    tag += String.fromCharCode(65 + (hash % 26));
    hash = Math.floor(hash / 26);
  }
  return tag;
}

/** At most this many lines between `beginbfchar` and `endbfchar`. */
const mostLines = 100;

function unicodeMap(codePoints: number[]): string {
  const lines = codePoints.map(
    (codePoint, at) =>
      `<${(at + 1).toString(16).toUpperCase().padStart(4, '0')}> <${hex16(String.fromCodePoint(codePoint))}>`,
  );
  const blocks: string[] = [];
  for (let from = 0; from < lines.length; from += mostLines) {
    const block = lines.slice(from, from + mostLines);
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`);
  }
  return (
    '/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n' +
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n' +
    '/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n' +
    `1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n${blocks.join('\n')}\n` +
    'endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n'
  );
}
