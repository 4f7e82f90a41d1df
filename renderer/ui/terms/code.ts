import type { Terms } from './term.ts';

/** Local or distributed (methods, section 7). */
export const codeTerms = {
  permutation: {
    label: 'permutation score',
    text: 'How alike the layers are after the best pairing of single units, 0 to 1. Near the rotation score: a local code.',
    formula: 'Σ r(i, π(i)) / √(p q)',
  },
  rotation: {
    label: 'rotation score',
    text: 'How alike the layers are after the best rotation, 0 to 1; never below the permutation score. Far above it: a distributed code.',
    formula: '‖C‖∗ / √(p q), C = r(i, j)',
  },
  linear: {
    label: 'linear score',
    text: 'How alike the layers are after the best invertible maps of both, 0 to 1.',
    formula: 'mean ρ, canonical correlations',
  },
  rotatedMatch: {
    label: 'rotated match',
    text: 'Mean match after the live units of B are turned by a random rotation: what a distributed code would give.',
    formula: 'mean over seeds of mean r(i, π(i)), B turned by a random rotation',
  },
  meanActivation: {
    label: 'mean activation',
    text: 'Mean value of a unit over all samples.',
    formula: 'μ = E[x]',
  },
  sparseness: {
    label: 'lifetime sparseness',
    text: 'How few samples a unit responds to: 0 = to all alike, 1 = to a single one.',
    formula: '(1 − E[|x|]² / E[x²]) / (1 − 1/N)',
  },
  kurtosis: {
    label: 'kurtosis',
    text: 'How heavy the tails are; 3 for a normal distribution.',
    formula: 'E[(y − μ)⁴] / σ⁴',
  },
} as const satisfies Terms;
