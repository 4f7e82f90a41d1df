import type { ColumnKey, PairColumns } from './pairs-model.ts';

/** What the filter box understands, as its help says it. */
export const filterHelp =
  'A unit number, or: same, different, dead, unmatched, agree, differ, group, r > .5, semi, held, q < .05, stability, mi, mean';

/** The same in the width of the box. */
export const filterHint = 'Unit, word or r > .5';

type Test = (row: number) => boolean;

const names: Record<string, ColumnKey> = {
  r: 'r',
  semi: 'semiR',
  held: 'heldOut',
  q: 'q',
  stability: 'stability',
  mi: 'mi',
  mean: 'meanA',
};

/** What a word is tested on. */
export interface FilterScope {
  pairs: PairColumns;
  /** Whether the unit of A or its match belongs to the selected group. */
  isInGroup: (row: number) => boolean;
}

/** Rows that pass every word of the filter; null when a word is not understood. */
export function filterRows(scope: FilterScope, rows: Int32Array, filter: string): Int32Array | null {
  const words = filter
    .toLowerCase()
    .replace(/\s*(<=|>=|<|>|=)\s*/g, '$1')
    .split(/[\s,]+/)
    .filter(Boolean);
  const tests = words.map((word) => testOf(scope, word));
  if (tests.some((test) => test === null)) return null;
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test?.(row)));
}

function testOf({ pairs, isInGroup }: FilterScope, word: string): Test | null {
  const value = (key: ColumnKey) => (row: number) => pairs.value(key, row);
  if (word === 'same') return (row) => value('same')(row) === 1;
  if (word === 'different') return (row) => value('same')(row) === 0;
  if (word === 'dead') return (row) => value('dead')(row) > 0;
  if (word === 'unmatched') return (row) => pairs.unit('matchB', row) < 0;
  if (word === 'group') return isInGroup;
  // Without mutual information no row agrees, and none differs.
  if (word === 'agree') return (row) => value('agree')(row) === 1;
  if (word === 'differ') return (row) => value('agree')(row) === 0;
  if (/^\d+$/.test(word)) {
    const unit = Number(word);
    return (row) => (['unitA', 'matchB', 'semiB'] as const).some((key) => pairs.unit(key, row) === unit);
  }
  const bound = /^([a-z]+)(<=|>=|<|>|=)([-−]?\d*\.?\d+(?:e[-−]?\d+)?)$/.exec(word);
  const key = bound && names[bound[1]];
  if (!bound || !key) return null;
  const limit = Number(bound[3].replaceAll('−', '-'));
  const of = value(key);
  switch (bound[2]) {
    case '<':
      return (row) => of(row) < limit;
    case '<=':
      return (row) => of(row) <= limit;
    case '>':
      return (row) => of(row) > limit;
    case '>=':
      return (row) => of(row) >= limit;
    default:
      return (row) => of(row) === limit;
  }
}
