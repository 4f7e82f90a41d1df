import type { Terms } from './term.ts';

/** Few-to-one (methods, section 4). */
export const sparseMappingTerms = {
  alpha: {
    label: 'alpha',
    text: 'The penalty: the larger it is, the fewer source units each target may use.',
    formula: 'min over w of ½ E[(y − w·x)²] + α Σ|w|',
  },
  loss: {
    label: 'loss',
    text: 'Half the squared error that is left, y standardised; mean over live targets. Predicting nothing scores .5.',
    formula: 'loss = ½ E[(y − ŷ)²],  R² = 1 − 2 loss',
  },
  explained: {
    label: 'R²',
    text: 'Share of the target’s variance that its sources explain together. 1 = all of it.',
    formula: 'R² = 1 − 2 loss = 1 − E[(y − ŷ)²] / Var(y)',
  },
  sparseWeight: {
    label: 'weight',
    text: 'How much a source counts in the sum that predicts the target; both are standardised. Among alike sources the choice is nearly arbitrary.',
    formula: 'ŷ = Σⱼ wⱼ xⱼ',
  },
  oneStandardError: {
    label: 'one-standard-error rule',
    text: 'The largest alpha whose cross-validated loss is within one standard error of the least: as sparse as the data cannot tell from the best.',
    formula: 'max α : CV(α) ≤ min CV + SE(min)',
  },
  randomSources: {
    label: 'random sources',
    text: 'As many sources as the mapping used, drawn at random and fitted by least squares.',
    formula: 'min ½ E[(y − w·x_S)²], S random, #S = #{j : wⱼ ≠ 0}',
  },
  sources: {
    label: 'sources',
    text: 'Units of A with a weight that is not 0, for a unit of B.',
    formula: '#{j : wⱼ ≠ 0}',
  },
  sourcesNeeded: {
    label: 'sources needed',
    text: 'The fewest sources with which a unit is explained nearly as well as with all of them.',
    formula: 'min #{j : wⱼ ≠ 0} with R² ≥ 0.9 R²(least squares)',
  },
} as const satisfies Terms;
