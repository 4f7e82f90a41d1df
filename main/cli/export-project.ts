import { mkdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { StoredResult } from '#core/domain/result.ts';
import type { PresetName } from '#core/figure/presets.ts';
import { readPageSpec } from '#core/figure/read-spec.ts';
import { pageSpecSchema, type PageSpec } from '#core/figure/spec.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { StoredFigure } from '#core/domain/figure.ts';
import type { ExportFormat } from '#core/ipc/areas/figure.ts';
import { distinctStems } from '../app/figure-names.ts';
import { resourcePath } from '../app/resources.ts';
import { openDatabase } from '../database/client.ts';
import { stalenessOf, viewProject } from '../export/figure-sources.ts';
import { createFigureService } from '../export/figure-service.ts';
import { runGallery, singleFigures } from '../export/run-gallery.ts';
import { arrayFormats, writeResultFiles, type ArrayFormat } from '../export/result-files.ts';
import { findByPrefix, printLine } from './output.ts';

export interface ExportOptions {
  out: string;
  result?: string[];
  format: string[];
  preset: PresetName;
  dpi: number;
  /** A figure spec to draw, instead of everything. */
  figure?: string;
  /** The figures that the project keeps, instead of everything. */
  saved?: true;
  /** One of them, by its name. */
  figureName?: string;
  /** The gallery of one pair and layer instead of a figure for every result. */
  gallery?: true;
  a?: string;
  b?: string;
  layer?: string;
  /** Whether `format` was asked for or is the default. */
  isFormatGiven?: boolean;
}

const figureFormats = ['svg', 'png', 'pdf'];

const isArrayFormat = (format: string): format is ArrayFormat =>
  arrayFormats.some((known) => known === format);

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
  if (options.saved || options.figureName !== undefined) return exportSaved(database, options);
  const folder = resolve(options.out);
  await makeFolder(folder);
  const all = await database.results();
  const chosen = options.result ? options.result.map((prefix) => findByPrefix(all, prefix)) : all;
  if (chosen.length === 0) {
    throw new AppError('not-found', 'The project holds no results to export; consilience run adds some.');
  }
  const ids = new Set(chosen.map((entry) => entry.id));
  const asked = options.gallery && !options.isFormatGiven ? ['svg', 'pdf', 'png'] : options.format;
  const formats = asked.filter(isArrayFormat);
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
  const formats = pictureFormats(options, '--figure');
  const name = basename(file).replace(/(\.figure)?\.json$/, '');
  const folder = resolve(options.out);
  await makeFolder(folder);
  return writePage(database, readPageSpec(text, basename(file)), name, folder, formats, options.dpi);
}

/** `consilience export --saved`, `--figure-name`: what the project keeps, as the window writes it. */
async function exportSaved(database: DatabaseMethods, options: ExportOptions): Promise<string[]> {
  const { figureName } = options;
  const formats = pictureFormats(options, figureName === undefined ? '--saved' : '--figure-name');
  const all = await database.figures();
  const chosen = figureName === undefined ? all : all.filter(({ name }) => name === figureName);
  if (chosen.length === 0) throw noFigure(all, figureName);
  const folder = resolve(options.out);
  await makeFolder(folder);
  const stems = distinctStems(chosen.map(({ name }) => name));
  const view = await viewProject(database);
  const files: string[] = [];
  for (const [at, figure] of chosen.entries()) {
    const page = savedPage(figure);
    const { reason } = await stalenessOf(view, figure);
    if (reason !== null) printNote(`${figure.name} is not what it was when it was saved: ${reason}`);
    files.push(...(await writePage(database, page, stems[at], folder, formats, options.dpi)));
  }
  return files;
}

function noFigure(all: readonly StoredFigure[], name: string | undefined): AppError {
  if (all.length === 0) {
    return new AppError('not-found', 'The project keeps no figures; the window saves them in it.');
  }
  const names = all.map((figure) => `"${figure.name}"`).join(', ');
  return new AppError('not-found', `The project keeps no figure "${name}"; it has ${names}.`);
}

function savedPage({ name, page }: StoredFigure): PageSpec {
  return readPageSpec(JSON.stringify(page), `The saved figure "${name}"`);
}

/** Formats asked for, or all three. */
function pictureFormats(options: ExportOptions, what: string): readonly ExportFormat[] {
  const asked = options.format.filter((format): format is ExportFormat => figureFormats.includes(format));
  if (!options.isFormatGiven) return ['svg', 'pdf', 'png'];
  if (asked.length > 0) return asked;
  throw new AppError('bad-request', `${what} writes svg, png and pdf; name one of them with --format.`);
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
  const service = createFigureService(resourcePath('core/figure/fonts'));
  const { files, warnings } = await service.write(database, page, { folder, stem: name, formats, dpi });
  for (const warning of warnings) printNote(`${name}: ${warning}`);
  return files.map((file) => join(folder, file));
}

function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}
