import { writeFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { FigureRequest } from '#core/ipc/areas/figure.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import { writeFigureFiles } from '../../app/figure-files.ts';
import { shownFolder } from '../../app/recent-projects.ts';
import type { HandlerContext } from '../context.ts';

const formatNames = { svg: 'SVG drawing', png: 'PNG picture', pdf: 'PDF document' };

export const figureHandlers: Handlers<HandlerContext>['figure'] = {
  async render({ figure, theme }, { session, figures }) {
    const rendered = await figures.render(session.required().database.methods, figure, theme);
    const { svg, widthMm, heightMm, caption, warnings } = rendered;
    return { svg, widthMm, heightMm, caption, warnings };
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

function plainName(name: string): string {
  return name.replace(/[^\w.-]+/g, '_');
}

function suggestedStem(figure: FigureRequest): string {
  const parts = [figure.kind, figure.a, figure.b, figure.layer].filter((part) => part !== undefined);
  return plainName(parts.join('-'));
}
