import type { DataLayout } from '#core/domain/dataset.ts';
import type { RecipeData } from '#core/domain/recipe.ts';
import { AppError } from '#core/errors.ts';
import type { ArraySource } from './array-source.ts';
import type { ArrayDtype } from './arrays/array-header.ts';

/** How one stored sample becomes one network input, channels first. */
export interface SampleFormat {
  layout: DataLayout;
  samples: number;
  /** Of layout NC: features. */
  channels: number;
  height: number;
  /** Time steps of the layouts with T; of `as-is` every value of a sample. */
  width: number;
  /** Values of one sample. */
  values: number;
  /** Of one sample, as stored. */
  dims: number[];
  itemBytes: number;
  dtype: ArrayDtype;
  bigEndian: boolean;
  scale: number;
  mean: number[] | null;
  std: number[] | null;
}

const layoutOfRank: Record<number, DataLayout> = { 1: 'N', 2: 'NC', 3: 'NHW', 4: 'NCHW' };

type Reading = Pick<RecipeData, 'layout' | 'scale' | 'mean' | 'std' | 'limit'>;

/** Checks the array against the recipe's data section and says how its samples are read. */
export function sampleFormat(source: ArraySource, data: Reading): SampleFormat {
  const { shape, dtype, itemBytes, bigEndian } = source.header;
  const layout = data.layout ?? layoutOfRank[shape.length] ?? 'as-is';
  const shapeText = `[${shape.join(', ')}]`;
  if (shape.length === 0 || (layout !== 'as-is' && layout.length !== shape.length)) {
    throw new AppError(
      'bad-data',
      `data.layout ${layout} does not fit ${source.label} of shape ${shapeText}; ` +
        'use NCHW or NHWC for four axes, NHW, NCT or NTC for three, NC or NT for two, N for one, as-is for any.',
    );
  }
  if (shape.some((size) => size === 0))
    throw new AppError('bad-data', `${source.label} is empty (shape ${shapeText}).`);
  const sizes = layout === 'as-is' ? { T: product(shape.slice(1)) } : sizesOf(layout, shape);
  const channels = sizes.C ?? 1;
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
  const perChannel = (list?: number[]) =>
    list ? Array.from({ length: channels }, (_, channel) => list[list.length === 1 ? 0 : channel]) : null;
  return {
    layout,
    samples,
    channels,
    height: sizes.H ?? 1,
    width: sizes.W ?? sizes.T ?? 1,
    values: product(shape.slice(1)),
    dims: shape.slice(1),
    itemBytes,
    dtype,
    bigEndian,
    scale: data.scale,
    mean: perChannel(data.mean),
    std: perChannel(data.std),
  };
}

function sizesOf(layout: string, shape: readonly number[]): Partial<Record<string, number>> {
  return Object.fromEntries([...layout].map((axis, index) => [axis, shape[index]]));
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** Shapes in which a sample may be fed, the first that a network takes is used; channels before positions, or after. */
export function feedShapes(format: SampleFormat): { dims: number[]; order: 'first' | 'last' }[] {
  const { layout, channels: c, height: h, width: w } = format;
  const first = (...dims: number[]) => ({ dims, order: 'first' as const });
  const last = (...dims: number[]) => ({ dims, order: 'last' as const });
  switch (layout) {
    case 'NC':
      return [first(c)];
    case 'NCT':
      return [first(c, w), last(w, c)];
    case 'NTC':
      return [last(w, c), first(c, w)];
    case 'NT':
      return [first(w), first(1, w)];
    case 'N':
      return [first(), first(1)];
    case 'as-is':
      return [first(...format.dims)];
    case 'NHW':
      return [first(c, h, w), first(h, w), last(h, w, c)];
    case 'NCHW':
    case 'NHWC':
      return [first(c, h, w), last(h, w, c)];
  }
}

/** Sizes of a sample's positions: two of a picture, one of a sequence, none of a vector. */
export function positionSizes({ layout, height, width }: SampleFormat): number[] {
  if (layout === 'NC' || layout === 'N' || layout === 'as-is') return [];
  return layout.includes('T') ? [width] : [height, width];
}
