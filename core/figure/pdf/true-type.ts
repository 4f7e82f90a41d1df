/**
 * A TrueType file read as far as a PDF needs it (OpenType 1.9: head, hhea, maxp, hmtx, cmap, loca, glyf), and cut down
 * to the glyphs that a drawing uses. Outlines are copied as they are; hinting programs are kept where there are any.
 */
export interface TrueTypeFont {
  bytes: Uint8Array;
  tables: Map<string, Uint8Array>;
  unitsPerEm: number;
  ascent: number;
  descent: number;
  /** xMin, yMin, xMax, yMax of all glyphs. */
  box: [number, number, number, number];
  glyphCount: number;
  advanceOf(glyph: number): number;
  /** Glyph of a code point, 0 (the box for missing characters) where the font has none. */
  glyphOf(codePoint: number): number;
  outlineOf(glyph: number): Uint8Array;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Throws a RangeError for a file that is no TrueType font with outlines. */
export function readTrueType(bytes: Uint8Array): TrueTypeFont {
  const tables = readTables(bytes);
  const table = (tag: string): DataView => {
    const found = tables.get(tag);
    if (!found) throw new RangeError(`The font file has no table "${tag}".`);
    return viewOf(found);
  };
  const [head, hhea, maxp, hmtx, loca] = ['head', 'hhea', 'maxp', 'hmtx', 'loca'].map(table);
  const glyf = tables.get('glyf');
  if (!glyf) throw new RangeError('The font file has no outlines.');
  const isLong = head.getInt16(50) === 1;
  const metrics = hhea.getUint16(34);
  const offsetOf = (glyph: number): number =>
    isLong ? loca.getUint32(4 * glyph) : 2 * loca.getUint16(2 * glyph);
  return {
    bytes,
    tables,
    unitsPerEm: head.getUint16(18),
    ascent: hhea.getInt16(4),
    descent: hhea.getInt16(6),
    box: [head.getInt16(36), head.getInt16(38), head.getInt16(40), head.getInt16(42)],
    glyphCount: maxp.getUint16(4),
    advanceOf: (glyph) => hmtx.getUint16(4 * Math.min(glyph, metrics - 1)),
    glyphOf: readCharacterMap(table('cmap')),
    outlineOf: (glyph) => glyf.subarray(offsetOf(glyph), offsetOf(glyph + 1)),
  };
}

function readTables(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = viewOf(bytes);
  const tables = new Map<string, Uint8Array>();
  for (let at = 0; at < view.getUint16(4); at++) {
    const entry = 12 + 16 * at;
    const tag = String.fromCharCode(...bytes.subarray(entry, entry + 4));
    const offset = view.getUint32(entry + 8);
    tables.set(tag, bytes.subarray(offset, offset + view.getUint32(entry + 12)));
  }
  return tables;
}

/** The Unicode subtable of format 4 (basic plane), which every text font has. */
function readCharacterMap(cmap: DataView): (codePoint: number) => number {
  const start = unicodeSubtable(cmap);
  const segments = cmap.getUint16(start + 6) / 2;
  const [ends, starts] = [start + 14, start + 16 + 2 * segments];
  const [deltas, ranges] = [starts + 2 * segments, starts + 4 * segments];
  return (codePoint) => {
    if (codePoint > 0xffff) return 0;
    for (let at = 0; at < segments; at++) {
      if (codePoint > cmap.getUint16(ends + 2 * at)) continue;
      const first = cmap.getUint16(starts + 2 * at);
      if (codePoint < first) return 0;
      const delta = cmap.getUint16(deltas + 2 * at);
      const range = cmap.getUint16(ranges + 2 * at);
      if (range === 0) return (codePoint + delta) & 0xffff;
      const glyph = cmap.getUint16(ranges + 2 * at + range + 2 * (codePoint - first));
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
    }
    return 0;
  };
}

function unicodeSubtable(cmap: DataView): number {
  for (let at = 0; at < cmap.getUint16(2); at++) {
    const platform = cmap.getUint16(4 + 8 * at);
    const offset = cmap.getUint32(8 + 8 * at);
    if ((platform === 0 || platform === 3) && cmap.getUint16(offset) === 4) return offset;
  }
  throw new RangeError('The font file has no Unicode character map of format 4.');
}

/** Tables that a font inside a PDF needs beside those written anew; hinting only where it exists. */
const copied = ['cvt ', 'fpgm', 'prep'];

/**
 * A font of the glyphs listed, numbered as listed (the first must be 0), followed by the parts of composite ones.
 * Glyphs may be listed twice. The same list gives the same bytes.
 */
export function subsetTrueType(font: TrueTypeFont, glyphs: readonly number[]): Uint8Array {
  const list = [...glyphs];
  const outlines: Uint8Array[] = [];
  // The list grows while composites name parts that are not in it.
  for (let at = 0; at < list.length; at++) outlines.push(renumbered(font.outlineOf(list[at]), list));
  const tables = new Map<string, Uint8Array>();
  for (const tag of copied) {
    const table = font.tables.get(tag);
    if (table) tables.set(tag, table);
  }
  tables.set('glyf', joined(outlines));
  tables.set('loca', offsetsOf(outlines));
  tables.set('hmtx', metricsOf(font, list));
  tables.set(
    'head',
    changed(font, 'head', (view) => (view.setUint32(8, 0), view.setInt16(50, 1))),
  );
  tables.set(
    'hhea',
    changed(font, 'hhea', (view) => view.setUint16(34, list.length)),
  );
  tables.set(
    'maxp',
    changed(font, 'maxp', (view) => view.setUint16(4, list.length)),
  );
  return fontFile(tables);
}

const moreComponents = 0x20;

/** A composite outline with its parts renumbered; parts that are not in the list are added to it. */
function renumbered(outline: Uint8Array, list: number[]): Uint8Array {
  if (outline.length === 0 || viewOf(outline).getInt16(0) >= 0) return outline;
  const copy = outline.slice();
  const view = viewOf(copy);
  for (let at = 10; ;) {
    const flags = view.getUint16(at);
    const part = view.getUint16(at + 2);
    if (!list.includes(part)) list.push(part);
    view.setUint16(at + 2, list.indexOf(part));
    at += 4 + (flags & 1 ? 4 : 2) + (flags & 8 ? 2 : flags & 0x40 ? 4 : flags & 0x80 ? 8 : 0);
    if (!(flags & moreComponents)) return copy;
  }
}

const padded = (length: number): number => (length + 3) & ~3;

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + padded(part.length), 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += padded(part.length);
  }
  return whole;
}

function offsetsOf(parts: Uint8Array[]): Uint8Array {
  const table = new Uint8Array(4 * (parts.length + 1));
  let at = 0;
  parts.forEach((part, index) => viewOf(table).setUint32(4 * (index + 1), (at += padded(part.length))));
  return table;
}

function metricsOf(font: TrueTypeFont, glyphs: number[]): Uint8Array {
  const table = new Uint8Array(4 * glyphs.length);
  const view = viewOf(table);
  glyphs.forEach((glyph, at) => {
    const outline = font.outlineOf(glyph);
    view.setUint16(4 * at, font.advanceOf(glyph));
    // The side bearing is the outline's own left edge (head's flag 1 is set in the fonts we bundle).
    view.setInt16(4 * at + 2, outline.length > 0 ? viewOf(outline).getInt16(2) : 0);
  });
  return table;
}

function changed(font: TrueTypeFont, tag: string, change: (view: DataView) => void): Uint8Array {
  const table = (font.tables.get(tag) as Uint8Array).slice();
  change(viewOf(table));
  return table;
}

function fontFile(tables: Map<string, Uint8Array>): Uint8Array {
  const tags = [...tables.keys()].sort();
  const count = tags.length;
  const power = Math.floor(Math.log2(count));
  const start = 12 + 16 * count;
  const file = new Uint8Array(tags.reduce((sum, tag) => sum + padded(tables.get(tag)!.length), start));
  const view = viewOf(file);
  view.setUint32(0, 0x00010000);
  [count, 16 * 2 ** power, power, 16 * (count - 2 ** power)].forEach((value, at) =>
    view.setUint16(4 + 2 * at, value),
  );
  let offset = start;
  tags.forEach((tag, at) => {
    const table = tables.get(tag)!;
    file.set(table, offset);
    const entry = 12 + 16 * at;
    for (let letter = 0; letter < 4; letter++) file[entry + letter] = tag.charCodeAt(letter);
    view.setUint32(entry + 4, checksum(file, offset, padded(table.length)));
    view.setUint32(entry + 8, offset);
    view.setUint32(entry + 12, table.length);
    offset += padded(table.length);
  });
  const headAt =
    start +
    tags.slice(0, tags.indexOf('head')).reduce((sum, tag) => sum + padded(tables.get(tag)!.length), 0);
  view.setUint32(headAt + 8, (0xb1b0afba - checksum(file, 0, file.length)) >>> 0);
  return file;
}

function checksum(bytes: Uint8Array, from: number, length: number): number {
  const view = viewOf(bytes);
  let sum = 0;
  for (let at = from; at < from + length; at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}
