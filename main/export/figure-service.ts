import type { Theme } from '#core/figure/colour/sets.ts';
import { pageSpecSchema, type PageInput, type PageSpec } from '#core/figure/spec.ts';
import type { FigureRequest } from '#core/ipc/areas/figure.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { reduceSceneImages } from '#core/figure/reduce-scene.ts';
import { sceneToSvg } from '#core/figure/svg.ts';
import { picture, writePageFiles } from '../app/figure-files.ts';
import type { FigureService } from '../app/services.ts';
import { base64, deflate } from './deflate.ts';
import { sourceFontFolder } from './fonts.ts';
import { watchedForTiles } from './left-out.ts';
import { pageFigure } from './page-figure.ts';
import { renderFigure } from './render-figure.ts';

/** A matrix of more cells is shown averaged to this resolution: whole, its picture takes the window a GiB to decode. */
const mostScreenCells = 1 << 22;
const screenDpi = 300;

/**
 * Figures made from stored results, in the thread that calls; the same page gives the same bytes on screen, in the
 * window's exports and on the command line.
 */
export function createFigureService(fontFolder = sourceFontFolder): FigureService {
  const rendered = async (from: DatabaseMethods, page: PageSpec, theme: Theme) => {
    const { database, note } = watchedForTiles(from);
    const figure = renderFigure(await pageFigure(database, page), theme);
    return { figure, note: note() };
  };
  return {
    async show(database, page, theme) {
      const { figure, note } = await rendered(database, page, theme);
      const { scene, widthMm, heightMm, caption, warnings } = figure;
      const svg = sceneToSvg(reduceSceneImages(scene, screenDpi, mostScreenCells), { deflate, base64 });
      return { svg, widthMm, heightMm, caption, warnings: withNote(warnings, note) };
    },
    async write(database, page, target) {
      const { figure, note } = await rendered(database, page, 'light');
      const files = await writePageFiles(figure, page, target, fontFolder, note);
      return { files, warnings: withNote(figure.warnings, note) };
    },
    async picture(database, page, format, dpi) {
      const { figure } = await rendered(database, page, 'light');
      return picture(figure, format, dpi, fontFolder);
    },
    stop: () => Promise.resolve(),
  };
}

const withNote = (warnings: string[], note: string | null): string[] =>
  note === null ? warnings : [...warnings, note];

/** One of the figures that the window asks for by name, as a page of one panel. */
export function pageOfRequest({ kind, runId, a, b, layer, preset, colours }: FigureRequest): PageSpec {
  const panels: Record<FigureRequest['kind'], PageInput['panels'][number]> = {
    'correlation-quad': { kind: 'correlation-quad', colours },
    'matching-curves': { kind: 'matching-curves', order: 'each' },
    'layer-means': { kind: 'layer-means' },
  };
  const source = { run: runId, a, b, layer };
  return pageSpecSchema.parse({ version: 1, kind: 'page', preset, source, panels: [panels[kind]] });
}
