import { formatCount } from '../../figure/ticks.ts';
import { headlineNumber, type ResultEntry } from '../../domain/result.ts';
import { listInWords } from '../nearest-names.ts';

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Counts to ten as words, as in running text. */
export function countInWords(count: number): string {
  return small[count] ?? formatCount(count);
}

export function counted(count: number, word: string, words = `${word}s`): string {
  return `${countInWords(count)} ${count === 1 ? word : words}`;
}

export const andList = (names: readonly string[]): string => listInWords(names, 'and');

/** A number with as many digits as were given: 0.05, 1000 -> 1,000. */
export function plainNumber(value: number): string {
  if (Number.isInteger(value)) return formatCount(value);
  return String(Number(value.toPrecision(6)));
}

export const percentOf = (share: number): string => `${plainNumber(100 * share)} %`;

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A power of ten: 1e-8 -> 10⁻⁸, 2e-8 -> 2 × 10⁻⁸. */
export function powerOfTen(value: number): string {
  const [digits, exponent] = value.toExponential().split('e');
  const sign = exponent.startsWith('-') ? '⁻' : '';
  const power = `10${sign}${[...exponent.replace(/^[+-]/, '')].map((digit) => raised[Number(digit)]).join('')}`;
  return digits === '1' ? power : `${digits} × ${power}`;
}

/** The values that a headline number takes over results: one number, or `least to most`. Null where none has it. */
export function rangeOf(results: readonly ResultEntry[], key: string): string | null {
  const values = results
    .map(({ headline }) => headlineNumber(headline, key))
    .filter((value) => value !== undefined);
  if (values.length === 0) return null;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? plainNumber(least) : `${plainNumber(least)} to ${plainNumber(most)}`;
}

/** Seeds that results used, in words: `seed 0`, `seeds 0 and 3`. Empty where none was recorded. */
export function seedWords(results: readonly ResultEntry[]): string {
  const seeds = [...new Set(results.map(({ params }) => params.seed))].filter(
    (seed) => typeof seed === 'number',
  );
  return seeds.length === 0 ? '' : `${seeds.length === 1 ? 'seed' : 'seeds'} ${andList(seeds.map(String))}`;
}
