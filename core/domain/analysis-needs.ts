import type { RecipeAnalysis } from './recipe.ts';

/** What an analysis reads besides the moments of the folds. */
export interface AnalysisNeeds {
  /** A result for every pair of networks and layer, one for all networks of a layer, or one for a pair's layers. */
  scope: 'pair' | 'group' | 'layers';
  /** Moments of disjoint random groups of images. */
  blocks: boolean;
  /** Moments with the images of the networks shuffled against each other. */
  shuffles: boolean;
  /** A sample of activations. */
  sample: boolean;
  /** Joint histograms with so many bins (second pass); 0: none. */
  bins: number;
  /** Those of a random half of the images too. */
  halves: boolean;
  /** Sums of products of squared norms (second pass). */
  squaredNorms: boolean;
  /** The average input of every unit, where the inputs are images. */
  averageInputs: boolean;
}

const momentsAlone: AnalysisNeeds = {
  scope: 'pair',
  blocks: false,
  shuffles: false,
  sample: false,
  bins: 0,
  halves: false,
  squaredNorms: false,
  averageInputs: false,
};

/** Bins of the mutual information that clusters may be made of. */
const affinityBins = 10;

export function needsOf(analysis: RecipeAnalysis): AnalysisNeeds {
  switch (analysis.name) {
    case 'correlation':
    case 'matching':
    case 'code':
    case 'neighbourhoods':
      return momentsAlone;
    case 'mutual-information':
      return { ...momentsAlone, bins: analysis.bins };
    case 'sparse-mapping':
      return { ...momentsAlone, blocks: true };
    case 'spectral-clusters':
      return {
        ...momentsAlone,
        scope: analysis.group === 'all' ? 'group' : 'pair',
        blocks: true,
        averageInputs: true,
        bins: analysis.affinity === 'mutual-information' ? affinityBins : 0,
        halves: analysis.affinity === 'mutual-information',
      };
    case 'subspaces':
      return {
        ...momentsAlone,
        blocks: true,
        sample: analysis.methods.some((method) => method === 'rbf-cka' || method === 'rsa'),
        squaredNorms: analysis.methods.includes('cka'),
      };
    case 'certainty':
      return { ...momentsAlone, blocks: true, shuffles: true };
    case 'many-networks':
      return { ...momentsAlone, scope: 'group', blocks: true, shuffles: true };
    case 'layer-map':
      return { ...momentsAlone, scope: 'layers' };
  }
}

/** All that a set of analyses needs; its scope means nothing. */
export function jointNeeds(analyses: readonly RecipeAnalysis[]): AnalysisNeeds & { layerMap: boolean } {
  const all = analyses.map(needsOf);
  const some = (key: 'blocks' | 'shuffles' | 'sample' | 'halves' | 'squaredNorms' | 'averageInputs') =>
    all.some((needs) => needs[key]);
  return {
    scope: 'pair',
    blocks: some('blocks'),
    shuffles: some('shuffles'),
    sample: some('sample'),
    bins: Math.max(0, ...all.map((needs) => needs.bins)),
    halves: some('halves'),
    squaredNorms: some('squaredNorms'),
    averageInputs: some('averageInputs'),
    layerMap: all.some((needs) => needs.scope === 'layers'),
  };
}

/** Every two of the networks, and each with itself, by ascending index. */
export function networkPairs(networks: readonly number[]): [number, number][] {
  const order = [...networks].sort((x, y) => x - y);
  return order.flatMap((a, index) => order.slice(index).map((b): [number, number] => [a, b]));
}
