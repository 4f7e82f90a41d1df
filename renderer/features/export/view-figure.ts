import { analysesOf } from '#core/figure/gallery.ts';
import { pageSpecSchema, type PageInput, type PageSpec, type PanelKind } from '#core/figure/spec.ts';
import type { AnalysisName } from '#core/domain/recipe.ts';
import { orderNames, type OrderName } from '#core/domain/unit-orders.ts';
import type { OptionValue } from '../../app/view-options.svelte.ts';
import type { Session } from '../../app/session.svelte.ts';
import { viewNames, views, type ViewName } from '../../app/views.ts';

type PanelInput = PageInput['panels'][number];
interface ViewFigure {
  panels: PanelInput[];
  columns?: number;
  preset?: PageInput['preset'];
}
interface Seen {
  session: Session;
  /** What the view was set to; undefined where it was left as it was. */
  option: (key: string) => OptionValue | undefined;
}

/** The paper's figure of what each view shows, as it is set there. */
const figures: Partial<Record<ViewName, (seen: Seen) => ViewFigure>> = {
  overview: () => ({ panels: [{ kind: 'layer-means' }], preset: 'nature-single' }),
  correlation: ({ session, option }) => ({
    panels: [{ kind: 'correlation-quad', ...lookOf(option), ...orderIn(session, option('order')) }],
  }),
  match: ({ session }) => ({
    panels: [{ kind: 'matching-curves' }],
    preset: session.choice.resultOf('mutual-information') ? 'nature-double' : 'nature-single',
    ...(session.choice.resultOf('mutual-information')
      ? { columns: 2, panels: [{ kind: 'matching-curves' }, { kind: 'information-scatter' }] }
      : {}),
  }),
  'best-and-worst': () => ({ panels: [{ kind: 'matched-units' }] }),
  'mutual-information': () => ({
    columns: 2,
    panels: [{ kind: 'matching-curves', score: 'mutual-information' }, { kind: 'information-scatter' }],
  }),
  'sparse-map': ({ session, option }) => {
    const alpha = penaltyOf(session, option('alpha'));
    const unit = session.choice.units?.unitB ?? -1;
    return {
      columns: 2,
      panels: [
        { kind: 'mapping-weights', ...alpha },
        { kind: 'mapping-curve' },
        { kind: 'mapping-target', ...alpha, ...(unit >= 0 ? { unit } : {}) },
      ],
    };
  },
  clusters: ({ session, option }) => ({
    columns: 2,
    panels: [
      { kind: 'cluster-joint', ...rangeOf(option('limit')) },
      { kind: 'cluster-averages', ...cutOf(session, option) },
    ],
  }),
  neighbourhoods: () => ({ panels: [{ kind: 'neighbourhood-curve' }], preset: 'nature-single' }),
  subspaces: ({ option }) => ({
    columns: 2,
    panels: [spaceOf(option), { kind: 'canonical-correlations' }],
  }),
  code: () => ({ columns: 2, panels: [{ kind: 'code-scores' }, { kind: 'code-rotations' }] }),
  certainty: () => ({ panels: [{ kind: 'match-certainty' }], preset: 'nature-single' }),
  'many-networks': () => ({ panels: [{ kind: 'convergence' }], preset: 'nature-single' }),
  'layer-map': () => ({ panels: [{ kind: 'layer-map' }], preset: 'nature-single' }),
};

/** Views of words and tables. */
export const viewsWithoutFigure: readonly ViewName[] = viewNames.filter((view) => !(view in figures));

/** The figure of what is on the screen; null where the view has none, or its results are missing. */
export function figureOfView(session: Session, view: ViewName): { name: string; page: PageSpec } | null {
  const { run, a, b, layer } = session.choice;
  const options = session.options.state[view];
  const made = figures[view]?.({ session, option: (key) => options?.[key] });
  if (!run || !made) return null;
  const has = new Set(run.results.map(({ analysis }) => analysis));
  const panels = made.panels.filter(({ kind }) => isPossible(kind, has));
  if (panels.length === 0) return null;
  const isOfRun = view === 'overview' || view === 'many-networks';
  const parsed = pageSpecSchema.safeParse({
    version: 1,
    kind: 'page',
    preset: made.preset ?? 'nature-double',
    source: { run: run.id.slice(0, 16), ...(a && b ? { a, b } : {}), ...(layer ? { layer } : {}) },
    columns: Math.min(made.columns ?? 1, panels.length),
    panels,
  } satisfies PageInput);
  if (!parsed.success) return null;
  const place = isOfRun ? '' : view === 'layer-map' ? `, ${a} – ${b}` : `, ${a} – ${b}, ${layer}`;
  return { name: `${views[view].label}${place}`, page: parsed.data };
}

const isPossible = (kind: PanelKind, has: ReadonlySet<AnalysisName>): boolean =>
  analysesOf[kind].every((analysis) => has.has(analysis));

/** Colours and range of the correlation pictures; what the figure does by itself is left out. */
function lookOf(option: Seen['option']): { colours?: 'paper-grey'; range?: { min: number; max: number } } {
  if (option('colours') !== 'paper-grey') return rangeOf(option('limit'));
  // The view's own limit is 1; the figure's own range in grey is that of the data.
  const limit = option('limit') ?? 1;
  return { colours: 'paper-grey', ...(Number(limit) > 0 ? { range: symmetric(Number(limit)) } : {}) };
}

/** What each order of units is made from. */
const orderNeeds: Partial<Record<OrderName, AnalysisName>> = {
  cluster: 'spectral-clusters',
  convergence: 'many-networks',
};

/** The order of the units, where it is one that the run holds what it needs for: else the view falls back, too. */
function orderIn(session: Session, order: OptionValue | undefined): { order?: OrderName } {
  const name = orderNames.find((known) => known === order);
  if (name === undefined || name === 'unit') return {};
  const needs = orderNeeds[name] ?? 'matching';
  return session.choice.resultOf(needs) ? { order: name } : {};
}

const symmetric = (limit: number) => ({ min: -limit, max: limit });

function rangeOf(limit: OptionValue | undefined): { range?: { min: number; max: number } } {
  return typeof limit === 'number' && limit > 0 && limit !== 1 ? { range: symmetric(limit) } : {};
}

/** The penalty that is shown: the chosen one, else the one of the one-standard-error rule. */
function penaltyOf(session: Session, chosen: OptionValue | undefined): { alpha?: number } {
  const headline = session.choice.resultOf('sparse-mapping')?.headline;
  const points = Array.isArray(headline?.points) ? headline.points : [];
  const stored = points.flatMap((point) => (typeof point === 'number' ? [] : [point.alpha]));
  const alpha = [chosen, headline?.alphaOneSe].find(
    (value): value is number => typeof value === 'number' && stored.includes(value),
  );
  return alpha === undefined ? {} : { alpha };
}

const blankPage = { version: 1, kind: 'page', preset: 'nature-double' } as const;

const spaceKeys = [
  ...['axisX', 'axisY', 'axisZ', 'colouring', 'linksFrom'],
  ...['azimuth', 'elevation', 'zoom', 'targetX', 'targetY', 'targetZ', 'projection'],
];

/**
 * The scene as it stands, camera and all; UMAP's places are not kept, so its units are drawn in the profile they come
 * from. What a figure cannot take is left out.
 */
function spaceOf(option: Seen['option']): PanelInput {
  const frame = option('frame') === 'umap' ? 'profile' : option('frame');
  const [links, hulls, k] = [option('hasLinks'), option('hasHulls'), option('k')];
  const asked = Object.entries({
    frame,
    links,
    hulls,
    k: k === 0 ? undefined : k,
    ...Object.fromEntries(spaceKeys.map((key) => [key, option(key)])),
  });
  const fits = (key: string, value: unknown) => {
    const panels = [{ kind: 'shared-space', [key]: value }];
    return value !== undefined && pageSpecSchema.safeParse({ ...blankPage, panels }).success;
  };
  return {
    kind: 'shared-space',
    ...Object.fromEntries(asked.filter(([key, value]) => fits(key, value))),
  };
}

/** The stored cut that is shown; a cut of the hierarchy has no average inputs, so the nearest stored one stands for it. */
function cutOf(session: Session, option: Seen['option']): { k?: number } {
  const headline = session.choice.resultOf('spectral-clusters')?.headline;
  const cuts = Array.isArray(headline?.cuts) ? headline.cuts : [];
  const stored = cuts.flatMap((cut) => (typeof cut === 'number' ? [] : [cut.k]));
  const chosen = option('k');
  const wanted = typeof chosen === 'number' && chosen > 0 ? chosen : Number(headline?.suggestedK ?? NaN);
  if (stored.length === 0 || Number.isNaN(wanted)) return {};
  const distance = (k: number) => Math.abs(k - wanted);
  return { k: [...stored].sort((x, y) => distance(x) - distance(y) || x - y)[0] };
}
