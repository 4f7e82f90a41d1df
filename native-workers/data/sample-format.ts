import type { DataLayout } from '#core/domain/dataset.ts';
import type { RecipeData } from '#core/domain/recipe.ts';
import { AppError } from '#core/errors.ts';
import type { ArraySource } from './array-source.ts';
import type { ArrayDtype } from './arrays/array-header.ts';

/** How one stored sample becomes one network input: [channels, height, width], or [features] for layout NC. */
export interface SampleFormat {
  layout: DataLayout;
  samples: number;
  channels: number;
  height: number;
  width: number;
  /** Values of one sample. */
  values: number;
  itemBytes: number;
  dtype: ArrayDtype;
  bigEndian: boolean;
  scale: number;
  mean: number[] | null;
  std: number[] | null;
}

const layoutOfRank: Record<number, DataLayout> = { 2: 'NC', 3: 'NHW', 4: 'NCHW' };

/** Checks the array against the recipe's data section and says how its samples are read. */
export function sampleFormat(source: ArraySource, data: Omit<RecipeData, 'images'>): SampleFormat {
  const { shape, dtype, itemBytes, bigEndian } = source.header;
  const layout = data.layout ?? layoutOfRank[shape.length];
  const shapeText = `[${shape.join(', ')}]`;
  if (!layout || layout.length !== shape.length) {
    throw new AppError(
      'bad-data',
      `data.layout ${layout ?? '(none given)'} does not fit ${source.label} of shape ${shapeText}; ` +
        'use NCHW or NHWC for four axes, NHW for three, NC for two.',
    );
  }
  if (shape.some((size) => size === 0))
    throw new AppError('bad-data', `${source.label} is empty (shape ${shapeText}).`);
  const size = (axis: string) => (layout.includes(axis) ? shape[layout.indexOf(axis)] : 1);
  const channels = size('C');
  for (const field of ['mean', 'std'] as const) {
    const values = data[field];
    if (values && values.length !== 1 && values.length !== channels) {
      throw new AppError(
        'bad-data',
        `data.${field} has ${values.length} values; ${source.label} has ${channels} channels: give one, or one per channel.`,
      );
    }
  }
  const samples = data.limit === undefined ? shape[0] : Math.min(shape[0], data.limit);
  const values = channels * size('H') * size('W');
  const perChannel = (list?: number[]) =>
    list ? Array.from({ length: channels }, (_, channel) => list[list.length === 1 ? 0 : channel]) : null;
  return {
    layout,
    samples,
    channels,
    height: size('H'),
    width: size('W'),
    values,
    itemBytes,
    dtype,
    bigEndian,
    scale: data.scale,
    mean: perChannel(data.mean),
    std: perChannel(data.std),
  };
}

/** Input dimensions of a batch of these samples. */
export function batchShape(format: SampleFormat, batch: number): number[] {
  return format.layout === 'NC'
    ? [batch, format.channels]
    : [batch, format.channels, format.height, format.width];
}
