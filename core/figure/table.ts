import { isKind } from './data.ts';
import type { Figure } from './data.ts';
import { lettersOf } from './layout/page-grid.ts';
import { curvesTables, heatmapTables, meansTables, quadTables } from './panels/first-tables.ts';
import { panelTables } from './panels/registry.ts';
import type { FigureTable } from './table-rows.ts';

export type { FigureTable } from './table-rows.ts';

/** The data behind the figure, complete and unrounded; of a page, each panel's under its letter. */
export function tablesOf(figure: Figure): FigureTable[] {
  if (isKind(figure, 'correlation-quad')) return quadTables(figure.data);
  if (isKind(figure, 'matching-curves')) return curvesTables(figure.spec, figure.data);
  if (isKind(figure, 'layer-means')) return meansTables(figure.data);
  if (isKind(figure, 'heatmap')) return heatmapTables(figure.data);
  if (!isKind(figure, 'page')) return [];
  const { spec, data } = figure;
  const letters = lettersOf(spec);
  const isOne = spec.panels.length === 1;
  return spec.panels.flatMap((panel, at) =>
    panelTables(panel, data.panels[at], letters[at]).map((table) => {
      const letter = letters[at].length === 1 ? letters[at][0] || String(at + 1) : '';
      return isOne || letter === '' ? table : { ...table, name: `${letter.toLowerCase()}-${table.name}` };
    }),
  );
}
