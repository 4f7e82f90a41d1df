import type { DrawnImage, ImageMark, PixelImage } from './scene.ts';
import { mmPerInch } from './units.ts';

/** Resolution of drawn pictures in vector files where none is asked for. */
export const defaultDpi = 300;
/** Larger pictures would not fit in memory beside what is made of them. */
const mostPixels = 60e6;

/** Remembers the last size: a figure is written as several files in a row. */
export function drawnImage(draw: DrawnImage['draw']): DrawnImage {
  let last: { cols: number; rows: number; image: ReturnType<DrawnImage['draw']> } | undefined;
  return {
    draw(cols, rows) {
      if (last?.cols !== cols || last.rows !== rows) last = { cols, rows, image: draw(cols, rows) };
      return last.image;
    },
  };
}

/** The picture of a mark in pixels: drawn ones at a resolution, others as they are. */
export function pixelsOfMark({ image, widthMm, heightMm }: ImageMark, dpi: number): PixelImage {
  if (!('draw' in image)) return image;
  const shrink = Math.min(1, Math.sqrt(mostPixels / ((widthMm * heightMm * dpi * dpi) / mmPerInch ** 2)));
  const pixels = (mm: number): number => Math.max(1, Math.round((mm / mmPerInch) * dpi * shrink));
  return image.draw(pixels(widthMm), pixels(heightMm));
}
