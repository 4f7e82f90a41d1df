import { renderAsync } from '@resvg/resvg-js';
import { AppError } from '#core/errors.ts';
import { concat, pngChunk } from '#core/figure/png-encode.ts';
import { reduceSceneImages } from '#core/figure/reduce-scene.ts';
import type { Scene } from '#core/figure/scene.ts';
import { sceneToSvg } from '#core/figure/svg.ts';
import { fontFiles, sourceFontFolder } from './fonts.ts';

/** 8-byte signature, then the IHDR chunk of 25 bytes: pHYs has to stand before the picture data. */
const afterHeader = 33;
/** More pixels than this would need several gigabytes. */
const maxPixels = 400e6;
/** resvg's number for `optimizeSpeed`: matrix cells keep their edges. It does not know `pixelated`. */
const nearestCell = 1;

export interface PngOptions {
  dpi: number;
  fontFolder?: string;
}

export interface PngPicture {
  bytes: Uint8Array;
  widthPx: number;
  heightPx: number;
}

/** Pixels of a length at a resolution. */
export const pixelsOf = (mm: number, dpi: number): number => Math.round((mm / 25.4) * dpi);

/**
 * Renders a scene with the bundled fonts only, off the main thread. The picture has exactly round(mm / 25.4 x dpi) pixels
 * a side and a pHYs chunk with the resolution; matrices with more cells than pixels are averaged. Throws `bad-request`
 * for a size that cannot be made.
 */
export async function sceneToPng(scene: Scene, options: PngOptions): Promise<PngPicture> {
  const { dpi, fontFolder = sourceFontFolder } = options;
  const widthPx = pixelsOf(scene.widthMm, dpi);
  const heightPx = pixelsOf(scene.heightMm, dpi);
  if (!(widthPx >= 1 && heightPx >= 1 && widthPx * heightPx <= maxPixels)) {
    throw new AppError(
      'bad-request',
      `A picture of ${widthPx} x ${heightPx} pixels cannot be made. Choose another dpi (${dpi} was asked) or width.`,
    );
  }
  // Both sides are rounded on their own, so the picture is stretched by less than one pixel.
  const sized = sceneToSvg(reduceSceneImages(scene, dpi)).replace(
    /width="[\d.]+mm" height="[\d.]+mm"/,
    `width="${widthPx}" height="${heightPx}" preserveAspectRatio="none"`,
  );
  const rendered = await renderAsync(sized, {
    font: {
      loadSystemFonts: false,
      fontFiles: fontFiles(fontFolder),
      defaultFontFamily: 'Arimo',
      sansSerifFamily: 'Arimo',
      serifFamily: 'Tinos',
    },
    imageRendering: nearestCell,
    logLevel: 'error',
  });
  return { bytes: withResolution(rendered.asPng(), dpi), widthPx, heightPx };
}

/** A PNG with its resolution recorded (pHYs, pixels per metre). */
function withResolution(png: Uint8Array, dpi: number): Uint8Array {
  const data = new Uint8Array(9);
  const view = new DataView(data.buffer);
  const perMetre = Math.round(dpi / 0.0254);
  view.setUint32(0, perMetre);
  view.setUint32(4, perMetre);
  data[8] = 1;
  return concat([png.subarray(0, afterHeader), pngChunk('pHYs', data), png.subarray(afterHeader)]);
}
