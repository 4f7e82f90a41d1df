import type { Figure } from '#core/figure/data.ts';
import { figureSpecSchema, figureSpecVersion, type SpecOf } from '#core/figure/spec.ts';
import type { DatabaseMethods } from '#core/ipc/database.ts';
import type { FigureRequest } from '#core/ipc/areas/figure.ts';
import type { FigureService } from '../app/services.ts';
import { pageFigure } from './page-figure.ts';
import { renderFigure } from './render-figure.ts';
import { correlationQuadData, layerMeansData, matchingCurvesData } from './sources/matching-sources.ts';
import { RunSource } from './sources/run-source.ts';

/** Figures made from stored results; the same request gives the same bytes on screen, in the window's export and here. */
export function createFigureService(): FigureService {
  return {
    async render(database, request, theme) {
      return renderFigure(await requestedFigure(database, request), theme);
    },
    async renderPage(database, page, theme) {
      return renderFigure(await pageFigure(database, page), theme);
    },
  };
}

/** One of the figures that the window asks for by name. */
async function requestedFigure(database: DatabaseMethods, request: FigureRequest): Promise<Figure> {
  const source = await RunSource.open(database, request.runId);
  const place = () => source.placeOf(request);
  const spec = <K extends FigureRequest['kind']>(options: object): SpecOf<K> =>
    figureSpecSchema.parse({
      version: figureSpecVersion,
      kind: request.kind,
      preset: request.preset,
      provenance: source.provenance,
      ...options,
    }) as SpecOf<K>;
  if (request.kind === 'layer-means') {
    const data = await layerMeansData(source);
    return { spec: spec<'layer-means'>({}), data };
  }
  if (request.kind === 'correlation-quad') {
    const colours = request.colours ?? 'diverging';
    const data = await correlationQuadData(source, { colours }, place());
    return { spec: spec<'correlation-quad'>({ colours }), data };
  }
  const data = await matchingCurvesData(source, {}, place());
  return { spec: spec<'matching-curves'>({ order: 'each' }), data };
}
