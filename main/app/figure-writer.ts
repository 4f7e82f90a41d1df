import { writeFile } from 'node:fs/promises';
import { svgToPng } from '../export/png.ts';
import type { PdfWriter } from './ports.ts';
import type { FigureWriter } from './services.ts';

/** Figures as files: SVG as it is, PNG by the bundled renderer, PDF by the host's Chromium. */
export function createFigureWriter(pdf: PdfWriter, fontFolder: string): FigureWriter {
  return {
    async write({ svg, widthMm, heightMm }, format, dpi, filePath) {
      if (format === 'svg') await writeFile(filePath, svg);
      else if (format === 'pdf') await writeFile(filePath, await pdf.print(svg, widthMm, heightMm));
      else await writeFile(filePath, (await svgToPng(svg, { dpi, fontFolder })).bytes);
    },
  };
}
