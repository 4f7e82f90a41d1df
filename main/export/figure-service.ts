import { pageSpecSchema, type PageInput, type PageSpec } from '#core/figure/spec.ts';
import type { FigureRequest } from '#core/ipc/areas/figure.ts';
import type { FigureService } from '../app/services.ts';
import { pageFigure } from './page-figure.ts';
import { renderFigure } from './render-figure.ts';

/** Figures made from stored results; the same request gives the same bytes on screen, in the window's export and here. */
export function createFigureService(): FigureService {
  const renderPage: FigureService['renderPage'] = async (database, page, theme) =>
    renderFigure(await pageFigure(database, page), theme);
  return { renderPage, render: (database, request, theme) => renderPage(database, pageOf(request), theme) };
}

/** One of the figures that the window asks for by name, as a page of one panel. */
function pageOf({ kind, runId, a, b, layer, preset, colours }: FigureRequest): PageSpec {
  const panels: Record<FigureRequest['kind'], PageInput['panels'][number]> = {
    'correlation-quad': { kind: 'correlation-quad', colours },
    'matching-curves': { kind: 'matching-curves', order: 'each' },
    'layer-means': { kind: 'layer-means' },
  };
  const source = { run: runId, a, b, layer };
  return pageSpecSchema.parse({ version: 1, kind: 'page', preset, source, panels: [panels[kind]] });
}
