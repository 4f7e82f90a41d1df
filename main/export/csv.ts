export type CsvCell = string | number;

/** Lines per piece of text: few writes, little memory. */
const linesPerPiece = 1024;

/**
 * RFC 4180 in pieces: CRLF after every line, fields with a comma, quote or line break in quotes, quotes doubled.
 * Numbers in full precision; NaN and infinities as `NaN`, `Infinity`, `-Infinity`. Throws a RangeError when a row
 * has not as many fields as the header.
 */
export function* csvPieces(header: string[], rows: Iterable<CsvCell[]>): Generator<string> {
  let lines = [lineOf(header)];
  for (const row of rows) {
    if (row.length !== header.length) {
      throw new RangeError(`A row has ${row.length} fields where the header has ${header.length}.`);
    }
    lines.push(lineOf(row));
    if (lines.length === linesPerPiece) {
      yield lines.join('');
      lines = [];
    }
  }
  if (lines.length > 0) yield lines.join('');
}

/** The whole table as one string. */
export function csvText(header: string[], rows: Iterable<CsvCell[]>): string {
  return [...csvPieces(header, rows)].join('');
}

function lineOf(cells: CsvCell[]): string {
  return cells.map(fieldOf).join(',') + '\r\n';
}

function fieldOf(cell: CsvCell): string {
  const text = typeof cell === 'number' && Object.is(cell, -0) ? '0' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
