import type { SampleRule } from '#core/domain/recipe.ts';
import { AppError } from '#core/errors.ts';
import { randomPositions } from '#core/domain/unit-place.ts';
import type { TokenMask } from '../data/token-mask.ts';

/** How one tensor becomes samples x units: [images, units, positions] after the reduction the rule asks for. */
export interface SamplingPlan {
  /** Dimensions of the tensor without the sample axis. */
  channels: number;
  height: number;
  width: number;
  units: number;
  positions: number;
  /** Null where the tensor's own layout already is [images, units, positions]; `images` are their indices. */
  reduce: ((values: Float32Array, images: Int32Array, out: Float32Array) => void) | null;
  /** Where positions are samples, those that are; null: all. */
  mask: TokenMask | null;
  /** Whether padding is left out, of the samples or of what each is made of. */
  isMasked: boolean;
}

/** Units and positions of a tensor whose first axes are units: [height x width], rows taking every axis but the last. */
export function layoutOf(
  dims: readonly number[],
  unitAxes: number,
): { channels: number; height: number; width: number } {
  const product = (sizes: readonly number[]) => sizes.reduce((all, size) => all * size, 1);
  const positions = dims.slice(unitAxes);
  return {
    channels: product(dims.slice(0, unitAxes)),
    height: product(positions.slice(0, -1)),
    width: positions.at(-1) ?? 1,
  };
}

/**
 * Plans the sampling of a tensor of shape [N, units, positions] with as many axes of units and of positions as it has
 * (methods: Notation).
 *
 * @param unitAxes how many axes after the first are units
 * @param mask which positions count; null: all
 * @throws AppError `bad-recipe` when the rule does not apply to the shape; the sentence names layer and remedy.
 */
export function planSampling(
  shape: readonly number[],
  rule: SampleRule,
  layer: string,
  label: string,
  unitAxes = 1,
  mask: TokenMask | null = null,
): SamplingPlan {
  if (shape.length < 1 + unitAxes) {
    throw new AppError(
      'not-available',
      `Layer ${layer}: ${label} has shape [${['N', ...shape.slice(1)].join(', ')}], which has no units; choose another tensor.`,
    );
  }
  const sizes = layoutOf(shape.slice(1), unitAxes);
  const { channels, height, width } = sizes;
  const plane = height * width;
  const masked = plane > 1 ? mask : null;
  if (masked) requireFits(masked, rule, sizes, layer, label);
  const isMasked = masked !== null && rule.kind !== 'class-token';
  const perPosition = { ...sizes, units: channels, positions: plane, reduce: null, mask: masked, isMasked };
  const perImage = { ...sizes, units: channels, positions: 1, mask: null, isMasked };
  switch (rule.kind) {
    case 'position':
      return perPosition;
    case 'image':
      if (plane === 1) return perPosition;
      throw new AppError(
        'bad-recipe',
        `Layer ${layer}: sample "image" needs one value per unit, but ${label} has ${height} x ${width} positions; ` +
          'choose position, image-mean, image-max, centre or flatten.',
      );
    case 'flatten':
      return { ...sizes, units: channels * plane, positions: 1, reduce: null, mask: null, isMasked };
    case 'image-mean':
      return { ...perImage, reduce: overPositions(channels, plane, masked ? maskedMean : mean, masked) };
    case 'image-max':
      return {
        ...perImage,
        reduce: overPositions(channels, plane, masked ? maskedMaximum : maximum, masked),
      };
    case 'centre':
      return {
        ...perImage,
        reduce: atPositions(channels, plane, () => [(height >> 1) * width + (width >> 1)]),
      };
    case 'class-token':
      return { ...perImage, reduce: atPositions(channels, plane, () => [0]) };
    case 'last-token':
      return {
        ...perImage,
        reduce: atPositions(channels, plane, (image) => [
          masked ? masked.rowOf(image).lastIndexOf(1) : plane - 1,
        ]),
      };
    case 'random': {
      const count = Math.min(rule.count ?? 1, plane);
      const pick = (image: number) => randomPositions(rule, image, plane);
      return { ...perImage, positions: count, reduce: atPositions(channels, plane, pick) };
    }
  }
}

function mean(values: Float32Array, start: number, count: number): number {
  let sum = 0;
  for (let i = start; i < start + count; i++) sum += values[i];
  return sum / count;
}

function maximum(values: Float32Array, start: number, count: number): number {
  let highest = values[start];
  // Math.max keeps NaN, which a comparison would lose: it is refused later, not hidden.
  for (let i = start + 1; i < start + count; i++) highest = Math.max(highest, values[i]);
  return highest;
}

function maskedMean(values: Float32Array, start: number, count: number, mask: Uint8Array): number {
  let [sum, counted] = [0, 0];
  for (let at = 0; at < count; at++) {
    if (mask[at] === 0) continue;
    sum += values[start + at];
    counted++;
  }
  return sum / counted;
}

function maskedMaximum(values: Float32Array, start: number, count: number, mask: Uint8Array): number {
  let highest = -Infinity;
  for (let at = 0; at < count; at++) if (mask[at] !== 0) highest = Math.max(highest, values[start + at]);
  return highest;
}

const unmasked = new Uint8Array(0);

function overPositions(
  channels: number,
  plane: number,
  summary: (values: Float32Array, start: number, count: number, mask: Uint8Array) => number,
  mask: TokenMask | null,
): NonNullable<SamplingPlan['reduce']> {
  return (values, images, out) => {
    for (let image = 0, row = 0; image < images.length; image++) {
      const counts = mask ? mask.rowOf(images[image]) : unmasked;
      for (let channel = 0; channel < channels; channel++, row++)
        out[row] = summary(values, row * plane, plane, counts);
    }
  };
}

/** @throws AppError `bad-recipe` where the mask's positions are not the layer's, or the rule takes no notice of them */
function requireFits(
  mask: TokenMask,
  { kind }: SampleRule,
  { height, width }: { height: number; width: number },
  layer: string,
  label: string,
): void {
  if (kind === 'class-token') return;
  if (kind === 'flatten' || kind === 'centre' || kind === 'random')
    throw new AppError(
      'bad-recipe',
      `Layer ${layer}: sample ${kind} takes positions whether they are padding or not; with data.mask use token, ` +
        'token-mean, image-max, last-token or class-token.',
    );
  if (height * width === mask.length) return;
  const size = height > 1 ? `${height} x ${width}` : String(width);
  throw new AppError(
    'bad-recipe',
    `Layer ${layer}: ${label} has ${size} positions, and data.mask (${mask.label}) ${mask.length}; choose a layer with one ` +
      'position a token, sample: class-token, or leave data.mask out.',
  );
}

function atPositions(
  channels: number,
  plane: number,
  pick: (image: number) => number[],
): NonNullable<SamplingPlan['reduce']> {
  return (values, images, out) => {
    let to = 0;
    for (let image = 0; image < images.length; image++) {
      const chosen = pick(images[image]);
      for (let channel = 0; channel < channels; channel++) {
        const start = (image * channels + channel) * plane;
        for (const position of chosen) out[to++] = values[start + position];
      }
    }
  };
}
