import type { AnalysisName } from '../domain/recipe.ts';
import { presets } from './presets.ts';
import type { PresetName } from './presets.ts';
import { panelKindNames } from './spec.ts';
import type { PageInput, PanelKind } from './spec.ts';

/** What a gallery has to know of a run. */
export interface GalleryRun {
  id: string;
  networks: string[];
  layers: string[];
  /** Pairs compared, in the order of the run. */
  pairs: [string, string][];
  analyses: ReadonlySet<AnalysisName>;
}

export interface GalleryFigure {
  /** File name without its extension. */
  name: string;
  label: string;
  page: PageInput;
}

/** Analyses without which a panel has nothing to show. */
export const analysesOf: Record<PanelKind, AnalysisName[]> = {
  'correlation-quad': ['correlation', 'matching'],
  'matched-units': ['matching'],
  'matching-curves': ['matching'],
  'layer-means': ['matching'],
  'mapping-weights': ['sparse-mapping'],
  'mapping-curve': ['sparse-mapping'],
  'mapping-target': ['sparse-mapping', 'correlation'],
  'cluster-averages': ['spectral-clusters'],
  'cluster-joint': ['spectral-clusters'],
  'information-scatter': ['matching', 'mutual-information'],
  'activation-means': [],
  'layer-map': ['layer-map'],
  'canonical-correlations': ['subspaces'],
  'shared-space': ['subspaces', 'matching'],
  'match-certainty': ['certainty', 'matching'],
  'code-scores': ['code'],
  'code-rotations': ['code'],
  convergence: ['many-networks'],
  'neighbourhood-curve': ['neighbourhoods'],
};

const panelKindsOf = (analyses: ReadonlySet<AnalysisName>): PanelKind[] =>
  panelKindNames.filter((kind) => analysesOf[kind].every((analysis) => analyses.has(analysis)));

type PanelInput = PageInput['panels'][number];

/** One column and two of the same journal: several panels beside each other take the wide one. */
const pairsOfPresets: [narrow: PresetName, wide: PresetName][] = [
  ['nature-single', 'nature-double'],
  ['science-single', 'science-double'],
  ['science-double', 'science-triple'],
  ['icml', 'icml-double'],
];

/** A page for one square panel: the narrow preset of the same journal, or six tenths of the only one. */
function narrowOf(preset: PresetName): Partial<PageInput> {
  const found = pairsOfPresets.find(([narrow, wide]) => wide === preset || narrow === preset);
  return found ? { preset: found[0] } : { preset, widthMm: Math.round(0.6 * presets[preset].widthMm) };
}

const wideOf = (preset: PresetName): PresetName =>
  pairsOfPresets.find(([narrow]) => narrow === preset)?.[1] ?? preset;

/** Every figure of the paper, and of what was computed beyond it, for one pair of networks and one layer. */
export function galleryOf(
  run: GalleryRun,
  { a, b, layer }: { a: string; b: string; layer: string },
  preset: PresetName = 'nature-double',
): GalleryFigure[] {
  const source = { run: run.id.slice(0, 16), a, b, layer };
  const possible = new Set(panelKindsOf(run.analyses));
  const wide = wideOf(preset);
  const narrow = narrowOf(preset);
  const figures: GalleryFigure[] = [];
  const add = (
    name: string,
    label: string,
    panels: PanelInput[],
    columns = 1,
    size: Partial<PageInput> = {},
  ) => {
    const shown = panels.filter(({ kind }) => possible.has(kind));
    if (shown.length === 0) return;
    const used = Math.min(columns, shown.length);
    const page: PageInput = {
      version: 1,
      kind: 'page',
      preset: wide,
      source,
      columns: used,
      panels: shown,
      ...size,
    };
    figures.push({ name, label, page });
  };
  const perLayer = (kind: PanelKind): PanelInput[] =>
    run.layers.map((one) => ({ kind, layer: one, title: one }));
  const columns = Math.min(run.layers.length, run.layers.length > 4 ? 3 : 2);

  add('01-correlations', 'Correlations, permuted by matching', [{ kind: 'correlation-quad' }]);
  add('02-matched-units', 'Best and worst matched units', [{ kind: 'matched-units' }]);
  add('03-matching', 'Semi-match and match of every unit', perLayer('matching-curves'), columns);
  add('04-layer-means', 'Mean correlation by layer', [{ kind: 'layer-means' }], 1, narrow);
  add('05-mapping-weights', 'Weights of the sparse mapping', [{ kind: 'mapping-weights' }], 1, narrow);
  add('06-sparse-mapping', 'Sparse mapping', [{ kind: 'mapping-curve' }, { kind: 'mapping-target' }], 2);
  add('07-cluster-averages', 'Average inputs of the clusters', [{ kind: 'cluster-averages' }]);
  add('08-clusters', 'Dendrogram and joint correlations', [{ kind: 'cluster-joint' }], 1, narrow);
  add(
    '09-information',
    'Mutual information beside correlation',
    possible.has('information-scatter')
      ? [
          { kind: 'matching-curves', title: 'Correlation' },
          { kind: 'matching-curves', score: 'mutual-information', title: 'Mutual information' },
          { kind: 'information-scatter', title: 'Both' },
        ]
      : [],
    3,
  );
  add('10-activation-means', 'Mean activations', perLayer('activation-means'), columns);
  const maps = run.pairs.map(([one, other]): PanelInput => ({ kind: 'layer-map', a: one, b: other }));
  add('11-layer-maps', 'Layer by layer', maps, Math.min(3, maps.length));
  add('12-subspaces', 'Canonical correlations', perLayer('canonical-correlations'), columns);
  add('13-certainty', 'Certainty of the matches', perLayer('match-certainty'), columns);
  add('14-code', 'Local or distributed code', [{ kind: 'code-scores' }, { kind: 'code-rotations' }], 2);
  add(
    '15-networks',
    'All networks; sets of units',
    [{ kind: 'convergence' }, { kind: 'neighbourhood-curve' }],
    2,
  );
  add(
    '17-shared-space',
    'Units of both networks in one space',
    [
      { kind: 'shared-space', title: `${layer}: networks and matches` },
      ...(possible.has('cluster-joint')
        ? [
            {
              kind: 'shared-space' as const,
              colouring: 'cluster' as const,
              hulls: true,
              links: false,
              title: `${layer}: clusters`,
            },
          ]
        : []),
    ],
    2,
  );
  for (const other of run.layers.filter((one) => one !== layer)) {
    add(`16-correlations-${other}`, `Correlations of ${other}`, [{ kind: 'correlation-quad', layer: other }]);
  }
  return figures;
}
