import { isKind } from '../data.ts';
import type { Figure } from '../data.ts';
import { captionOf, figureTitle, provenanceOf } from '../caption.ts';
import type { Theme } from '../colour/sets.ts';
import type { FontFamily, Mark, Scene } from '../scene.ts';
import { fitText } from '../text.ts';
import { layoutCorrelationQuad } from './correlation-quad.ts';
import { layoutHeatmap } from './heatmap.ts';
import { layoutLayerMeans } from './layer-means.ts';
import { layoutMatchingCurves } from './matching-curves.ts';
import { layoutPage } from './layout-page.ts';
import { capMm, styleOf, textMark } from './style.ts';
import type { FigureStyle } from './style.ts';

/**
 * The finished picture of a figure. Pure: the same figure and theme give the same scene.
 * Throws a RangeError when the data contradict themselves (an order that is no permutation, a layer without pairs).
 */
export function layoutFigure(figure: Figure, theme: Theme = 'light'): Scene {
  const style = styleOf(figure.spec, theme);
  const { heightMm, marks } = layoutKind(figure, style);
  const { project, resultIds, software } = provenanceOf(figure);
  return {
    widthMm: style.widthMm,
    heightMm,
    background: style.ink.ground,
    title: figureTitle(figure),
    description: captionOf(figure),
    provenance: `${software}; project: ${project}; results: ${resultIds.join(' ')}`,
    marks: style.family === 'sans' ? marks : marks.map((mark) => inFamily(mark, style.family)),
  };
}

/** The same mark with its words in a family. */
function inFamily(mark: Mark, family: FontFamily): Mark {
  if (mark.kind === 'group') return { ...mark, marks: mark.marks.map((child) => inFamily(child, family)) };
  return mark.kind === 'text' ? { ...mark, family } : mark;
}

function layoutKind(figure: Figure, style: FigureStyle): { heightMm: number; marks: Mark[] } {
  const slot = { heightMm: figure.spec.heightMm };
  if (isKind(figure, 'page')) return layoutPage(figure.spec, figure.data, style);
  if (isKind(figure, 'correlation-quad')) {
    return underTitle(figure.spec.title, layoutCorrelationQuad(figure.spec, figure.data, style), style);
  }
  if (isKind(figure, 'matching-curves')) return layoutMatchingCurves(figure.spec, figure.data, style, slot);
  if (isKind(figure, 'layer-means')) return layoutLayerMeans(figure.spec, figure.data, style, slot);
  if (isKind(figure, 'heatmap')) return layoutHeatmap(figure.spec, figure.data, style);
  throw new RangeError('This figure is of no known kind.');
}

/** A bold line over panels that have titles of their own. */
function underTitle(
  title: string | undefined,
  panel: { heightMm: number; marks: Mark[] },
  style: FigureStyle,
): { heightMm: number; marks: Mark[] } {
  if (!title) return panel;
  const { marginMm, emMm, textPt, ink } = style;
  const fitted = fitText(title, textPt, style.widthMm - 2 * marginMm, 'bold', style.family);
  const baselineMm = marginMm + capMm(textPt);
  const yMm = capMm(textPt) + 0.9 * emMm;
  return {
    heightMm: panel.heightMm + yMm,
    marks: [
      textMark(fitted, marginMm, baselineMm, { sizePt: textPt, weight: 'bold', fill: ink.text }),
      { kind: 'group', xMm: 0, yMm, marks: panel.marks },
    ],
  };
}
