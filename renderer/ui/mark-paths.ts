import type { PointShape } from '#core/figure/colour/sets.ts';

/** Shapes of the networks in a box of 12 by 12, centred at 6, 6. */
export const markPaths: Record<PointShape, string> = {
  circle: 'M6 1.5a4.5 4.5 0 1 0 .01 0Z',
  square: 'M2 2h8v8H2Z',
  triangle: 'M6 1 11 10.5H1Z',
  diamond: 'M6 .8 11.2 6 6 11.2.8 6Z',
  cross: 'M2.5 1 6 4.5 9.5 1 11 2.5 7.5 6 11 9.5 9.5 11 6 7.5 2.5 11 1 9.5 4.5 6 1 2.5Z',
  plus: 'M4.8 1h2.4v3.8H11v2.4H7.2V11H4.8V7.2H1V4.8h3.8Z',
  star: 'M6 .6 7.6 4.3l4 .3-3 2.6.9 3.9L6 9l-3.5 2.1.9-3.9-3-2.6 4-.3Z',
  ring: 'M6 1.5a4.5 4.5 0 1 0 .01 0ZM6 4a2 2 0 1 1-.01 0Z',
};
