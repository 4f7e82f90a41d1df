import type { Tensor as OrtTensor } from 'onnxruntime-node';
import {
  feedTypes,
  isFloatType,
  numberToHalf,
  type Feed,
  type FeedArray,
  type FeedType,
} from '../data/feeds.ts';
import type { BoundInput, BoundNetwork } from './bind-inputs.ts';
import { runtime } from './runtime.ts';

/** Every different feed of some networks once: two that read the same numbers share them. */
export class FeedList {
  readonly feeds: Feed[] = [];
  readonly #keys = new Map<string, number>();

  indexOf(feed: Feed): number {
    const key = JSON.stringify(feed);
    let index = this.#keys.get(key);
    if (index === undefined) {
      index = this.feeds.push(feed) - 1;
      this.#keys.set(key, index);
    }
    return index;
  }
}

/**
 * Tensors of a network's inputs for `count` samples.
 *
 * @param valuesOf a feed's values, at least `count` samples of them
 */
export function feedTensors(
  { inputs }: BoundNetwork,
  count: number,
  valuesOf: (feed: Feed) => FeedArray,
): Record<string, OrtTensor> {
  return Object.fromEntries(
    inputs.map((input) => {
      if (!('feed' in input)) return [input.name, filled(input, count)];
      const values = valuesOf(input.feed).subarray(0, count * input.feed.values);
      return [input.name, tensor(input.type, values, [count, ...input.dims])];
    }),
  );
}

/** The same on zeros, to see what shapes come out. */
export function zeroTensors(network: BoundNetwork, count: number): Record<string, OrtTensor> {
  return feedTensors(network, count, ({ type, values }) => new feedTypes[type](count * values));
}

function filled(input: Extract<BoundInput, { fill: number }>, count: number): OrtTensor {
  const shape = input.shape.map((size) => (size === 'N' ? count : size));
  const length = shape.reduce((product, size) => product * size, 1);
  const values = new feedTypes[input.type](length);
  const { fill, type } = input;
  if (values instanceof BigInt64Array || values instanceof BigUint64Array)
    values.fill(BigInt(Math.round(fill)));
  else values.fill(type === 'float16' ? numberToHalf(fill) : isFloatType(type) ? fill : Math.round(fill));
  return tensor(type, values, shape);
}

function tensor(type: FeedType, values: FeedArray, dims: number[]): OrtTensor {
  const { Tensor } = runtime();
  const made = new Tensor(type as 'float32', values as Float32Array, dims);
  // The runtime's JavaScript makes a Float16Array of the bits, which its native part (1.30) does not take.
  if (type === 'float16') Object.defineProperty(made, 'cpuData', { value: values });
  return made;
}
