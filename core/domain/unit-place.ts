import { createRandom, sampleWithoutReplacement } from '../random.ts';
import type { SampleRule } from './recipe.ts';

/** The positions of one image that a random sampling takes: a choice of its own for every image, whatever the batch. */
export function randomPositions(rule: SampleRule, image: number, plane: number): number[] {
  const count = Math.min(rule.count ?? 1, plane);
  return [...sampleWithoutReplacement(plane, count, createRandom(imageSeed(rule.seed ?? 0, image)))];
}

/** Mixes the recipe's seed with the image's index. */
function imageSeed(seed: number, image: number): number {
  return (Math.imul(seed, 0x9e3779b1) ^ Math.imul(image + 1, 0x85ebca6b)) >>> 0;
}

/** Size of a tensor's positions; 1 x 1 where it has none. */
export interface Plane {
  height: number;
  width: number;
}

/** The channel of a tensor that a unit is, or is a position of. */
export function channelOfUnit(rule: SampleRule, unit: number, { height, width }: Plane): number {
  return rule.kind === 'flatten' ? Math.floor(unit / (height * width)) : unit;
}

/**
 * The position (row by row) that a sample of a unit was taken at; null where it is of all positions: a mean, or a
 * maximum whose place only the activations tell.
 */
export function placeOfSample(
  rule: SampleRule,
  unit: number,
  image: number,
  position: number,
  { height, width }: Plane,
): number | null {
  switch (rule.kind) {
    case 'position':
      return position;
    case 'image':
      return 0;
    case 'centre':
      return (height >> 1) * width + (width >> 1);
    case 'class-token':
      return 0;
    case 'last-token':
      return height * width - 1;
    case 'flatten':
      return unit % (height * width);
    case 'random':
      return randomPositions(rule, image, height * width)[position] ?? null;
    case 'image-mean':
    case 'image-max':
      return null;
  }
}
