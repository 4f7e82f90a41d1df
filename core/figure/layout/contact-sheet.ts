import type { Mark, PixelImage } from '../scene.ts';
import type { FigureStyle } from './style.ts';

/** Pictures in a square, with a hair of space between them. */
export function contactSheet(
  pictures: PixelImage[],
  inputs: number,
  x: number,
  y: number,
  side: number,
  style: FigureStyle,
): Mark[] {
  const across = Math.sqrt(inputs);
  const gap = 0.02 * side;
  const cell = (side - (across - 1) * gap) / across;
  const marks: Mark[] = pictures.slice(0, inputs).map((image, at) => {
    const [row, col] = [Math.floor(at / across), at % across];
    // Pictures that are not square keep their shape inside their cell.
    const scale = cell / Math.max(image.rows, image.cols);
    const [widthMm, heightMm] = [image.cols * scale, image.rows * scale];
    return {
      kind: 'image',
      xMm: x + col * (cell + gap) + (cell - widthMm) / 2,
      yMm: y + row * (cell + gap) + (cell - heightMm) / 2,
      widthMm,
      heightMm,
      image,
    };
  });
  const stroke = { colour: style.ink.line, widthPt: Math.max(0.25, style.linePt / 2) };
  return [...marks, { kind: 'rect', xMm: x, yMm: y, widthMm: side, heightMm: side, stroke }];
}
