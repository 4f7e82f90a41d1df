import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FontFace, FontFaces } from '#core/figure/pdf/scene-to-pdf.ts';
import { fontFamilies, type FontFamily } from '#core/figure/scene.ts';
import { readTrueType } from '#core/figure/pdf/true-type.ts';

/** Where the bundled font files lie when run from source; the packaged program passes its own folder. */
export const sourceFontFolder = fileURLToPath(new URL('../../core/figure/fonts', import.meta.url));

const names: Record<FontFamily, string> = { sans: 'Arimo', serif: 'Tinos' };
const endings: Record<FontFace, string> = { regular: 'Regular', bold: 'Bold', italic: 'Italic' };
const faces = Object.keys(endings) as FontFace[];

const fileOf = (folder: string, family: FontFamily, face: FontFace): string =>
  join(folder, `${names[family]}-${endings[face]}.ttf`);

/** Every face of both families, the sans first. */
export const fontFiles = (folder: string): string[] =>
  fontFamilies.flatMap((family) => faces.map((face) => fileOf(folder, family, face)));

const known = new Map<string, Promise<FontFaces>>();

/** The bundled fonts, read once. */
export function readFonts(folder: string): Promise<FontFaces> {
  let fonts = known.get(folder);
  if (!fonts) known.set(folder, (fonts = readAll(folder)));
  return fonts;
}

async function readAll(folder: string): Promise<FontFaces> {
  const read = async (family: FontFamily, face: FontFace) =>
    readTrueType(new Uint8Array(await readFile(fileOf(folder, family, face))));
  const family = async (name: FontFamily) => ({
    regular: await read(name, 'regular'),
    bold: await read(name, 'bold'),
    italic: await read(name, 'italic'),
  });
  return { sans: await family('sans'), serif: await family('serif') };
}

/** The bundled sans in base64, for a page that has to look the same without them installed. */
export async function embeddedFonts(folder = sourceFontFolder): Promise<Record<FontFace, string>> {
  const read = (face: FontFace) => readFile(fileOf(folder, 'sans', face), 'base64');
  const [regular, bold, italic] = await Promise.all([read('regular'), read('bold'), read('italic')]);
  return { regular, bold, italic };
}
