import type { SampleKind } from '#core/domain/recipe.ts';

/** Ways of making samples that this page offers, with what they mean. */
export const sampleChoices: { kind: SampleKind; label: string; means: string }[] = [
  {
    kind: 'position',
    label: 'every position',
    means: 'Each position of each image is a sample; channels are units.',
  },
  { kind: 'image', label: 'one per image', means: 'The layer has one value per unit and image.' },
  { kind: 'image-mean', label: 'image mean', means: 'The mean over positions: one sample per image.' },
  {
    kind: 'image-max',
    label: 'image maximum',
    means: 'The largest value over positions: one sample per image.',
  },
  {
    kind: 'centre',
    label: 'centre position',
    means: 'The value at the central position: one sample per image.',
  },
  {
    kind: 'class-token',
    label: 'class token',
    means: 'The first token of a transformer: one sample per input.',
  },
  { kind: 'last-token', label: 'last token', means: 'The last token: one sample per input.' },
  {
    kind: 'random',
    label: 'random positions',
    means: 'A seeded choice of positions in each input, the same in every network.',
  },
  { kind: 'flatten', label: 'flattened', means: 'Each channel at each position is a unit of its own.' },
];
