import { AppError } from '#core/errors.ts';
import type { Theme } from '#core/figure/colour/sets.ts';
import type { Figure } from '#core/figure/data.ts';
import { defaultDpi } from '#core/figure/drawn-image.ts';
import { panelBoxes } from '#core/figure/scene.ts';
import type { PageSpec } from '#core/figure/spec.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import { reduceSceneImages } from '#core/figure/reduce-scene.ts';
import { sceneToSvg } from '#core/figure/svg.ts';
import { picture, writePageFiles } from '../app/figure-files.ts';
import type { FigureService } from '../app/services.ts';
import { base64, deflate } from './deflate.ts';
import { sourceFontFolder } from './fonts.ts';
import { watchedForTiles } from './left-out.ts';
import { pageFigure } from './page-figure.ts';
import { renderFigure, type RenderedFigureParts } from './render-figure.ts';

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
    const figure = laidOut(await pageFigure(database, page), theme);
    return { figure, note: note() };
  };
  return {
    async show(database, page, theme) {
      const { figure, note } = await rendered(database, page, theme);
      const { scene, widthMm, heightMm, caption, warnings } = figure;
      const shown = reduceSceneImages(scene, screenDpi, mostScreenCells);
      const svg = sceneToSvg(shown, { deflate, base64, cellDpi: defaultDpi });
      return {
        svg,
        widthMm,
        heightMm,
        caption,
        warnings: withNote(warnings, note),
        panels: panelBoxes(scene),
      };
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

/** The layout says what does not fit on the page; the person who set it up can put it right. */
function laidOut(figure: Figure, theme: Theme): RenderedFigureParts {
  try {
    return renderFigure(figure, theme);
  } catch (error) {
    if (error instanceof RangeError) throw new AppError('bad-request', error.message, {}, error);
    throw error;
  }
}

const withNote = (warnings: string[], note: string | null): string[] =>
  note === null ? warnings : [...warnings, note];
