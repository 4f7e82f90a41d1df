import type { ImageMark, PixelImage } from './scene.ts';
import { mmPerInch } from './units.ts';

/** Larger cells than this are told apart by a reader, who would see their edges blurred. */
const seenMm = 0.35;

/**
 * The picture of a mark with every cell repeated as often as a resolution asks, where cells are large: for programs that
 * smooth pictures whatever the file says (librsvg to 2.54, office programs).
 */
export function enlargedImage(image: PixelImage, mark: ImageMark, dpi: number): PixelImage {
  const times = (mm: number, count: number): number =>
    mm / count > seenMm ? Math.max(1, Math.ceil(((mm / mmPerInch) * dpi) / count)) : 1;
  const [down, across] = [times(mark.heightMm, image.rows), times(mark.widthMm, image.cols)];
  if (mark.isSmooth || (down === 1 && across === 1)) return image;
  const [rows, cols] = [image.rows * down, image.cols * across];
  const width = 'palette' in image ? 1 : 3;
  const from = 'palette' in image ? image.cells : image.rgb;
  const to = new Uint8Array(rows * cols * width);
  for (let row = 0; row < image.rows; row++) {
    const line = to.subarray(row * down * cols * width, (row * down + 1) * cols * width);
    for (let col = 0; col < image.cols; col++) {
      const cell = from.subarray((row * image.cols + col) * width, (row * image.cols + col + 1) * width);
      for (let copy = 0; copy < across; copy++) line.set(cell, (col * across + copy) * width);
    }
    for (let copy = 1; copy < down; copy++) to.set(line, (row * down + copy) * cols * width);
  }
  return 'palette' in image ? { rows, cols, cells: to, palette: image.palette } : { rows, cols, rgb: to };
}
