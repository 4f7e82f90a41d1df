import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { AppError } from '#core/errors.ts';
import type { FigureRequest, ShownFigure } from '#core/ipc/areas/figure.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import { writeFigureFiles, writePageFiles } from '../../app/figure-files.ts';
import { shownFolder } from '../../app/recent-projects.ts';
import type { RenderedFigure } from '../../app/services.ts';
import { runGallery } from '../../export/run-gallery.ts';
import type { HandlerContext } from '../context.ts';

const formatNames = { svg: 'SVG drawing', png: 'PNG picture', pdf: 'PDF document' };

export const figureHandlers: Handlers<HandlerContext>['figure'] = {
  async render({ figure, theme }, { session, figures }) {
    return shown(await figures.render(session.required().database.methods, figure, theme));
  },

  async gallery({ runId, preset, ...place }, { session }) {
    const { runs } = await session.required().database.methods.summary();
    const run = runs.find(({ id }) => id === runId);
    if (!run) throw new AppError('not-found', 'The run of this gallery is not in the project any more.');
    return runGallery(run, place, preset);
  },

  async renderPage({ page, theme }, { session, figures }) {
    return shown(await figures.renderPage(session.required().database.methods, page, theme));
  },

  async exportPageDialog({ page, name, format, dpi }, { session, figures, figureWriter, dialogs }) {
    const rendered = await figures.renderPage(session.required().database.methods, page, 'light');
    const path = await dialogs.saveFile({
      title: 'Export the figure',
      suggestedName: `${plainName(name)}.${format}`,
      filters: [{ name: formatNames[format], extensions: [format] }],
    });
    if (path === null) return { cancelled: true };
    return {
      files: await writePageFiles(figureWriter, rendered, page, format, dpi, path),
      folder: shownFolder(path),
    };
  },

  async exportDialog({ figure, format, dpi }, { session, figures, figureWriter, dialogs }) {
    const { database } = session.required();
    const rendered = await figures.render(database.methods, figure, 'light');
    const path = await dialogs.saveFile({
      title: 'Export the figure',
      suggestedName: `${suggestedStem(figure)}.${format}`,
      filters: [{ name: formatNames[format], extensions: [format] }],
    });
    if (path === null) return { cancelled: true };
    return {
      files: await writeFigureFiles(figureWriter, rendered, format, dpi, path),
      folder: shownFolder(path),
    };
  },

  async savePicture({ name, png }, { session, dialogs }) {
    session.required();
    const chosen = await dialogs.saveFile({
      title: 'Save the picture',
      suggestedName: `${plainName(name)}.png`,
      filters: [{ name: formatNames.png, extensions: ['png'] }],
    });
    if (chosen === null) return { cancelled: true };
    const path = extname(chosen).toLowerCase() === '.png' ? chosen : `${chosen}.png`;
    await writeFile(path, Buffer.from(png, 'base64'));
    return { file: basename(path), folder: shownFolder(path) };
  },
};

function shown({ svg, widthMm, heightMm, caption, warnings }: RenderedFigure): ShownFigure {
  return { svg, widthMm, heightMm, caption, warnings };
}

function plainName(name: string): string {
  return name.replace(/[^\w.-]+/g, '_');
}

function suggestedStem(figure: FigureRequest): string {
  const parts = [figure.kind, figure.a, figure.b, figure.layer].filter((part) => part !== undefined);
  return plainName(parts.join('-'));
}
