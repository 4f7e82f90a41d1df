import { AppError } from '#core/errors.ts';

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function printLine(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Rows as aligned columns; numbers to the right. */
export function printTable(header: string[], rows: (string | number)[][]): void {
  const texts = [
    header,
    ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? String(cell) : cell))),
  ];
  const widths = header.map((_, column) => Math.max(...texts.map((row) => row[column].length)));
  const isNumber = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => /^[−-]?[\d.,]+( %)?$/.test(String(row[column]))),
  );
  for (const row of texts) {
    const cells = row.map((cell, column) =>
      isNumber[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    printLine(cells.join('  ').trimEnd());
  }
}

/** The only result whose id starts so, as version-control hashes are given. */
export function findByPrefix<T extends { id: string }>(entries: readonly T[], prefix: string): T {
  const found = entries.filter((entry) => entry.id.startsWith(prefix));
  if (found.length === 1) return found[0];
  const what = found.length === 0 ? 'no result has' : 'several results have';
  throw new AppError(
    'not-found',
    `--result ${prefix}: ${what} an id that starts so; consilience results lists them.`,
  );
}
