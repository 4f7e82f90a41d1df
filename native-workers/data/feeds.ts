import type { Preprocess } from '#core/domain/preprocess.ts';
import type { SampleFormat } from './sample-format.ts';

/** Element types of network inputs, in onnxruntime's words. */
export const feedTypes = {
  float32: Float32Array,
  float64: Float64Array,
  /** Bits of IEEE 754 binary16. */
  float16: Uint16Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;
export type FeedType = keyof typeof feedTypes;
export type FeedArray = InstanceType<(typeof feedTypes)[FeedType]>;

export function isFeedType(type: string): type is FeedType {
  return Object.hasOwn(feedTypes, type);
}

export const isFloatType = (type: FeedType) => type.startsWith('float');

/** What the decoding threads make of every sample for one or more inputs; plain, to cross to them. */
export type Feed = (
  | {
      /** Pictures of an image set, or of an array that is resized, cropped or regrouped. */
      kind: 'pictures';
      how: Preprocess;
      /** null: as many as there are. */
      channels: 1 | 3 | null;
      width: number;
      height: number;
      order: 'first' | 'last';
    }
  /** The main array: (value x scale - mean) / std. */
  | { kind: 'numbers'; format: SampleFormat; order: 'first' | 'last' }
  /** An array as it is stored: the main one (null), or one of `data.arrays` or of the main file by its name. */
  | { kind: 'rows'; array: string | null }
) & {
  type: FeedType;
  /** Of one sample. */
  values: number;
};

export function feedArray(type: FeedType, buffer: ArrayBufferLike, length: number): FeedArray {
  return new feedTypes[type](buffer as ArrayBuffer, 0, length);
}

export function feedBytes({ type, values }: Feed): number {
  return values * feedTypes[type].BYTES_PER_ELEMENT;
}

/** The nearest binary16, halves to even. */
export function numberToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  // Steps of 2^-24 below 2^-14, else of 2^-10 of the power of two below.
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const fixed = exponent > -14 && size < 2 ** exponent ? exponent - 1 : exponent;
  const steps = roundHalfEven(size / 2 ** (fixed - 10));
  return size < 2 ** -14 ? sign | steps : sign | (((fixed + 15) << 10) + steps - 1024);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
