import { minusSign } from '#core/figure/ticks.ts';
import { formatCorrelation } from './format.ts';

/** A p- or q-value; "< 1e−38" for what single precision cannot tell from 0. */
export function formatPValue(p: number): string {
  if (!Number.isFinite(p)) return '–';
  if (p < 1e-38) return `< 1e${minusSign}38`;
  if (p < 0.001) return p.toExponential(1).replace('-', minusSign);
  return formatCorrelation(p, 3);
}
