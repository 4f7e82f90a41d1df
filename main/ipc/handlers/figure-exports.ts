import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { AppError } from '#core/errors.ts';
import { readPageSpec } from '#core/figure/read-spec.ts';
import type { ExportFormat } from '#core/ipc/areas/figure.ts';
import type { Handlers } from '#core/ipc/contract.ts';
import type { PageSpec } from '#core/figure/spec.ts';
import { distinctStems, fileStem, takenStems } from '../../app/figure-names.ts';
import { shownFolder } from '../../app/recent-projects.ts';
import { writeWhole } from '../../app/write-file.ts';
import type { HandlerContext } from '../context.ts';

type FigureHandlers = Handlers<HandlerContext>['figure'];
type Exports = Pick<
  FigureHandlers,
  'exportPageDialog' | 'exportAllDialog' | 'copy' | 'savePicture' | 'openSpecDialog'
>;

const formatNames: Record<ExportFormat, string> = {
  svg: 'SVG drawing',
  png: 'PNG picture',
  pdf: 'PDF document',
};
/** No spec that a person writes is larger. */
const largestSpecBytes = 4 * 1024 * 1024;

/** What leaves the window: files that a person asks for, and the clipboard. */
export const figureExportHandlers: Exports = {
  exportPageDialog: ({ page, name, format, dpi }, context) =>
    exportPage(context, page, fileStem(name), format, dpi),

  async exportAllDialog({ figures, formats, dpi }, context) {
    const { methods } = context.session.required().database;
    const folder = await context.dialogs.chooseFolder({
      title:
        figures.length === 1
          ? 'Export the figure to a folder'
          : `Export ${figures.length} figures to a folder`,
      button: 'Export here',
    });
    if (folder === null) return { cancelled: true };
    const stems = distinctStems(
      figures.map(({ name }) => name),
      takenStems(await filesIn(folder)),
    );
    const files: string[] = [];
    const failures: string[] = [];
    for (const [at, { page, name }] of figures.entries()) {
      try {
        const target = { folder, stem: stems[at], formats: [...new Set(formats)], dpi };
        files.push(...(await context.figures.write(methods, page, target)).files);
      } catch (error) {
        // One that cannot be drawn keeps no other from being written; a folder that cannot be written to keeps all.
        if (!(error instanceof AppError) || error.code === 'storage') throw error;
        failures.push(`"${name}": ${error.message}`);
      }
    }
    if (failures.length > 0) {
      const written = figures.length - failures.length;
      throw new AppError(
        'run-failed',
        `${written} of ${figures.length} figures were written to ${shownFolder(`${folder}/.`)}. Not written: ${failures.join(' ')}`,
        { files },
      );
    }
    return { files, folder: shownFolder(`${folder}/.`) };
  },

  async copy({ page, format, dpi }, { session, figures, clipboard }) {
    const picture = await figures.picture(session.required().database.methods, page, format, dpi);
    if (format === 'png') await clipboard.putPng(picture);
    else await clipboard.putSvg(new TextDecoder().decode(picture));
    return { copied: true };
  },

  async openSpecDialog(_input, { session, dialogs }) {
    session.required();
    const [path] = await dialogs.openFiles({
      title: 'Open a figure',
      filters: [{ name: 'Figure specs', extensions: ['json'] }],
      many: false,
    });
    if (path === undefined) return { cancelled: true };
    const label = basename(path);
    const page = readPageSpec(await specText(path), label);
    const name = label.replace(/(\.figure)?\.json$/i, '').slice(0, 200) || 'figure';
    return { name, page };
  },

  async savePicture({ name, png }, { session, dialogs }) {
    session.required();
    const chosen = await dialogs.saveFile({
      title: 'Save the picture',
      suggestedName: `${fileStem(name)}.png`,
      filters: [{ name: formatNames.png, extensions: ['png'] }],
    });
    if (chosen === null) return { cancelled: true };
    const path = extname(chosen).toLowerCase() === '.png' ? chosen : `${chosen}.png`;
    await writeWhole(path, Buffer.from(png, 'base64'));
    return { file: basename(path), folder: shownFolder(path) };
  },
};

async function exportPage(
  { session, figures, dialogs }: HandlerContext,
  page: PageSpec,
  stem: string,
  format: ExportFormat,
  dpi: number,
): Promise<{ files: string[]; folder: string } | { cancelled: true }> {
  const { methods } = session.required().database;
  const path = await dialogs.saveFile({
    title: 'Export the figure',
    suggestedName: `${stem}.${format}`,
    filters: [{ name: formatNames[format], extensions: [format] }],
  });
  if (path === null) return { cancelled: true };
  const target = { folder: dirname(path), stem: stemOf(path, format), formats: [format], dpi };
  const { files } = await figures.write(methods, page, target);
  return { files, folder: shownFolder(path) };
}

/** The chosen name without the format's ending; a dot elsewhere in it ends nothing. */
function stemOf(path: string, format: ExportFormat): string {
  const name = basename(path);
  return extname(name).toLowerCase() === `.${format}` ? name.slice(0, -format.length - 1) : name;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new AppError(
      'storage',
      `The folder ${folder} cannot be read. Make it, or choose another.`,
      { folder },
      error,
    );
  }
}

async function specText(path: string): Promise<string> {
  const label = basename(path);
  try {
    const { size } = await stat(path);
    if (size <= largestSpecBytes) return await readFile(path, 'utf8');
  } catch (error) {
    throw new AppError('bad-request', `${label} cannot be read. Choose a file you may read.`, {}, error);
  }
  throw new AppError(
    'bad-request',
    `${label} is larger than 4 MB and no figure. Choose a .figure.json file.`,
  );
}
