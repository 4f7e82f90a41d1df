import type { AnalysisName } from '#core/domain/recipe.ts';

export interface AnalysisWords {
  label: string;
  /** What it answers, in one line. */
  hint: string;
}

export const analysisWords: Record<AnalysisName, AnalysisWords> = {
  correlation: { label: 'Correlation', hint: 'Every unit of A against every unit of B.' },
  matching: { label: 'Match', hint: 'Which unit of B is which unit of A, one-to-one.' },
  'mutual-information': {
    label: 'Mutual information',
    hint: 'Shared information, also where it is not linear. Reads the data a second time.',
  },
  'sparse-mapping': { label: 'Sparse map', hint: 'How few units of A predict each unit of B.' },
  'spectral-clusters': { label: 'Clusters', hint: 'Groups of units that span both networks.' },
  subspaces: { label: 'Subspaces', hint: 'How much of the spaces the units span is shared (CCA, CKA, ...).' },
  code: { label: 'Code', hint: 'Whether single units or only their combinations are shared.' },
  certainty: { label: 'Certainty', hint: 'Intervals, a null of shuffled images, and held-out scores.' },
  neighbourhoods: {
    label: 'Neighbourhoods',
    hint: 'Sets of units that express each other within a tolerance.',
  },
  'many-networks': {
    label: 'Many networks',
    hint: 'Which units are found in all, some or one of the networks.',
  },
  'layer-map': { label: 'Layer map', hint: 'Which layer of B is most like each layer of A.' },
};

/** Cheap next to the pass over the data, and what most questions need. */
export const defaultAnalyses: readonly AnalysisName[] = [
  'correlation',
  'matching',
  'spectral-clusters',
  'subspaces',
  'code',
  'certainty',
];
