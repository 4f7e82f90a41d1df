import type { Terms } from './term.ts';

/** Mutual information (methods, section 3). */
export const informationTerms = {
  mutualInformation: {
    label: 'mutual information',
    text: 'How much one unit tells of the other, linear or not, in nats (1 nat = 1.44 bits), from values sorted into bins. 0 = independent.',
    formula: 'I = Σ p(x, y) ln[p(x, y) / (p(x) p(y))]',
  },
  corrected: {
    label: 'corrected',
    text: 'With the bias of few samples taken off (Miller–Madow). K counts the occupied cells of the joint table and of its two sides.',
    formula: 'I − (Kxy − Kx − Ky + 1) / (2N)',
  },
  nullInformation: {
    label: 'information of shuffled images',
    text: 'Mean over all pairs of units when the images of the two networks are shuffled against each other: what binning gives without any relation.',
    formula: 'mean of I₀(i, j)',
  },
  nullInformationMatch: {
    label: 'match of shuffled images',
    text: 'Mean match by information when the images are shuffled: what choosing the best pairs gives by chance.',
    formula: 'mean of I₀(i, π₀(i))',
  },
  entropy: {
    label: 'entropy',
    text: 'How much there is to know of a unit’s bin, in nats, mean over units: no pair can share more than either has.',
    formula: 'H = −Σ p(x) ln p(x)',
  },
  bins: {
    label: 'bins',
    text: 'Values of a unit are sorted into so many bins: 0 alone and the rest equally full where no value is negative, else all equally full.',
    formula: 'bin(x) = 0 for x < 10⁻⁶, else 1 + #{k : percentile(100 k / 9) < x}',
  },
} as const satisfies Terms;

/** Those that name nats, as they read where bits are shown. */
export const informationInBits = {
  mutualInformation: {
    text: 'How much one unit tells of the other, linear or not, in bits (1 bit = 0.69 nats), from values sorted into bins. 0 = independent.',
    formula: 'I = Σ p(x, y) log₂[p(x, y) / (p(x) p(y))]',
  },
  entropy: {
    text: 'How much there is to know of a unit’s bin, in bits, mean over units: no pair can share more than either has.',
    formula: 'H = −Σ p(x) log₂ p(x)',
  },
} as const;
