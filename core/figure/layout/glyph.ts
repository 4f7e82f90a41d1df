import type { PointShape } from '../colour/sets.ts';
import type { Mark } from '../scene.ts';

type Corner = readonly [x: number, y: number];

/** A bar across another: a corner of one arm, turned by quarters. */
const arm = 0.33;
const armEnd = 0.95;
const plus: Corner[] = [0, 1, 2, 3].flatMap((quarter) => {
  const turn = ([x, y]: Corner): Corner =>
    [
      [x, y],
      [-y, x],
      [-x, -y],
      [y, -x],
    ][quarter] as unknown as Corner;
  return (
    [
      [armEnd, -arm],
      [armEnd, arm],
      [arm, arm],
    ] as Corner[]
  ).map(turn);
});

/** Outlines in a circle of radius 1, y downwards: the marks of the networks as the window and scenes draw them. */
const outlines: Partial<Record<PointShape, Corner[]>> = {
  square: [
    [-0.76, -0.76],
    [0.76, -0.76],
    [0.76, 0.76],
    [-0.76, 0.76],
  ],
  triangle: [
    [0, -0.94],
    [0.971, 0.74],
    [-0.971, 0.74],
  ],
  diamond: [
    [0, -1.08],
    [1.08, 0],
    [0, 1.08],
    [-1.08, 0],
  ],
  plus,
  cross: plus.map(([x, y]): Corner => [Math.SQRT1_2 * (x - y), Math.SQRT1_2 * (x + y)]),
  star: Array.from({ length: 10 }, (_, at): Corner => {
    const radius = at % 2 === 0 ? 1.05 : 0.47;
    const angle = (Math.PI * at) / 5;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  }),
};

/** The mark of a network as a vector. */
export function glyphMark(shape: PointShape, xMm: number, yMm: number, radiusMm: number, fill: string): Mark {
  const outline = outlines[shape];
  if (outline) {
    const pointsMm = outline.flatMap(([x, y]) => [xMm + radiusMm * x, yMm + radiusMm * y]);
    return { kind: 'polyline', pointsMm, closed: true, fill };
  }
  const circle = { kind: 'circle' as const, xMm, yMm };
  if (shape === 'circle') return { ...circle, radiusMm: 0.84 * radiusMm, fill };
  const widthPt = (0.48 * radiusMm * 72) / 25.4;
  return { ...circle, radiusMm: 0.64 * radiusMm, stroke: { colour: fill, widthPt } };
}
