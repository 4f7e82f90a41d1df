import { plural } from '../../ui/format.ts';

const isFigure = (file: string) => /\.(svg|pdf|png)$/i.test(file);

/** "Figure and 5 files beside it written to FOLDER": its numbers, caption and spec are the files beside it. */
export function writtenWords(files: readonly string[], folder: string): string {
  const figures = files.filter(isFigure).length;
  const others = files.length - figures;
  const beside = others > 0 ? ` and ${plural(others, 'file')} beside ${figures === 1 ? 'it' : 'them'}` : '';
  return `${figures === 1 ? 'Figure' : plural(figures, 'figure file')}${beside} written to ${folder}`;
}
