import { isKind } from './data.ts';
import type { Figure, PageData } from './data.ts';
import { lettersOf } from './layout/page-grid.ts';
import { curvesCaption, heatmapCaption, meansCaption, quadCaption } from './panels/first-captions.ts';
import { panelCaption, panelLabel } from './panels/registry.ts';
import type { PageSpec } from './spec.ts';

/** Short name of a figure, for window titles, files and assistive technology. */
export function figureTitle(figure: Figure): string {
  if (figure.spec.title) return figure.spec.title;
  if (isKind(figure, 'page')) return pageTitle(figure.spec);
  if (isKind(figure, 'correlation-quad')) {
    return `Correlations of ${figure.data.layer}, ${figure.data.networkA} and ${figure.data.networkB}`;
  }
  if (isKind(figure, 'matching-curves')) {
    return `Matched units of ${figure.data.layer}, ${figure.data.networkA} and ${figure.data.networkB}`;
  }
  if (isKind(figure, 'layer-means')) return 'Mean correlation of matched units by layer';
  return isKind(figure, 'heatmap') ? figure.data.valueLabel : 'Figure';
}

function pageTitle({ panels }: PageSpec): string {
  return [...new Set(panels.map(({ kind }) => panelLabel(kind)))].join('; ');
}

/** What is shown, how it was computed, over what, and what was left out: sentences for under the figure. */
export function captionOf(figure: Figure): string {
  const { resultIds, software } = provenanceOf(figure);
  const short = resultIds.slice(0, 8).map((id) => id.slice(0, 12));
  const more = resultIds.length > short.length ? ` and ${resultIds.length - short.length} more` : '';
  const source = `${software}${short.length > 0 ? `, results ${short.join(', ')}${more}` : ''}.`;
  return `${figureTitle(figure).replace(/\.$/, '')}. ${bodyOf(figure)} ${source}`;
}

export function provenanceOf(figure: Figure): PageData['provenance'] {
  return isKind(figure, 'page') ? figure.data.provenance : figure.spec.provenance;
}

function bodyOf(figure: Figure): string {
  if (isKind(figure, 'page')) return pageBody(figure.spec, figure.data);
  if (isKind(figure, 'correlation-quad')) return quadCaption(figure.spec, figure.data);
  if (isKind(figure, 'matching-curves')) return curvesCaption(figure.spec, figure.data);
  if (isKind(figure, 'layer-means')) return meansCaption(figure.data, figure.spec.dots);
  return isKind(figure, 'heatmap') ? heatmapCaption(figure.spec, figure.data) : '';
}

function pageBody(spec: PageSpec, data: PageData): string {
  const letters = lettersOf(spec);
  const said = new Set<string>();
  return spec.panels
    .map((panel, at) => {
      const text = unlessSaid(panelCaption(panel, data.panels[at], letters[at]), said);
      // Panels with letters of their own name them themselves.
      return letters[at].length === 1 && letters[at][0] !== '' ? `${letters[at][0]}, ${text}` : text;
    })
    .join(' ');
}

/** Without the sentences that an earlier panel has said word for word. */
function unlessSaid(text: string, said: Set<string>): string {
  const sentences = text.split(/(?<=[.)]) (?=[A-Z])/);
  const fresh = sentences.filter((sentence, at) => at === 0 || !said.has(sentence));
  for (const sentence of sentences) said.add(sentence);
  return fresh.join(' ');
}
