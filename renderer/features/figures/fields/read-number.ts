import { minusSign } from '#core/figure/ticks.ts';

/** A number as it is typed: with a point or a comma, a hyphen or a minus sign. NaN where it is none. */
export function readNumber(text: string): number {
  const plain = text.trim().replace(',', '.').replace(minusSign, '-');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

export function writeNumber(value: number | undefined): string {
  if (value === undefined) return '';
  // Four decimals are finer than any printer; small penalties keep their digits.
  const text = String(Math.abs(value) < 0.001 ? value : Number(value.toFixed(4)));
  return text.replace('-', minusSign);
}

/** A step up or down, on whole multiples of the step. */
export function stepped(value: number, step: number, by: number): number {
  const next = value + step * by;
  return Number((Math.round(next / step) * step).toFixed(6));
}
