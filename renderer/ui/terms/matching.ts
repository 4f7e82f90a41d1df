import type { Terms } from './term.ts';

/** Single units and their one-to-one matches (methods, sections 1 and 2). */
export const matchingTerms = {
  correlation: {
    label: 'correlation',
    text: 'How alike two units respond: 1 = in proportion, 0 = unrelated, −1 = opposite. A dead unit has 0.',
    formula: 'r = E[(x − μx)(y − μy)] / (σx σy)',
  },
  semiMatch: {
    label: 'semi-match',
    text: 'For each unit of A, the unit of B with the largest score: correlation, unless information is matched. A unit of B may be taken more than once.',
    formula: 's(i) = argmaxⱼ r(i, j)',
  },
  match: {
    label: 'match',
    text: 'The one-to-one pairing with the largest total score (correlation, unless information is matched); each unit of B is used at most once.',
    formula: 'max over π of Σᵢ r(i, π(i))',
  },
  agreement: {
    label: 'agreement',
    text: 'Share of matched units whose match is also their semi-match: the unit of B they correlate with most.',
    formula: '#{i : π(i) = s(i)} / #{i matched}',
  },
  matchMean: {
    label: 'mean match',
    text: 'Mean score over the matched pairs.',
    formula: 'mean of r(i, π(i))',
  },
  semiMean: {
    label: 'mean semi-match',
    text: 'Mean over all units of A of the score of their best partner; a dead unit counts 0.',
    formula: 'mean of maxⱼ r(i, j)',
  },
  withCorrelation: {
    label: 'agreement with correlation',
    text: 'Share of matched units that a matching by correlation gives the same partner.',
    formula: '#{i : π_I(i) = π_r(i)} / #{i matched}',
  },
} as const satisfies Terms;
