import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { ProjectRun } from '#core/domain/project.ts';
import type { StoredResult } from '#core/domain/result.ts';
import type { PresetName } from '#core/figure/presets.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { ExportFormat, FigureRequest } from '#core/ipc/areas/figure.ts';
import { writeFigureFiles } from '../app/figure-files.ts';
import { createFigureWriter } from '../app/figure-writer.ts';
import { resourcePath } from '../app/resources.ts';
import type { FigureWriter } from '../app/services.ts';
import { openDatabase } from '../database/client.ts';
import { createFigureService } from '../export/figure-service.ts';
import { writeResultFiles, type ArrayFormat } from '../export/result-files.ts';
import { findByPrefix, printLine } from './output.ts';

export interface ExportOptions {
  out: string;
  result?: string[];
  format: string[];
  preset: PresetName;
  dpi: number;
}

const arrayFormats = ['npy', 'csv', 'json'];
const figureFormats = ['svg', 'png'];

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
  const folder = resolve(options.out);
  await makeFolder(folder);
  const all = await database.results();
  const chosen = options.result ? options.result.map((prefix) => findByPrefix(all, prefix)) : all;
  if (chosen.length === 0) {
    throw new AppError('not-found', 'The project holds no results to export; consilience run adds some.');
  }
  const ids = new Set(chosen.map((entry) => entry.id));
  const formats = options.format.filter((format): format is ArrayFormat => arrayFormats.includes(format));
  const files: string[] = [];
  for (const { id } of formats.length > 0 ? chosen : []) {
    const result = await database.result(id);
    // A single result goes straight into the folder; several need one each.
    const target = chosen.length === 1 ? folder : join(folder, folderName(result));
    await makeFolder(target);
    files.push(...(await writeResultFiles(database, result, target, formats)));
  }
  const pictures = options.format.filter((format): format is ExportFormat => figureFormats.includes(format));
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

async function exportFigures(
  database: DatabaseMethods,
  ids: ReadonlySet<string>,
  formats: ExportFormat[],
  folder: string,
  options: ExportOptions,
): Promise<string[]> {
  const figures = createFigureService();
  const writer: FigureWriter = createFigureWriter(noPdf, resourcePath('core/figure/fonts'));
  const files: string[] = [];
  const { runs } = await database.summary();
  const target = join(folder, 'figures');
  await makeFolder(target);
  for (const run of runs) {
    for (const request of requestsOf(run, ids, options.preset)) {
      const rendered = await figures.render(database, request, 'light');
      for (const format of formats) {
        const written = await writeFigureFiles(
          writer,
          rendered,
          format,
          options.dpi,
          join(target, `${stemOf(request, run, runs)}.${format}`),
        );
        files.push(...written);
      }
    }
  }
  return [...new Set(files)];
}

const noPdf = {
  print: () => Promise.reject(new AppError('not-available', 'PDF is written by the window in this version.')),
};

/** Every figure that the chosen results of a run allow. */
function requestsOf(run: ProjectRun, ids: ReadonlySet<string>, preset: PresetName): FigureRequest[] {
  const results = run.results.filter((result) => ids.has(result.id));
  const matchings = results.filter((result) => result.analysis === 'matching');
  const requests: FigureRequest[] =
    matchings.length > 0 ? [{ kind: 'layer-means', runId: run.id, preset }] : [];
  for (const { a, b } of matchings) {
    const one = { runId: run.id, preset, a: a.network, b: b.network, layer: a.layer };
    const hasCorrelation = results.some(
      (result) =>
        result.analysis === 'correlation' &&
        result.a.network === a.network &&
        result.b.network === b.network &&
        result.a.layer === a.layer,
    );
    requests.push({ kind: 'matching-curves', ...one });
    if (hasCorrelation) requests.push({ kind: 'correlation-quad', ...one });
  }
  return requests;
}

function stemOf(request: FigureRequest, run: ProjectRun, runs: readonly ProjectRun[]): string {
  const parts = [request.kind, request.a, request.b, request.layer].filter((part) => part !== undefined);
  // Two runs of one project may hold the same pair under other data.
  if (runs.length > 1) parts.push(run.id.slice(0, 8));
  return parts.join('-').replace(/[^\w.-]+/g, '_');
}
