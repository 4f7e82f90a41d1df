/** What an axis of a tensor may be, with the letter that a recipe has for it (tensor-axes.ts). */
export const axisWords = {
  N: 'input',
  C: 'unit',
  T: 'time',
  H: 'height',
  W: 'width',
  D: 'depth',
  S: 'place',
} as const;
export const axisLetters = Object.keys(axisWords) as (keyof typeof axisWords)[];
