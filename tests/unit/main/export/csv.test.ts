import { expect, test } from 'vitest';
import { csvPieces } from '#main/export/csv.ts';

const csvText = (...table: Parameters<typeof csvPieces>) => [...csvPieces(...table)].join('');

test('fields with commas, quotes and line breaks are quoted, lines end in CRLF', () => {
  const text = csvText(['a', 'b "x"'], [['1,5', 'two\nlines']]);
  expect(text).toBe('a,"b ""x"""\r\n"1,5","two\nlines"\r\n');
});

test('numbers keep every digit and read back to the same value', () => {
  const values = [0.1 + 0.2, 1e-300, -0, 123456789.123456789, NaN, -Infinity];
  const cells = csvText(
    ['v'],
    values.map((value) => [value]),
  )
    .trim()
    .split('\r\n')
    .slice(1);
  expect(cells.map(Number)).toEqual([0.1 + 0.2, 1e-300, 0, 123456789.123456789, NaN, -Infinity]);
});

test('a row of another length is refused', () => {
  expect(() => csvText(['a', 'b'], [['1']])).toThrow('1 fields where the header has 2');
});

test('a long table comes in pieces that join to the whole', () => {
  const rows = Array.from({ length: 3000 }, (_, at) => [at]);
  const pieces = [...csvPieces(['n'], rows)];
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.join('').trim().split('\r\n')).toHaveLength(3001);
});
