import { networkLook } from '#core/figure/colour/sets.ts';
import type { Series } from './chart-layout.ts';

/** The last network's colour is the ink of the theme. */
const inkPlace = 7;

/** Colour of a series as a CSS value. */
export function inkOf({ network, ink = 'accent' }: Pick<Series, 'network' | 'ink'>): string {
  if (network === undefined) return ink === 'quiet' ? 'var(--line-strong)' : `var(--${ink})`;
  return network % 8 === inkPlace ? 'var(--text)' : networkLook(network, 'light').colour;
}
