import { captionOf } from '../caption.ts';
import type { Theme } from '../colour/sets.ts';
import { isKind } from '../data.ts';
import type { Figure } from '../data.ts';
import type { Mark, Scene } from '../scene.ts';
import { figureTitle } from '../caption.ts';
import { layoutCorrelationQuad } from './correlation-quad.ts';
import { layoutHeatmap } from './heatmap.ts';
import { layoutLayerMeans } from './layer-means.ts';
import { layoutMatchingCurves } from './matching-curves.ts';
import { styleOf } from './style.ts';
import type { FigureStyle } from './style.ts';

/**
 * The finished picture of a figure. Pure: the same figure and theme give the same scene.
 * Throws a RangeError when the data contradict themselves (an order that is no permutation, a layer without pairs).
 */
export function layoutFigure(figure: Figure, theme: Theme = 'light'): Scene {
  const style = styleOf(figure.spec, theme);
  const { heightMm, marks } = layoutKind(figure, style);
  const { project, resultIds, software } = figure.spec.provenance;
  return {
    widthMm: style.widthMm,
    heightMm,
    background: style.ink.ground,
    title: figureTitle(figure),
    description: captionOf(figure),
    provenance: `${software}; project: ${project}; results: ${resultIds.join(' ')}`,
    marks,
  };
}

function layoutKind(figure: Figure, style: FigureStyle): { heightMm: number; marks: Mark[] } {
  if (isKind(figure, 'correlation-quad')) return layoutCorrelationQuad(figure.spec, figure.data, style);
  if (isKind(figure, 'matching-curves')) return layoutMatchingCurves(figure.spec, figure.data, style);
  if (isKind(figure, 'layer-means')) return layoutLayerMeans(figure.spec, figure.data, style);
  if (isKind(figure, 'heatmap')) return layoutHeatmap(figure.spec, figure.data, style);
  throw new RangeError('This figure is of no known kind.');
}
