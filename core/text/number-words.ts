import { minusSign } from '../figure/ticks.ts';

/** A correlation without its leading zero, with a true minus sign: .63, −.12, 1.00. */
export function formatCorrelation(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return '–';
  const text = Math.abs(value).toFixed(digits);
  const sign = value < 0 && Number(text) !== 0 ? minusSign : '';
  return sign + (text.startsWith('0.') ? text.slice(1) : text);
}

/** Three decimals, as tables show numbers; an exponent where those would hide the value. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e5 || size < 5e-4) return value.toExponential(2).replaceAll('-', minusSign);
  return value.toFixed(3).replace('-', minusSign);
}

export function formatPercent(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : '–';
}
