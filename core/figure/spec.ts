import { orderNames, type OrderName } from '../domain/unit-orders.ts';
import { z } from 'zod';
import { homeCamera } from '../scene3d/camera.ts';
import { fontFamilies } from './scene.ts';
import { presetNames } from './presets.ts';

/** Version of the spec's shape. A spec of a later version is refused by the literal below. */
export const figureSpecVersion = 1;

const provenance = z.strictObject({
  project: z.string().max(500),
  resultIds: z.array(z.string().min(1).max(100)).max(10_000),
  software: z.string().max(200),
});

const range = z
  .strictObject({ min: z.number(), max: z.number() })
  .refine((value) => value.min < value.max, { error: 'The range needs min below max.' });
export type ValueRange = z.infer<typeof range>;

/** Type in place of the preset's; sizes in pt. */
const type = z.strictObject({
  /** `sans`: as Arial; `serif`: as Times New Roman. */
  family: z.enum(fontFamilies).optional(),
  textPt: z.number().min(3).max(72).optional(),
  smallPt: z.number().min(3).max(72).optional(),
  letterPt: z.number().min(3).max(72).optional(),
  linePt: z.number().min(0.05).max(10).optional(),
});
export type TypeSizes = z.infer<typeof type>;

const common = {
  version: z.literal(figureSpecVersion),
  preset: z.enum(presetNames),
  /** Replaces the preset's width. */
  widthMm: z.number().min(30).max(1000).optional(),
  /** Replaces the height that follows from the width. Heat maps keep square panels and ignore it. */
  heightMm: z.number().min(20).max(1000).optional(),
  title: z.string().max(300).optional(),
  type: type.optional(),
  provenance,
};

const colourMap = z.enum(['diverging', 'paper-grey', 'viridis']);

/** Options of every kind of panel: how it looks. What it shows comes from its source. */
const options = {
  /** Figure 1 of the paper: correlations within A, within B, between, and between in matched order. */
  'correlation-quad': {
    colours: z.enum(['diverging', 'paper-grey']).default('diverging'),
    /** Default -1..1; for `paper-grey` the smallest and largest value, as in the paper. */
    range: range.optional(),
    /** Of the units along every side; the last panel has the matches of these on its diagonal. */
    order: z.enum(orderNames).default('unit'),
  },
  /** Figure 2: the best and worst matched units with their top inputs. */
  'matched-units': {
    /** Pairs shown at either end. */
    count: z.int().min(1).max(24).default(8),
    /** Top inputs of each unit, in a square: 1, 4, 9. */
    inputs: z.union([z.literal(1), z.literal(4), z.literal(9)]).default(9),
  },
  /** Figure 3: semi-match and match value of every unit. */
  'matching-curves': {
    score: z.enum(['correlation', 'mutual-information']).default('correlation'),
    /** `semi`: one order, by semi-match value, for both. `each`: both sorted by themselves. */
    order: z.enum(['semi', 'each']).default('semi'),
  },
  /** Figure 4: mean semi-match and match per layer over all network pairs. */
  'layer-means': {
    /** One dot per network pair. */
    dots: z.boolean().default(true),
  },
  /** Figure 5: the weights of the sparse mapping, targets by sources. */
  'mapping-weights': {
    /** Penalty; default the largest that leaves a median of at most eight sources, or the largest of all. */
    alpha: z.number().positive().optional(),
    colours: z.enum(['diverging', 'paper-grey']).default('diverging'),
    range: range.optional(),
  },
  /** Loss against the number of sources, with what bounds it. */
  'mapping-curve': {},
  /** One target and the sources that predict it. */
  'mapping-target': {
    alpha: z.number().positive().optional(),
    /** Unit of B; default the one that gains most over its best single source. */
    unit: z.int().min(0).optional(),
    /** Sources shown, by weight. */
    count: z.int().min(1).max(40).default(10),
    /** Top inputs shown of the target and of every source, where they are stored: 0, 1, 4, 9. */
    inputs: z.union([z.literal(0), z.literal(1), z.literal(4), z.literal(9)]).default(4),
  },
  /** Activation-weighted average input of every cluster and network. */
  'cluster-averages': { k: z.int().min(1).max(500).optional() },
  /** Dendrogram of both networks' units over their reordered correlation matrix. */
  'cluster-joint': {
    colours: z.enum(['diverging', 'paper-grey']).default('diverging'),
    range: range.optional(),
    /** Groups that the dendrogram is cut into, marked on the matrix; 1: none. Default as many as the clusters stored. */
    k: z.int().min(1).max(500).optional(),
  },
  /** Mutual information against correlation of every unit's match. */
  'information-scatter': {},
  /** Cumulative distribution of the units' mean activations, a curve a network. */
  'activation-means': {},
  /** Likeness of every layer of A with every layer of B. */
  'layer-map': { colours: colourMap.default('viridis'), range: range.optional() },
  /** Canonical correlations of the two layers' spaces. */
  'canonical-correlations': {},
  /** Units of both networks in three dimensions: where the window's view of subspaces puts them. */
  'shared-space': {
    /**
     * `aligned`: by correlation with the directions that both networks share; `own`: each network in its principal
     * components; `profile`: by likeness of correlations with all units.
     */
    frame: z.enum(['aligned', 'own', 'profile']).default('aligned'),
    /** Of the frame, from 0. */
    axisX: z.int().min(0).max(63).default(0),
    axisY: z.int().min(0).max(63).default(1),
    axisZ: z.int().min(0).max(63).default(2),
    /** What the colour of a unit tells; its network is its shape. */
    colouring: z.enum(['network', 'cluster', 'convergence', 'match', 'mean']).default('network'),
    /** Number of clusters, for their colours and hulls; default the smallest stored cut. */
    k: z.int().min(1).max(500).optional(),
    /** Lines between matched units whose correlation is at least `linksFrom`. */
    links: z.boolean().default(true),
    linksFrom: z.number().min(-1).max(1).default(0.5),
    /** Translucent bodies around the clusters. */
    hulls: z.boolean().default(false),
    /** The camera, as the window writes it: degrees round the vertical axis and up, and how much nearer. */
    azimuth: z.number().min(-360).max(360).default(homeCamera.azimuth),
    elevation: z.number().min(-89).max(89).default(homeCamera.elevation),
    zoom: z.number().min(0.25).max(40).default(homeCamera.zoom),
    /** The point in the middle of the picture. */
    targetX: z.number().min(-2).max(2).default(0),
    targetY: z.number().min(-2).max(2).default(0),
    targetZ: z.number().min(-2).max(2).default(0),
    projection: z.enum(['perspective', 'orthographic']).default(homeCamera.projection),
  },
  /** Every matched unit's correlation with its interval, over what chance gives. */
  'match-certainty': {},
  /** Likeness after the best permutation, rotation and linear map. */
  'code-scores': {},
  /** Matching after random rotations against matching of the units themselves. */
  'code-rotations': {},
  /** Share of units found in all, some or one of the networks, by layer. */
  convergence: {},
  /** Share of units in maximum matches against epsilon, a curve a layer. */
  'neighbourhood-curve': {},
} as const;

export type PanelKind = keyof typeof options;
export const panelKindNames = Object.keys(options) as PanelKind[];

const name = z.string().min(1).max(200);

/** Which networks and layer of the run a panel shows; what is left out comes from the page, then from the run. */
const source = {
  a: name.optional(),
  b: name.optional(),
  layer: name.optional(),
};

const placement = {
  title: z.string().max(300).optional(),
  /** Columns of the page's grid that it spans; panels follow each other row by row. */
  span: z.int().min(1).max(12).default(1),
  /** Begins a new row. */
  newRow: z.boolean().default(false),
  /** Instead of the next letter; empty for none. */
  letter: z.string().max(4).optional(),
  heightMm: z.number().min(10).max(1000).optional(),
};

function panelSchema<K extends PanelKind>(kind: K) {
  return z.strictObject({ kind: z.literal(kind), ...placement, ...source, ...options[kind] });
}

const panel = z.discriminatedUnion('kind', [
  panelSchema('correlation-quad'),
  panelSchema('matched-units'),
  panelSchema('matching-curves'),
  panelSchema('layer-means'),
  panelSchema('mapping-weights'),
  panelSchema('mapping-curve'),
  panelSchema('mapping-target'),
  panelSchema('cluster-averages'),
  panelSchema('cluster-joint'),
  panelSchema('information-scatter'),
  panelSchema('activation-means'),
  panelSchema('layer-map'),
  panelSchema('canonical-correlations'),
  panelSchema('shared-space'),
  panelSchema('match-certainty'),
  panelSchema('code-scores'),
  panelSchema('code-rotations'),
  panelSchema('convergence'),
  panelSchema('neighbourhood-curve'),
]);
export type PanelSpec = z.infer<typeof panel>;
export type PanelOf<K extends PanelKind> = Extract<PanelSpec, { kind: K }>;

/** Panels on a grid, the figure as it is kept in a file: it names what to show, not the numbers. */
const page = z.strictObject({
  ...common,
  kind: z.literal('page'),
  provenance: provenance.optional(),
  /** Defaults of all panels; `run`: id of a run, or how it begins (default: the newest run). */
  source: z.strictObject({ run: z.string().min(1).max(100).optional(), ...source }).default({}),
  columns: z.int().min(1).max(12).default(1),
  /** Between columns and between rows; default 1.5 lines of text. */
  gapMm: z.number().min(0).max(100).optional(),
  letters: z.enum(['lower', 'upper', 'none']).optional(),
  panels: z.array(panel).min(1).max(40),
});
export const pageSpecSchema = page;
/** A page with its defaults filled in. */
export type PageSpec = z.infer<typeof page>;
/** A page as a person writes it. */
export type PageInput = z.input<typeof page>;

const single = <K extends PanelKind>(kind: K) =>
  z.strictObject({ ...common, kind: z.literal(kind), ...options[kind] });

const heatmap = z.strictObject({
  ...common,
  kind: z.literal('heatmap'),
  colours: colourMap.default('diverging'),
  /** Default: -1..1 for `diverging`, else the smallest and largest finite value. */
  range: range.optional(),
});

export const figureSpecSchema = z.discriminatedUnion('kind', [
  single('correlation-quad'),
  single('matching-curves'),
  single('layer-means'),
  heatmap,
  page,
]);

/** A spec with its defaults filled in. */
export type FigureSpec = z.infer<typeof figureSpecSchema>;
export type SpecOf<K extends FigureSpec['kind']> = Extract<FigureSpec, { kind: K }>;

/** Options as layouts see them, of a figure of its own or of a panel. */
interface Titled {
  title?: string;
}
export interface CorrelationQuadOptions extends Titled {
  colours: 'diverging' | 'paper-grey';
  range?: ValueRange;
  order: OrderName;
}
export interface MatchingCurvesOptions extends Titled {
  order: 'semi' | 'each';
}
export interface LayerMeansOptions extends Titled {
  dots: boolean;
}
export interface HeatmapOptions extends Titled {
  colours: z.infer<typeof colourMap>;
  range?: ValueRange;
}
