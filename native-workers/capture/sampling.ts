import type { SampleRule } from '#core/domain/recipe.ts';
import { AppError } from '#core/errors.ts';
import { randomPositions } from '#core/domain/unit-place.ts';

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
}

/**
 * Plans the sampling of a tensor of shape [N, units] or [N, units, height, width] (methods: Notation).
 *
 * @throws AppError `bad-recipe` when the rule does not apply to the shape; the sentence names layer and remedy.
 */
export function planSampling(
  shape: readonly number[],
  rule: SampleRule,
  layer: string,
  label: string,
): SamplingPlan {
  if (shape.length !== 2 && shape.length !== 4) {
    throw new AppError(
      'not-available',
      `Layer ${layer}: ${label} has shape [${['N', ...shape.slice(1)].join(', ')}]; this version reads [N, units] and ` +
        '[N, units, height, width] tensors (channels first).',
    );
  }
  const [, channels, height = 1, width = 1] = shape;
  const plane = height * width;
  const sizes = { channels, height, width };
  const perPosition = { ...sizes, units: channels, positions: plane, reduce: null };
  const perImage = { ...sizes, units: channels, positions: 1 };
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
      return { ...sizes, units: channels * plane, positions: 1, reduce: null };
    case 'image-mean':
      return { ...perImage, reduce: overPositions(channels, plane, mean) };
    case 'image-max':
      return { ...perImage, reduce: overPositions(channels, plane, maximum) };
    case 'centre':
      return {
        ...perImage,
        reduce: atPositions(channels, plane, () => [(height >> 1) * width + (width >> 1)]),
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

function overPositions(
  channels: number,
  plane: number,
  summary: (values: Float32Array, start: number, count: number) => number,
): NonNullable<SamplingPlan['reduce']> {
  return (values, images, out) => {
    for (let row = 0; row < images.length * channels; row++) out[row] = summary(values, row * plane, plane);
  };
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
