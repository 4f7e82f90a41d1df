import type { ColumnLook } from './pair-columns.ts';
import type { PairColumns } from './pairs-model.ts';

export type TextFormat = 'CSV' | 'TSV';

/** The rows as text with a head line; numbers in full, with a point and a hyphen, so that programs read them. */
export function pairsText(
  pairs: PairColumns,
  rows: ArrayLike<number>,
  columns: readonly ColumnLook[],
  format: TextFormat,
): string {
  const separator = format === 'CSV' ? ',' : '\t';
  const quoted = (text: string) =>
    format === 'CSV'
      ? /[",\n\r]/.test(text)
        ? `"${text.replaceAll('"', '""')}"`
        : text
      : text.replace(/[\t\r\n]/g, ' ');
  const lines = [columns.map(({ label }) => quoted(label)).join(separator)];
  for (let at = 0; at < rows.length; at++) {
    const cells = columns.map(({ key, text }) => {
      if (key === 'same' || key === 'agree' || key === 'dead') return quoted(text(pairs, rows[at]));
      const value = pairs.value(key, rows[at]);
      return Number.isNaN(value) ? '' : String(value);
    });
    lines.push(cells.join(separator));
  }
  return `${lines.join('\n')}\n`;
}
