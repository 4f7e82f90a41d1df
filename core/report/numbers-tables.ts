import type { ResultEntry } from '../domain/result.ts';
import { formatCount, minusSign } from '../figure/ticks.ts';

/** Numbers side by side that a page of paper has room for. */
const mostColumns = 10;

export interface NumbersTable {
  title: string;
  columns: string[];
  /** First the pair and the layer, then the numbers as text. */
  rows: string[][];
}

/** Whole numbers with commas, others to four significant digits, a true minus sign. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Number.isInteger(value)) return formatCount(value);
  const text = Math.abs(value).toPrecision(4);
  return value < 0 && Number(text) !== 0 ? minusSign + text : text;
}

/** `heldOutMatchMean` as "held-out match mean". */
export function headlineWords(key: string): string {
  return key
    .replace(/^heldOut/, 'held-out')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/ ([A-Z][a-z])/g, (_, start: string) => ` ${start.toLowerCase()}`);
}

/** A table for every analysis: the headline of every pair and layer, all numbers that are no lists. */
export function numbersTables(results: readonly ResultEntry[]): NumbersTable[] {
  const analyses = [...new Set(results.map(({ analysis }) => analysis))];
  return analyses.flatMap((analysis) => {
    const entries = results.filter((entry) => entry.analysis === analysis).sort(byPlace);
    const keys = [...new Set(entries.flatMap(({ headline }) => numberKeys(headline)))];
    const parts = Math.max(1, Math.ceil(keys.length / mostColumns));
    return Array.from({ length: parts }, (_, part) => {
      const title = parts === 1 ? analysis : `${analysis}, ${part + 1} of ${parts}`;
      return tableOf(title, entries, keys.slice(part * mostColumns, (part + 1) * mostColumns));
    });
  });
}

function tableOf(title: string, entries: readonly ResultEntry[], keys: string[]): NumbersTable {
  return {
    title,
    columns: ['networks', 'layer', ...keys.map(headlineWords)],
    rows: entries.map(({ a, b, headline }) => [
      `${a.network}–${b.network}`,
      a.layer === b.layer ? a.layer : `${a.layer}, ${b.layer}`,
      ...keys.map((key) => {
        const value = headline[key];
        return typeof value === 'number' ? numberText(value) : '';
      }),
    ]),
  };
}

const numberKeys = (headline: ResultEntry['headline']): string[] =>
  Object.keys(headline).filter((key) => typeof headline[key] === 'number');

/** Results are stored as threads finish them; listed in an order that does not depend on it. */
function byPlace(x: ResultEntry, y: ResultEntry): number {
  const key = ({ a, b, id }: ResultEntry): string => [a.network, b.network, a.layer, b.layer, id].join('\n');
  return key(x) < key(y) ? -1 : 1;
}
