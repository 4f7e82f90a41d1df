import type { Terms } from './term.ts';

/** What is measured, and on what. */
export const generalTerms = {
  deadUnit: {
    label: 'dead units',
    text: 'Units that give the same value for every sample. Their correlations are 0 by definition here.',
    formula: 'σ = 0',
  },
  score: {
    label: 'score',
    text: 'What the match adds up: the correlation as it is, or its size, so that opposite units may match.',
    formula: 'r(i, j), or |r(i, j)|',
  },
  provider: {
    label: 'provider',
    text: 'What runs the networks. The fastest one that works here is used, and the result says which it was.',
    formula: 'asked → used, with the reason where they differ',
  },
  samples: {
    label: 'samples',
    text: 'Values per unit. In a convolutional layer every position of every image is one sample.',
    formula: 'N = images × positions',
  },
  count: {
    label: 'count',
    text: 'How many there are.',
    formula: 'n',
  },
  receptiveField: {
    label: 'receptive field',
    text: 'The part of the input that one position of a unit depends on. Pictures are cut to it where the unit answers most.',
    formula: 'size + d (k − 1) jump, jump · stride, layer by layer',
  },
  filter: {
    label: 'filter',
    text: 'The weights of a unit that reads the input itself. Grey is 0; white and black are the largest weights of either sign.',
    formula: 'y = f(w ∗ x + b)',
  },
} as const satisfies Terms;
