/** Numbers on axes: 1, 2 or 5 times a power of ten, written with a true minus sign. */

export const minusSign = '\u2212';

/** 1, 2 or 5 times a power of ten, from about `from` upwards. */
function* roundSteps(from: number): Generator<number> {
  for (let power = 10 ** Math.floor(Math.log10(from)); ; power *= 10) {
    for (const factor of [1, 2, 5]) if (factor * power >= from * (1 - 1e-9)) yield factor * power;
  }
}

/** The smallest round step that puts at most `maxCount` (2 or more) multiples into [min, max], min below max. */
function niceStep(min: number, max: number, maxCount: number): number {
  const most = Math.max(2, maxCount);
  for (const step of roundSteps((max - min) / most)) {
    const count = Math.floor(max / step + 1e-9) - Math.ceil(min / step - 1e-9) + 1;
    if (count <= most) return step;
  }
  throw new RangeError(`There is no round step between ${min} and ${max}.`);
}

export interface Ticks {
  values: number[];
  step: number;
}

/** Multiples of a round step inside [min, max]; at most `maxCount`, at least one. */
export function niceTicks(min: number, max: number, maxCount: number): Ticks {
  if (!(max > min)) return { values: [min], step: 1 };
  const step = niceStep(min, max, maxCount);
  return { values: multiples(min, max, step), step };
}

function multiples(min: number, max: number, step: number): number[] {
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  const values: number[] = [];
  // Division by the inverse keeps 0.3 from becoming 0.30000000000000004.
  const inverse = step < 1 ? Math.round(1 / step) : 0;
  for (let k = first; k <= last; k++) values.push(k === 0 ? 0 : inverse ? k / inverse : k * step);
  return values;
}

/** The range widened to multiples of a round step, of which it then holds at most `maxCount` (2 or more). */
export function niceDomain(min: number, max: number, maxCount: number): [number, number] {
  const span = max > min ? max - min : Math.abs(max) || 1;
  for (const step of roundSteps(span / Math.max(2, maxCount))) {
    const low = Math.floor(min / step + 1e-9);
    const high = Math.max(low + 1, Math.ceil(max / step - 1e-9));
    if (high - low + 1 <= Math.max(2, maxCount)) return [low * step || 0, high * step || 0];
  }
  throw new RangeError(`There is no round range around ${min} and ${max}.`);
}

/** Whole unit numbers for `count` rows or columns, from 0. */
export function indexTicks(count: number, maxCount: number): number[] {
  if (count <= 1) return [0];
  const step = Math.max(1, niceStep(0, count - 1, maxCount));
  return multiples(0, count - 1, step);
}

/** A number with fixed decimals and U+2212; never "-0". */
export function formatNumber(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? minusSign + text : text;
}

/** The label of a tick: as many decimals as its step needs, and a plain 0. */
export function formatTick(value: number, step: number): string {
  if (value === 0) return '0';
  const decimals = Math.min(12, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  return formatNumber(value, decimals);
}

/** 1352000 as 1,352,000. */
export function formatCount(value: number): string {
  const digits = String(Math.round(Math.abs(value)));
  return (value < 0 ? minusSign : '') + digits.replace(/\B(?=(\d{3})+$)/g, ',');
}
