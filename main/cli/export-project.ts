import { mkdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { StoredResult } from '#core/domain/result.ts';
import type { PresetName } from '#core/figure/presets.ts';
import { readPageSpec } from '#core/figure/read-spec.ts';
import { pageSpecSchema, type PageSpec } from '#core/figure/spec.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { ExportFormat } from '#core/ipc/areas/figure.ts';
import { writePageFiles } from '../app/figure-files.ts';
import { createFigureWriter } from '../app/figure-writer.ts';
import { resourcePath } from '../app/resources.ts';
import { openDatabase } from '../database/client.ts';
import { createFigureService } from '../export/figure-service.ts';
import { runGallery, singleFigures } from '../export/run-gallery.ts';
import { writeResultFiles, type ArrayFormat } from '../export/result-files.ts';
import { findByPrefix, printLine } from './output.ts';

export interface ExportOptions {
  out: string;
  result?: string[];
  format: string[];
  preset: PresetName;
  dpi: number;
  /** A figure spec to draw, instead of everything. */
  figure?: string;
  /** The gallery of one pair and layer instead of a figure for every result. */
  gallery?: true;
  a?: string;
  b?: string;
  layer?: string;
  /** Whether `format` was asked for or is the default. */
  isFormatGiven?: boolean;
}

const arrayFormats = ['npy', 'csv', 'json'];
const figureFormats = ['svg', 'png', 'pdf'];

/** `consilience export`: one folder per result (none for a single one), figures in a folder of their own. */
export async function exportProject(project: string, options: ExportOptions): Promise<void> {
  const database = await openDatabase(resolve(project), 'open');
  try {
    const files = await exportFiles(database.methods, options);
    printLine(`${files.length} files written to ${resolve(options.out)}`);
  } finally {
    await database.close();
  }
}

export async function exportFiles(database: DatabaseMethods, options: ExportOptions): Promise<string[]> {
  if (options.figure !== undefined) return exportSpec(database, options.figure, options);
  const folder = resolve(options.out);
  await makeFolder(folder);
  const all = await database.results();
  const chosen = options.result ? options.result.map((prefix) => findByPrefix(all, prefix)) : all;
  if (chosen.length === 0) {
    throw new AppError('not-found', 'The project holds no results to export; consilience run adds some.');
  }
  const ids = new Set(chosen.map((entry) => entry.id));
  const asked = options.gallery && !options.isFormatGiven ? ['svg', 'pdf', 'png'] : options.format;
  const formats = asked.filter((format): format is ArrayFormat => arrayFormats.includes(format));
  const files: string[] = [];
  for (const { id } of formats.length > 0 ? chosen : []) {
    const result = await database.result(id);
    // A single result goes straight into the folder; several need one each.
    const target = chosen.length === 1 ? folder : join(folder, folderName(result));
    await makeFolder(target);
    files.push(...(await writeResultFiles(database, result, target, formats)));
  }
  const pictures = asked.filter((format): format is ExportFormat => figureFormats.includes(format));
  if (pictures.length > 0) files.push(...(await exportFigures(database, ids, pictures, folder, options)));
  return files;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new AppError(
      'bad-request',
      `--out ${folder} cannot be made; choose a folder you may write to.`,
      {},
      error,
    );
  }
}

/** `matching-Net1-Net2-conv1-3f2a91c0`: readable, and unique by the result's id. */
function folderName({ analysis, a, b, id }: StoredResult): string {
  const layer = a.layer === b.layer ? a.layer : `${a.layer}-${b.layer}`;
  return [analysis, a.network, b.network, layer, id.slice(0, 8)].join('-').replace(/[^\w.-]+/g, '_');
}

/** Figures of their own for every chosen result, or the gallery of one pair and layer. */
async function exportFigures(
  database: DatabaseMethods,
  ids: ReadonlySet<string>,
  formats: ExportFormat[],
  folder: string,
  options: ExportOptions,
): Promise<string[]> {
  const { runs } = await database.summary();
  const target = join(folder, 'figures');
  const figures = options.gallery
    ? runs.slice(0, 1).flatMap((run) => runGallery(run, options, options.preset))
    : runs.flatMap((run) => singleFigures(run, ids, options.preset, runs.length === 1));
  await makeFolder(target);
  const files: string[] = [];
  const left: string[] = [];
  for (const { name, page } of figures) {
    try {
      files.push(
        ...(await writePage(database, pageSpecSchema.parse(page), name, target, formats, options.dpi)),
      );
    } catch (error) {
      // What this project does not hold (pictures, in older ones) keeps no other figure from being written.
      if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
      left.push(error.message);
    }
  }
  for (const message of new Set(left)) printNote(`A figure was left out: ${message}`);
  return [...new Set(files)];
}

/** `consilience export --figure`: one page from its file, the same bytes every time. */
async function exportSpec(
  database: DatabaseMethods,
  file: string,
  options: ExportOptions,
): Promise<string[]> {
  const text = await readFile(resolve(file), 'utf8').catch((error: unknown) => {
    throw new AppError('bad-request', `--figure ${file} cannot be read.`, {}, error);
  });
  const asked = options.format.filter((format): format is ExportFormat => figureFormats.includes(format));
  const formats = options.isFormatGiven ? asked : (['svg', 'pdf', 'png'] as const);
  if (formats.length === 0) {
    throw new AppError('bad-request', '--figure writes svg, png and pdf; name one of them with --format.');
  }
  const name = basename(file).replace(/(\.figure)?\.json$/, '');
  const folder = resolve(options.out);
  await makeFolder(folder);
  return writePage(database, readPageSpec(text, basename(file)), name, folder, formats, options.dpi);
}

/** A page in every format, with its data, its caption and the spec that makes it again. */
async function writePage(
  database: DatabaseMethods,
  page: PageSpec,
  name: string,
  folder: string,
  formats: readonly ExportFormat[],
  dpi: number,
): Promise<string[]> {
  const rendered = await createFigureService().renderPage(database, page, 'light');
  for (const warning of rendered.warnings) printNote(`${name}: ${warning}`);
  const writer = createFigureWriter(resourcePath('core/figure/fonts'));
  const files: string[] = [];
  for (const format of formats) {
    files.push(
      ...(await writePageFiles(writer, rendered, page, format, dpi, join(folder, `${name}.${format}`))),
    );
  }
  return [...new Set(files)];
}

function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}
