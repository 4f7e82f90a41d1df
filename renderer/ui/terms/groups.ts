import type { Terms } from './term.ts';

/** Many-to-many: clusters and sets of units (methods, sections 4 and 5). */
export const groupsTerms = {
  eigenvalue: {
    label: 'eigenvalue',
    text: 'Of the graph of units: near 0 for each group that is nearly cut off from the rest.',
    formula: 'L v = λ v',
  },
  eigengap: {
    label: 'suggested number',
    text: 'The number of groups before the largest gap of the eigenvalues.',
    formula: 'argmaxₖ λₖ₊₁ − λₖ',
  },
  hierarchy: {
    label: 'hierarchy',
    text: 'Ward’s tree of the units in the space of the smallest eigenvectors: it can be cut into any number of groups.',
    formula: 'd(S, T) = √(2 |S| |T| / (|S| + |T|)) ‖mean S − mean T‖',
  },
  cutStability: {
    label: 'stability of a cut',
    text: 'How alike the groups are to those found on resampled images, beyond chance. 1 = always the same.',
    formula: 'mean adjusted Rand index over resamples',
  },
  averageInput: {
    label: 'average input',
    text: 'The inputs averaged with the group’s activation as weight, less the plain average: which pixels are higher (or lower) than usual when the group is active.',
    formula: 'mean over images of z(group) · (x − μx), z = mean of its units’ (y − μy) / σy',
  },
  groupStability: {
    label: 'stability',
    text: 'How alike this group is to the nearest group found on resampled images, as shared units over all units of both. 1 = always the same.',
    formula: 'mean over resamples of max |C ∩ C′| / |C ∪ C′|',
  },
  balance: {
    label: 'balance',
    text: 'How evenly the networks share the group: 1 = each gives the same part of its units, 0 = one gives all.',
    formula: 'entropy of the networks’ shares / ln(networks)',
  },
  withinBetween: {
    label: 'within, between',
    text: 'Mean correlation of the group’s units with each other, and with units outside.',
    formula: 'mean r(i, j), both in C; one in C',
  },
  ncut: {
    label: 'normalised cut',
    text: 'Weight of the edges that leave a group, relative to all of its edges, added up. 0 = groups apart.',
    formula: 'Σ cut(C) / vol(C)',
  },
  epsilon: {
    label: 'epsilon',
    text: 'The tolerance: how far a unit may be from what the set of the other network spans, as a share of its length; means are kept.',
    formula: 'dist(x, span Y) ≤ ε ‖x‖',
  },
  maximumMatch: {
    label: 'maximum match',
    text: 'The largest sets of units of both networks in which each unit lies within the tolerance of the span of the other set; it contains every other match. Its share is of the units that are not always 0.',
    formula: '(|X*| + |Y*|) / (units A + units B)',
  },
  simpleMatch: {
    label: 'simple match',
    text: 'A match of sets that holds a given unit and contains no smaller one that does.',
    formula: '(X, Y) ∋ v a match, no (X′, Y′) ∋ v with X′ ⊂ X, Y′ ⊂ Y a match',
  },
  zeroUnits: {
    label: 'units that are always 0',
    text: 'They have no direction: they lie in every span and span nothing, and are left out of sets and totals.',
    formula: 'E[x²] = 0',
  },
  forced: {
    label: 'forced correlations',
    text: 'Canonical correlations that are 1 whatever the data, because there are too few samples.',
    formula: 'max(0, rank A + rank B − (N − 1))',
  },
} as const satisfies Terms;
