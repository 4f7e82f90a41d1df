import { writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { PageSpec } from '#core/figure/spec.ts';
import type { ExportFormat } from '#core/ipc/areas/figure.ts';
import type { FigureWriter, RenderedFigure } from './services.ts';

/**
 * Writes a figure with the data behind it (one CSV a table) and its caption beside it. Returns the names of the
 * files, the figure first.
 */
export async function writeFigureFiles(
  writer: FigureWriter,
  figure: RenderedFigure,
  format: ExportFormat,
  dpi: number,
  chosenPath: string,
): Promise<string[]> {
  const stem = basename(chosenPath, extname(chosenPath));
  const folder = dirname(chosenPath);
  const figureName = `${stem}.${format}`;
  await writer.write(figure, format, dpi, join(folder, figureName));
  const texts: [name: string, text: string][] = [
    ...tableFiles(stem, figure.tables),
    [`${stem}.caption.txt`, `${figure.caption}\n`],
  ];
  for (const [name, text] of texts) await writeFile(join(folder, name), text);
  return [figureName, ...texts.map(([name]) => name)];
}

/** The same with the spec that makes the figure again. */
export async function writePageFiles(
  writer: FigureWriter,
  figure: RenderedFigure,
  page: PageSpec,
  format: ExportFormat,
  dpi: number,
  chosenPath: string,
): Promise<string[]> {
  const files = await writeFigureFiles(writer, figure, format, dpi, chosenPath);
  const spec = `${basename(chosenPath, extname(chosenPath))}.figure.json`;
  await writeFile(join(dirname(chosenPath), spec), `${JSON.stringify(page, null, 2)}\n`);
  return [...files, spec];
}

function tableFiles(stem: string, tables: Record<string, string>): [string, string][] {
  const entries = Object.entries(tables);
  if (entries.length === 1) return [[`${stem}.csv`, entries[0][1]]];
  return entries.map(([name, text]) => [`${stem}.${name.replace(/[^\w-]+/g, '-')}.csv`, text]);
}
