import type { ExportFormat } from '#core/ipc/areas/figure.ts';

/** What a figure is written as, in the order that people ask for it. */
export const exportChoices: {
  name: string;
  label: string;
  hint: string;
  format: ExportFormat;
  dpi: number;
}[] = [
  { name: 'pdf', label: 'PDF…', hint: 'for a paper: vectors, fonts embedded', format: 'pdf', dpi: 300 },
  { name: 'svg', label: 'SVG…', hint: 'for a drawing program: text as text', format: 'svg', dpi: 300 },
  { name: 'png-300', label: 'PNG, 300 dpi…', hint: 'for a slide or a page', format: 'png', dpi: 300 },
  { name: 'png-600', label: 'PNG, 600 dpi…', hint: 'for print', format: 'png', dpi: 600 },
];

export const everyFormat: ExportFormat[] = ['svg', 'pdf', 'png'];
