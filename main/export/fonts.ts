import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FontFace, FontFaces } from '#core/figure/pdf/scene-to-pdf.ts';
import { readTrueType } from '#core/figure/pdf/true-type.ts';

/** Where the bundled Arimo files lie when run from source; the packaged program passes its own folder. */
export const sourceFontFolder = fileURLToPath(new URL('../../core/figure/fonts', import.meta.url));

const files: Record<FontFace, string> = {
  regular: 'Arimo-Regular.ttf',
  bold: 'Arimo-Bold.ttf',
  italic: 'Arimo-Italic.ttf',
};

export const fontFiles = (folder: string): string[] => Object.values(files).map((file) => join(folder, file));

const known = new Map<string, Promise<FontFaces>>();

/** The bundled fonts, read once. */
export function readFonts(folder: string): Promise<FontFaces> {
  let fonts = known.get(folder);
  if (!fonts) known.set(folder, (fonts = readAll(folder)));
  return fonts;
}

async function readAll(folder: string): Promise<FontFaces> {
  const read = async (face: FontFace) =>
    readTrueType(new Uint8Array(await readFile(join(folder, files[face]))));
  return { regular: await read('regular'), bold: await read('bold'), italic: await read('italic') };
}

/** The bundled fonts in base64, for a page that has to look the same without them installed. */
export async function embeddedFonts(folder = sourceFontFolder): Promise<Record<FontFace, string>> {
  const read = (face: FontFace) => readFile(join(folder, files[face]), 'base64');
  const [regular, bold, italic] = await Promise.all([read('regular'), read('bold'), read('italic')]);
  return { regular, bold, italic };
}
