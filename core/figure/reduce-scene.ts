import { reduceImage } from './image-reduce.ts';
import type { Mark, Scene } from './scene.ts';

/**
 * The scene for a renderer of `dpi` pixels an inch: matrices with more cells than pixels are averaged down to the pixels,
 * because a renderer that takes the nearest cell would skip rows and columns. Those of at most `kept` cells stay.
 */
export function reduceSceneImages(scene: Scene, dpi: number, kept = 0): Scene {
  const pixels = (mm: number): number => Math.max(1, Math.ceil((mm / 25.4) * dpi));
  const reduced = (mark: Mark): Mark => {
    if (mark.kind === 'group') return { ...mark, marks: mark.marks.map(reduced) };
    if (mark.kind !== 'image' || !('palette' in mark.image)) return mark;
    if (mark.image.rows * mark.image.cols <= kept) return mark;
    return { ...mark, image: reduceImage(mark.image, pixels(mark.heightMm), pixels(mark.widthMm)) };
  };
  return { ...scene, marks: scene.marks.map(reduced) };
}
