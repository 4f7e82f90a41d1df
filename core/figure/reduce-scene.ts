import { reduceImage } from './image-reduce.ts';
import { pixelsOfMark } from './drawn-image.ts';
import type { ImageMark, Mark, Scene } from './scene.ts';

/**
 * The scene for a renderer of `dpi` pixels an inch: matrices with more cells than pixels are averaged down to the pixels,
 * because a renderer that takes the nearest cell would skip rows and columns. Where matrices of `kept` cells stay, so do
 * drawn pictures; else those are made at the pixels of the page: their edges move by up to half a pixel, so that a pixel
 * of theirs is one of the page.
 */
export function reduceSceneImages(scene: Scene, dpi: number, kept = 0): Scene {
  const pixels = (mm: number): number => Math.max(1, Math.ceil((mm / 25.4) * dpi));
  const reduced = (mark: Mark, xMm: number, yMm: number): Mark => {
    if (mark.kind === 'group') {
      const [x, y] = [xMm + mark.xMm, yMm + mark.yMm];
      return { ...mark, marks: mark.marks.map((child) => reduced(child, x, y)) };
    }
    if (mark.kind !== 'image') return mark;
    if ('draw' in mark.image) {
      if (kept > 0) return mark;
      const snapped = onPixels(mark, xMm, yMm, dpi);
      return { ...snapped, image: pixelsOfMark(snapped, dpi) };
    }
    if (!('palette' in mark.image) || mark.image.rows * mark.image.cols <= kept) return mark;
    return { ...mark, image: reduceImage(mark.image, pixels(mark.heightMm), pixels(mark.widthMm)) };
  };
  return { ...scene, marks: scene.marks.map((mark) => reduced(mark, 0, 0)) };
}

/** The mark with its edges where the page's pixels end. */
function onPixels(mark: ImageMark, xMm: number, yMm: number, dpi: number): ImageMark {
  const snap = (mm: number): number => (Math.round((mm / 25.4) * dpi) / dpi) * 25.4;
  const [left, top] = [snap(mark.xMm + xMm), snap(mark.yMm + yMm)];
  const right = snap(mark.xMm + xMm + mark.widthMm);
  const bottom = snap(mark.yMm + yMm + mark.heightMm);
  return { ...mark, xMm: left - xMm, yMm: top - yMm, widthMm: right - left, heightMm: bottom - top };
}
