import { z } from 'zod';
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

const common = {
  version: z.literal(figureSpecVersion),
  preset: z.enum(presetNames),
  /** Replaces the preset's width. */
  widthMm: z.number().min(30).max(1000).optional(),
  /** Replaces the height that follows from the width. Heat maps keep square panels and ignore it. */
  heightMm: z.number().min(20).max(1000).optional(),
  title: z.string().max(300).optional(),
  provenance,
};

/** Figure 1 of the paper: correlations within A, within B, between, and between in matched order. */
const correlationQuad = z.strictObject({
  ...common,
  kind: z.literal('correlation-quad'),
  colours: z.enum(['diverging', 'paper-grey']).default('diverging'),
  /** Default -1..1; for `paper-grey` the smallest and largest value, as in the paper. */
  range: range.optional(),
});

/** Figure 3 of the paper: semi-match and match value of every unit. */
const matchingCurves = z.strictObject({
  ...common,
  kind: z.literal('matching-curves'),
  /** `semi`: one order, by semi-match value, for both. `each`: both sorted by themselves. */
  order: z.enum(['semi', 'each']).default('semi'),
});

/** Figure 4 of the paper: mean semi-match and match per layer over all network pairs. */
const layerMeans = z.strictObject({
  ...common,
  kind: z.literal('layer-means'),
  /** One dot per network pair. */
  dots: z.boolean().default(true),
});

const heatmap = z.strictObject({
  ...common,
  kind: z.literal('heatmap'),
  colours: z.enum(['diverging', 'paper-grey', 'viridis']).default('diverging'),
  /** Default: -1..1 for `diverging`, else the smallest and largest finite value. */
  range: range.optional(),
});

export const figureSpecSchema = z.discriminatedUnion('kind', [
  correlationQuad,
  matchingCurves,
  layerMeans,
  heatmap,
]);

/** A spec with its defaults filled in. */
export type FigureSpec = z.infer<typeof figureSpecSchema>;
export type CorrelationQuadSpec = z.infer<typeof correlationQuad>;
export type MatchingCurvesSpec = z.infer<typeof matchingCurves>;
export type LayerMeansSpec = z.infer<typeof layerMeans>;
export type HeatmapSpec = z.infer<typeof heatmap>;
