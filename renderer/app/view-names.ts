/** The views, in the paper's order: statistics, one-to-one, few-to-one, many-to-many, spaces, codes. */
export const viewNames = [
  'overview',
  'correlation',
  'match',
  'best-and-worst',
  'mutual-information',
  'sparse-map',
  'clusters',
  'neighbourhoods',
  'subspaces',
  'code',
  'certainty',
  'many-networks',
  'layer-map',
  'data',
  'validation',
  'methods',
  'figures',
] as const;
export type ViewName = (typeof viewNames)[number];
