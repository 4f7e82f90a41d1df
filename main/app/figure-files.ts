import { join } from 'node:path';
import type { FigureTable } from '#core/figure/table.ts';
import type { PageSpec } from '#core/figure/spec.ts';
import type { ExportFormat } from '#core/ipc/areas/figure.ts';
import { csvPieces } from '../export/csv.ts';
import { writePdf } from '../export/pdf.ts';
import { sceneToPng } from '../export/png.ts';
import type { RenderedFigureParts } from '../export/render-figure.ts';
import type { PageTarget } from './services.ts';
import { writePieces, writeWhole } from './write-file.ts';

/**
 * Writes a page in every format, with the data behind it (one CSV a table), its caption and the spec that makes it
 * again beside it. Returns the names of the files, the pictures first. `note` says where numbers are that no table has.
 */
export async function writePageFiles(
  figure: RenderedFigureParts,
  page: PageSpec,
  target: PageTarget,
  fontFolder: string,
  note: string | null,
): Promise<string[]> {
  const { folder, stem, formats } = target;
  const files: string[] = [];
  const writing = async (name: string, write: (path: string) => Promise<void>) => {
    await write(join(folder, name));
    files.push(name);
  };
  for (const format of formats) {
    await writing(`${stem}.${format}`, async (path) =>
      writeWhole(path, await picture(figure, format, target.dpi, fontFolder)),
    );
  }
  for (const [name, table] of tableFiles(stem, figure.tables)) {
    await writing(name, (path) => writePieces(path, csvPieces(table.header, table.rows)));
  }
  const caption = [figure.caption, ...(note === null ? [] : [note])].join('\n\n');
  await writing(`${stem}.caption.txt`, (path) => writeWhole(path, `${caption}\n`));
  await writing(`${stem}.figure.json`, (path) => writeWhole(path, `${JSON.stringify(page, null, 2)}\n`));
  return files;
}

/** A figure as the bytes of a file: SVG with live text, PDF with embedded fonts, PNG by the bundled renderer. */
export async function picture(
  figure: RenderedFigureParts,
  format: ExportFormat,
  dpi: number,
  fontFolder: string,
): Promise<Uint8Array> {
  if (format === 'svg') return new TextEncoder().encode(figure.svg);
  if (format === 'pdf') return writePdf(figure.scene, fontFolder, dpi);
  return (await sceneToPng(figure.scene, { dpi, fontFolder })).bytes;
}

function tableFiles(stem: string, tables: readonly FigureTable[]): [string, FigureTable][] {
  if (tables.length === 1) return [[`${stem}.csv`, tables[0]]];
  return tables.map((table) => [`${stem}.${table.name.replace(/[^\w-]+/g, '-')}.csv`, table]);
}
