import { AppError } from '#core/errors.ts';
import type { ResultEntry } from '#core/domain/result.ts';
import { analysesOf } from '#core/figure/gallery.ts';
import type { PanelKind, PanelOf, PanelSpec } from '#core/figure/spec.ts';
import { certaintyResults } from './layer-intervals.ts';
import { manyNetworksAt } from './sources/shared-space-source.ts';
import { missing, type PairPlace, type RunSource } from './sources/run-source.ts';

/** Kinds that are drawn once a run, once a pair, or once a layer; the others once a pair and layer. */
export const scopes: Partial<Record<PanelKind, 'run' | 'pair' | 'layer'>> = {
  'layer-means': 'run',
  convergence: 'run',
  'layer-map': 'pair',
  'neighbourhood-curve': 'pair',
  'activation-means': 'layer',
};

/** Kinds that show statistics or pictures of the pass over the data, beside results or without any. */
export const kindsOfCapture: readonly PanelKind[] = ['activation-means', 'matched-units'];

/**
 * The results that a panel would be drawn from, told without reading an array. They are those that its source reads
 * (a test holds the two together). Throws `not-found` or `bad-request` where it could not be drawn.
 */
export function panelResults(source: RunSource, panel: PanelSpec, place: PairPlace): ResultEntry[] {
  if (panel.kind === 'layer-means') {
    return [...source.all('matching'), ...certaintyResults(source.run)];
  }
  if (panel.kind === 'matching-curves' && panel.score === 'mutual-information') {
    return [source.result('mutual-information', place)];
  }
  if (panel.kind === 'shared-space') return sharedSpaceResults(source, panel, place);
  const analyses = analysesOf[panel.kind];
  const scope = scopes[panel.kind];
  if (scope === 'run') return analyses.flatMap((analysis) => source.all(analysis));
  if (scope !== 'pair') return analyses.map((analysis) => source.result(analysis, place));
  const { a, b } = place;
  return analyses.flatMap((analysis) => {
    const ofPair = source.run.results.filter(
      (entry) => entry.analysis === analysis && entry.a.network === a && entry.b.network === b,
    );
    if (ofPair.length === 0) throw missing(analysis, `${a} and ${b}`);
    // A map is one result of all layers, of which the first is drawn.
    return panel.kind === 'layer-map' ? ofPair.slice(0, 1) : ofPair;
  });
}

/** Clusters and convergence are read where they are shown. */
function sharedSpaceResults(
  source: RunSource,
  panel: PanelOf<'shared-space'>,
  place: PairPlace,
): ResultEntry[] {
  const found = [source.result('subspaces', place), source.result('matching', place)];
  if (panel.colouring === 'cluster' || panel.hulls) found.push(source.result('spectral-clusters', place));
  if (panel.colouring === 'convergence') found.push(manyNetworksAt(source, place.layer));
  return found;
}

/** Why nothing could be drawn, as a sentence; errors of other kinds are thrown on. */
export function problemOf(error: unknown): string {
  if (error instanceof AppError && (error.code === 'not-found' || error.code === 'bad-request')) {
    return error.message;
  }
  throw error;
}
