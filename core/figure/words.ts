import type { SampleKind } from '../domain/recipe.ts';
import type { Sampling, ShownScore } from './data.ts';
import type { ValueRange } from './spec.ts';
import { formatCount, formatNumber } from './ticks.ts';

/** Words that captions share. */

const kindWords: Record<SampleKind, string> = {
  position: 'every image and position is a sample',
  image: 'every image is a sample',
  'image-mean': 'mean over the positions of each image',
  'image-max': 'maximum over the positions of each image',
  centre: 'central position of each image',
  flatten: 'every channel at every position is a unit',
  random: 'a seeded random subset of positions of each image',
  'class-token': 'first token (class token) of each input',
  'last-token': 'last token of each input',
};

export function samplingWords({ images, samples, kind }: Sampling): string {
  const count = samples === images ? '' : `${formatCount(samples)} samples from `;
  return `${count}${formatCount(images)} images (${kindWords[kind]})`;
}

export function deadWords(data: {
  networkA: string;
  networkB: string;
  deadA: number;
  deadB: number;
}): string {
  if (data.deadA + data.deadB === 0) return 'No unit is dead (constant).';
  const counts = `${data.deadA} in ${data.networkA}, ${data.deadB} in ${data.networkB}`;
  return `Dead (constant) units, whose correlations count as 0: ${counts}.`;
}

export const scoreWords: Record<ShownScore, string> = {
  'mutual-information': 'mutual information in nats',
  correlation: 'Pearson correlation r',
  'absolute-correlation': 'absolute Pearson correlation |r|',
};

const colourWords = {
  diverging: ['blue', 'red'],
  'paper-grey': ['black', 'white'],
  viridis: ['dark violet', 'yellow'],
} as const;

export function rangeWords(colours: keyof typeof colourWords, range: ValueRange): string {
  const ends = colourWords[colours];
  const text = (value: number): string =>
    Number.isInteger(value) ? formatNumber(value, 0) : formatNumber(value, 2);
  return `from ${text(range.min)} (${ends[0]}) to ${text(range.max)} (${ends[1]})`;
}
