import { writeFile } from 'node:fs/promises';
import { writePdf } from '../export/pdf.ts';
import { sceneToPng } from '../export/png.ts';
import type { FigureWriter } from './services.ts';

/** Figures as files, all from one scene: SVG with live text, PDF with embedded fonts, PNG by the bundled renderer. */
export function createFigureWriter(fontFolder: string): FigureWriter {
  return {
    async write(figure, format, dpi, filePath) {
      if (format === 'svg') await writeFile(filePath, figure.svg);
      else if (format === 'pdf') await writeFile(filePath, await writePdf(figure.scene, fontFolder));
      else await writeFile(filePath, (await sceneToPng(figure.scene, { dpi, fontFolder })).bytes);
    },
  };
}
