/** Terms of art: what they mean, and their formula (methods, sections 1 and 2). */
export const terms = {
  correlation: {
    label: 'correlation',
    text: 'How alike two units respond: 1 = in proportion, 0 = unrelated, −1 = opposite. A dead unit has 0.',
    formula: 'r = E[(x − μx)(y − μy)] / (σx σy)',
  },
  semiMatch: {
    label: 'semi-match',
    text: 'For each unit of A, the unit of B it correlates with most. A unit of B may be taken more than once.',
    formula: 's(i) = argmaxⱼ r(i, j)',
  },
  match: {
    label: 'match',
    text: 'The one-to-one pairing with the largest total correlation; each unit of B is used at most once.',
    formula: 'max over π of Σᵢ r(i, π(i))',
  },
  agreement: {
    label: 'agreement',
    text: 'Share of matched units whose match is also their semi-match: the unit of B they correlate with most.',
    formula: '#{i : π(i) = s(i)} / #{i matched}',
  },
  deadUnit: {
    label: 'dead units',
    text: 'Units that give the same value for every sample. Their correlations are 0 by definition here.',
    formula: 'σ = 0',
  },
  fold: {
    label: 'fold',
    text: 'A part of the images kept apart, so that what is found on one part can be checked on another.',
    formula: 'images = train ∪ test, split by image',
  },
  score: {
    label: 'score',
    text: 'What the match adds up: the correlation as it is, or its size, so that opposite units may match.',
    formula: 'r(i, j), or |r(i, j)|',
  },
  provider: {
    label: 'provider',
    text: 'What runs the networks. The fastest one that works here is used, and the result says which it was.',
    formula: undefined,
  },
  samples: {
    label: 'samples',
    text: 'Values per unit. In a convolutional layer every position of every image is one sample.',
    formula: 'N = images × positions',
  },
} as const;
export type TermName = keyof typeof terms;
