import type { InformationUnit } from '../../ui/information-unit.ts';
import type { TermName } from '../../ui/terms.ts';
import { formatCorrelation, formatValue } from '../../ui/format.ts';
import { formatPValue } from '../../ui/p-value.ts';
import { columnKeys, type ColumnKey, type PairColumns } from './pairs-model.ts';

export interface ColumnLook {
  key: ColumnKey;
  label: string;
  help: string;
  /** Share of the table's width. */
  width: number;
  text: (pairs: PairColumns, row: number) => string;
  /** Part of the cell that a bar fills, from 0 to 1. */
  bar?: (pairs: PairColumns, row: number) => number;
  term?: TermName;
}

const number =
  (key: ColumnKey, format: (value: number) => string) =>
  (pairs: PairColumns, row: number): string =>
    format(pairs.value(key, row));
const unit =
  (key: 'unitA' | 'matchB' | 'semiB' | 'miPartner') =>
  (pairs: PairColumns, row: number): string => {
    const found = pairs.unit(key, row);
    return found < 0 ? '–' : String(found);
  };
const r = (value: number) => formatCorrelation(value, 3);
const deadWords = ['', 'A', 'B', 'A, B'];

/** Every column the project has values for, in the table's order. */
export function columnsOf(
  pairs: PairColumns,
  a: string,
  b: string,
  information: InformationUnit = 'nats',
): ColumnLook[] {
  const looks: Record<ColumnKey, Omit<ColumnLook, 'key'>> = {
    unitA: { label: `unit of ${a}`, help: 'Unit of A', width: 1, text: unit('unitA') },
    matchB: { label: `match in ${b}`, help: 'One-to-one partner in B', width: 1.1, text: unit('matchB') },
    r: { label: 'match r', help: 'Correlation with the match', width: 0.8, text: number('r', r) },
    heldOut: {
      label: 'held out',
      help: 'Correlation with the match on images that had no part in choosing it',
      width: 0.8,
      text: number('heldOut', r),
    },
    low: {
      label: 'low',
      help: 'Lower end of the bootstrap interval of r',
      width: 0.7,
      text: number('low', r),
    },
    high: {
      label: 'high',
      help: 'Upper end of the bootstrap interval of r',
      width: 0.7,
      text: number('high', r),
    },
    stability: {
      label: 'stability',
      help: 'Share of resamples of the images in which the unit keeps this match',
      width: 1,
      text: number('stability', (value) => formatCorrelation(value, 2)),
      bar: (own, row) => own.value('stability', row),
    },
    q: {
      label: 'q',
      help: 'Expected share of false ones among the pairs at least as unlikely by chance (Benjamini–Hochberg)',
      width: 1,
      text: number('q', formatPValue),
    },
    semiB: {
      label: 'semi-match',
      help: `The unit of ${b} it correlates with most`,
      width: 1.1,
      text: unit('semiB'),
    },
    semiR: {
      label: 'semi r',
      help: 'Correlation with the semi-match',
      width: 0.8,
      text: number('semiR', r),
    },
    same: {
      label: 'same',
      help: 'Whether match and semi-match are the same unit',
      width: 0.6,
      text: (own, row) => (own.value('same', row) === 1 ? 'same' : ''),
    },
    mi: {
      label: `I, ${information}`,
      help: 'Mutual information of the unit and its match',
      width: 0.8,
      text: number('mi', formatValue),
    },
    miPartner: {
      label: 'match by I',
      help: 'The partner that a matching by mutual information gives',
      width: 0.9,
      text: unit('miPartner'),
    },
    agree: {
      label: 'agree',
      help: 'Whether correlation and mutual information give the same match',
      width: 0.7,
      text: (own, row) =>
        own.value('agree', row) === 1 ? 'agree' : own.value('agree', row) === 0 ? 'differ' : '',
    },
    meanA: {
      label: `mean ${a}`,
      help: 'Mean activation of the unit of A',
      width: 0.9,
      text: number('meanA', formatValue),
    },
    meanB: {
      label: `mean ${b}`,
      help: 'Mean activation of the matched unit of B',
      width: 0.9,
      text: number('meanB', formatValue),
    },
    dead: {
      label: 'dead',
      help: 'Which of the two is constant over all samples',
      width: 0.6,
      text: (own, row) => deadWords[own.value('dead', row)] ?? '',
    },
  };
  // Without dead units their column would be empty.
  const isThere = (key: ColumnKey) =>
    key === 'dead' ? pairs.column('dead').some((value) => value > 0) : pairs.has(key);
  return columnKeys.filter(isThere).map((key) => ({ key, ...looks[key] }));
}

/** What is shown until a person chooses. */
export const usualColumns: readonly ColumnKey[] = [
  ...(['unitA', 'matchB', 'r', 'heldOut', 'stability', 'q', 'semiB', 'semiR', 'same'] as const),
  ...(['mi', 'agree', 'meanA', 'meanB', 'dead'] as const),
];

/** Chosen columns as one word for the kept options, and back; unknown names are left out. */
export const writeColumns = (keys: readonly ColumnKey[]): string => keys.join(' ');
export const readColumns = (text: string): ColumnKey[] =>
  columnKeys.filter((key) => text.split(' ').includes(key));
