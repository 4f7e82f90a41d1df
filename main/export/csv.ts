export type CsvCell = string | number;

/** Lines and characters per piece of text: few writes, little memory, however wide the rows are. */
const linesPerPiece = 1024;
const charactersPerPiece = 1 << 20;

/**
 * RFC 4180 in pieces: CRLF after every line, fields with a comma, quote or line break in quotes, quotes doubled.
 * Numbers in full precision; NaN and infinities as `NaN`, `Infinity`, `-Infinity`. Throws a RangeError when a row
 * has not as many fields as the header.
 */
export function* csvPieces(header: string[], rows: Iterable<CsvCell[]>): Generator<string> {
  yield lineOf(header);
  yield* csvLines(header.length, rows);
}

/** More lines of a table whose header has `width` fields. */
export function* csvLines(width: number, rows: Iterable<CsvCell[]>): Generator<string> {
  let lines: string[] = [];
  let characters = 0;
  for (const row of rows) {
    if (row.length !== width) {
      throw new RangeError(`A row has ${row.length} fields where the header has ${width}.`);
    }
    const line = lineOf(row);
    lines.push(line);
    characters += line.length;
    if (lines.length === linesPerPiece || characters > charactersPerPiece) {
      yield lines.join('');
      lines = [];
      characters = 0;
    }
  }
  if (lines.length > 0) yield lines.join('');
}

function lineOf(cells: CsvCell[]): string {
  return cells.map(fieldOf).join(',') + '\r\n';
}

function fieldOf(cell: CsvCell): string {
  const text = typeof cell === 'number' && Object.is(cell, -0) ? '0' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
