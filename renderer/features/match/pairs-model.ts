import type { PairTable } from '#core/ipc/areas/result.ts';

/** One unit of A with both its partners; -1 stands for "no partner". */
export interface PairRow {
  unitA: number;
  matchB: number;
  matchValue: number;
  semiB: number;
  semiValue: number;
  isSame: boolean;
  meanA: number;
  meanB: number;
  isDeadA: boolean;
  isDeadB: boolean;
}

export type SortKey =
  'unitA' | 'matchB' | 'matchValue' | 'semiB' | 'semiValue' | 'isSame' | 'meanA' | 'meanB' | 'dead';

export interface Sorting {
  key: SortKey;
  isDescending: boolean;
}

export function pairRows(table: PairTable): PairRow[] {
  return Array.from(table.unitA, (unitA, at) => ({
    unitA,
    matchB: table.matchB[at],
    matchValue: table.matchB[at] < 0 ? NaN : table.matchValue[at],
    semiB: table.semiB[at],
    semiValue: table.semiValue[at],
    isSame: table.matchB[at] >= 0 && table.matchB[at] === table.semiB[at],
    meanA: table.meanA[at],
    meanB: table.matchB[at] < 0 ? NaN : table.meanB[at],
    isDeadA: table.deadA[at] === 1,
    isDeadB: table.deadB[at] === 1,
  }));
}

function valueOf(row: PairRow, key: SortKey): number {
  if (key === 'dead') return Number(row.isDeadA) + Number(row.isDeadB);
  return Number(row[key]);
}

/** Sorted copy; equal rows keep the order of A's units, rows without a value come last either way. */
export function sortRows(rows: readonly PairRow[], { key, isDescending }: Sorting): PairRow[] {
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((x, y) => {
    const [u, v] = [valueOf(x, key), valueOf(y, key)];
    if (Number.isNaN(u) || Number.isNaN(v))
      return Number(Number.isNaN(u)) - Number(Number.isNaN(v)) || x.unitA - y.unitA;
    return sign * (u - v) || x.unitA - y.unitA;
  });
}

/** What the filter box understands, as its help says it. */
export const filterHelp = 'A unit number, or: same, different, dead, r > 0.5, r < 0.2';

type Test = (row: PairRow) => boolean;

/** Rows that pass every word of the filter; null when a word is not understood. */
export function filterRows(rows: readonly PairRow[], filter: string): PairRow[] | null {
  const words = filter
    .toLowerCase()
    .replace(/\s*(<|>)\s*/g, '$1')
    .split(/[\s,]+/)
    .filter(Boolean);
  const tests = words.map(testOf);
  if (tests.some((test) => test === null)) return null;
  return rows.filter((row) => tests.every((test) => test?.(row)));
}

function testOf(word: string): Test | null {
  if (word === 'same') return (row) => row.isSame;
  if (word === 'different') return (row) => !row.isSame;
  if (word === 'dead') return (row) => row.isDeadA || row.isDeadB;
  if (word === 'unmatched') return (row) => row.matchB < 0;
  if (/^\d+$/.test(word)) return (row) => [row.unitA, row.matchB, row.semiB].includes(Number(word));
  const bound = /^r([<>])([-−]?\d*\.?\d+)$/.exec(word);
  if (!bound) return null;
  const limit = Number(bound[2].replace('−', '-'));
  return bound[1] === '>' ? (row) => row.matchValue > limit : (row) => row.matchValue < limit;
}
