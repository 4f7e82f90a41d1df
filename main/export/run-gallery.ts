import { AppError } from '#core/errors.ts';
import type { ProjectRun } from '#core/domain/project.ts';
import type { ResultEntry } from '#core/domain/result.ts';
import { analysesOf, galleryOf, type GalleryFigure, type GalleryRun } from '#core/figure/gallery.ts';
import type { PresetName } from '#core/figure/presets.ts';
import { panelKindNames, type PageInput, type PanelKind } from '#core/figure/spec.ts';
import { scopes } from './panel-results.ts';

/** Pair and layer that a gallery shows. */
export interface GalleryPlace {
  a: string;
  b: string;
  layer: string;
}

const analysesIn = (results: readonly ResultEntry[]) => new Set(results.map(({ analysis }) => analysis));

function pairsOf(results: readonly ResultEntry[]): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  for (const { analysis, a, b } of results) {
    // Results about a whole group name its first and last network.
    if (analysis !== 'many-networks') pairs.set(`${a.network}\n${b.network}`, [a.network, b.network]);
  }
  return [...pairs.values()].sort(([a, b], [c, d]) => (a === c ? compare(b, d) : compare(a, c)));
}

const compare = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);

function galleryRun(run: ProjectRun): GalleryRun {
  return {
    id: run.id,
    networks: run.networks.map(({ name }) => name),
    layers: run.layers.map(({ name }) => name),
    pairs: pairsOf(run.results),
    analyses: analysesIn(run.results),
  };
}

/** Every figure of a run for one pair and layer; the first pair and a layer in the middle where nothing is asked. */
export function runGallery(
  run: ProjectRun,
  wish: Partial<GalleryPlace>,
  preset?: PresetName,
): GalleryFigure[] {
  const known = galleryRun(run);
  const pair = known.pairs.find(
    ([a, b]) => (wish.a === undefined || wish.a === a) && (wish.b === undefined || wish.b === b),
  );
  if (!pair) {
    const pairs = known.pairs.map(([a, b]) => `${a} and ${b}`).join('; ') || 'none';
    throw new AppError('bad-request', `The run does not compare these networks; it compares ${pairs}.`);
  }
  const layer = wish.layer ?? known.layers[Math.floor((known.layers.length - 1) / 2)];
  if (!known.layers.includes(layer)) {
    throw new AppError('bad-request', `The run has no layer "${layer}"; it has ${known.layers.join(', ')}.`);
  }
  return galleryOf(known, { a: pair[0], b: pair[1], layer }, preset);
}

/** A figure of its own for every kind, pair and layer that the chosen results allow. */
export function singleFigures(
  run: ProjectRun,
  ids: ReadonlySet<string>,
  preset: PresetName,
  isOnlyRun: boolean,
): GalleryFigure[] {
  const chosen = run.results.filter(({ id }) => ids.has(id));
  const figures = new Map<string, GalleryFigure>();
  for (const entry of chosen) {
    for (const kind of panelKindNames) {
      if (analysesOf[kind][0] !== entry.analysis) continue;
      const scope = scopes[kind] ?? 'pair-and-layer';
      const [a, b, layer] = [entry.a.network, entry.b.network, entry.a.layer];
      const here = chosen.filter(
        (one) => one.a.network === a && one.b.network === b && one.a.layer === layer,
      );
      const isPossible = analysesOf[kind].every((analysis) => analysesIn(here).has(analysis));
      if (scope === 'pair-and-layer' && !isPossible) continue;
      const source =
        scope === 'run' ? {} : scope === 'pair' ? { a, b } : scope === 'layer' ? { layer } : { a, b, layer };
      const parts = [kind, source.a, source.b, source.layer, isOnlyRun ? undefined : run.id.slice(0, 8)];
      const name = parts
        .filter((part) => part !== undefined)
        .join('-')
        .replace(/[^\w.-]+/g, '_');
      const page: PageInput = {
        version: 1,
        kind: 'page',
        preset,
        source: { run: run.id.slice(0, 16), ...source },
        panels: [optionsOf(kind)],
      };
      figures.set(name, { name, label: kind, page });
    }
  }
  return [...figures.values()];
}

const optionsOf = (kind: PanelKind): PageInput['panels'][number] =>
  kind === 'matching-curves' ? { kind, order: 'each' } : { kind };
