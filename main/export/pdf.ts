import { sceneToPdf } from '#core/figure/pdf/scene-to-pdf.ts';
import type { Scene } from '#core/figure/scene.ts';
import { deflate } from './deflate.ts';
import { readFonts, sourceFontFolder } from './fonts.ts';

/** The scene as a one-page PDF, without a browser or a display. */
export async function writePdf(
  scene: Scene,
  fontFolder = sourceFontFolder,
  dpi?: number,
): Promise<Uint8Array> {
  return sceneToPdf(scene, await readFonts(fontFolder), deflate, dpi);
}
