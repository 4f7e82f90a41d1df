import type { AnalysisName } from './domain/recipe.ts';

/** Version of the software, stored with every result; a test keeps it equal to package.json. */
export const version = '0.1.0';

/** Versions of the jobs' answers: raised when the same inputs would give other numbers, so that old ones are not reused. */
export const kernelVersions: Record<AnalysisName | 'capture', number> = {
  capture: 2,
  correlation: 1,
  matching: 1,
  'mutual-information': 2,
  'sparse-mapping': 2,
  'spectral-clusters': 4,
  subspaces: 2,
  code: 1,
  certainty: 1,
  neighbourhoods: 2,
  'many-networks': 2,
  'layer-map': 1,
};
