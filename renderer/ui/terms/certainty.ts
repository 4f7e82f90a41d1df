import type { Terms } from './term.ts';

/** How sure (methods, section 8). */
export const certaintyTerms = {
  fold: {
    label: 'fold',
    text: 'A part of the images kept apart, so that what is found on one part can be checked on another.',
    formula: 'images = train ∪ test, split by image',
  },
  heldOut: {
    label: 'held-out match',
    text: 'The same pairs scored on images that had no part in choosing them.',
    formula: 'mean of r_test(i, π_train(i))',
  },
  interval: {
    label: 'interval',
    text: 'Range that holds the mean in the given share of resamples of whole images; the pairs are kept.',
    formula: 'percentiles of mean r*(i, π(i)) over resamples of groups of images',
  },
  nullMatch: {
    label: 'null match',
    text: 'Mean match when the images of the two networks are shuffled against each other: what chance gives.',
    formula: 'mean of r(i, π(i)) over shuffles',
  },
  stability: {
    label: 'stability',
    text: 'Share of resamples of the images in which a unit keeps its partner.',
    formula: 'P(π*(i) = π(i))',
  },
  discoveries: {
    label: 'discoveries',
    text: 'Pairs of units whose correlation chance does not explain, with the expected share of false ones held down.',
    formula: '#{(i, j) : q(i, j) ≤ FDR}, Benjamini–Hochberg over all pairs',
  },
  noiseCeiling: {
    label: 'noise ceiling',
    text: 'The highest structure score that the noise between halves of the data leaves likely. It does not bound the mean match.',
    formula: '√( corr(C_A1, C_A2) · corr(C_B1, C_B2) ), 1 and 2 halves of the images',
  },
  effectiveSamples: {
    label: 'effective samples',
    text: 'Independent samples that would scatter as widely as these do; neighbouring positions are alike.',
    formula: '1 / mean over pairs of Var(r under shuffled images)',
  },
  pValue: {
    label: 'p-value',
    text: 'How likely chance alone gives a correlation at least this large: images shuffled against each other where Certainty was run, else Student’s t with the effective number of samples. One-sided.',
    formula: 'P(r₀ ≥ r)',
  },
  qValue: {
    label: 'q-value',
    text: 'The share of false discoveries to expect among all pairs that are at least as unlikely (Benjamini–Hochberg).',
    formula: 'q₍ₖ₎ = min over j ≥ k of p₍ⱼ₎ m / j',
  },
  structure: {
    label: 'structure score',
    text: 'How alike the correlations within A and within B are, over the matched units.',
    formula: 'corr(v(C_A), v(C_B)) across halves, v = entries above the diagonal, matched order',
  },
  rematched: {
    label: 'matched anew',
    text: 'Mean match where every resample of the images chooses its own partners. Choosing the largest of noisy numbers lifts it: it shows that bias, it is no interval of the truth.',
    formula: 'percentiles of max over π of mean r*(i, π(i))',
  },
  splitHalf: {
    label: 'split halves',
    text: 'Partners chosen on one random half of the images and scored on the other, both ways.',
    formula: '½ (mean r₂(i, π₁(i)) + mean r₁(i, π₂(i)))',
  },
  calibrated: {
    label: 'calibrated',
    text: 'A match counts where shuffled images do not explain it, whatever its size.',
    formula: 'q(i, π(i)) ≤ FDR over all pairs of units of the two networks',
  },
  zScore: {
    label: 'z',
    text: 'How many standard deviations over rotations the units’ own match lies above the rotated one.',
    formula: '(mean match − rotated mean) / rotated deviation',
  },
  standardError: {
    label: 'standard error',
    text: 'How much the number would scatter over other images, by leaving out one group of images after the other.',
    formula: '√((g − 1) / g · Σ (θ₋ᵢ − mean θ)²)',
  },
} as const satisfies Terms;
