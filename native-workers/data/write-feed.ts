import { AppError } from '#core/errors.ts';
import { sampleDecoder, valueReader } from './decode-samples.ts';
import { feedTypes, isFloatType, numberToHalf, type Feed, type FeedArray, type FeedType } from './feeds.ts';
import type { Picture } from './images/picture.ts';
import { preparePicture, writeNumbers } from './images/prepare-picture.ts';
import type { SampleFormat } from './sample-format.ts';

/** Writes the stored bytes of `count` samples as a feed's tensor holds them. */
export type RowsWriter = (bytes: Uint8Array, count: number, out: FeedArray) => void;

/** @param raw how the array's samples lie in their file */
export function rowsWriter(feed: Feed, raw: SampleFormat, label: string): RowsWriter {
  if (feed.kind === 'rows') return copier(feed.type, raw, label);
  if (feed.kind === 'pictures') {
    const write = pictureWriter(feed);
    const pictureOf = pictureReader(raw);
    const bytesOf = raw.values * raw.itemBytes;
    return (bytes, count, out) => {
      for (let at = 0; at < count; at++) {
        const picture = pictureOf(bytes.subarray(at * bytesOf, (at + 1) * bytesOf));
        write(picture, `${label}, sample ${at}`, out.subarray(at * feed.values, (at + 1) * feed.values));
      }
    };
  }
  const decode = sampleDecoder(feed.format, feed.order);
  return asType(feed.type, (bytes, count, out) => decode(bytes, count, out), feed.values);
}

/** Writes one decoded picture as a feed's tensor holds it. */
export function pictureWriter(
  feed: Extract<Feed, { kind: 'pictures' }>,
): (picture: Picture, name: string, out: FeedArray) => void {
  const { how, width, height, order, type, values } = feed;
  const scratch = type === 'float32' ? null : new Float32Array(values);
  return (picture, name, out) => {
    const prepared = preparePicture(picture, how, feed.channels);
    if (prepared.width !== width || prepared.height !== height)
      throw new AppError(
        'bad-data',
        `${name} is ${prepared.width} x ${prepared.height} pixels${how.resize === undefined ? '' : ' after resizing'}, the first image ` +
          `${width} x ${height}; give data.crop (and data.resize), so that all are of one size.`,
        { file: name },
      );
    writeNumbers(prepared, how, scratch ?? (out as Float32Array), order);
    if (scratch) convert(scratch, type, out);
  };
}

function asType(
  type: FeedType,
  write: (bytes: Uint8Array, count: number, out: Float32Array | Float64Array) => void,
  values: number,
): RowsWriter {
  if (type === 'float32' || type === 'float64')
    return (bytes, count, out) => write(bytes, count, out as Float32Array | Float64Array);
  let scratch = new Float32Array(0);
  return (bytes, count, out) => {
    if (scratch.length < count * values) scratch = new Float32Array(count * values);
    write(bytes, count, scratch);
    convert(scratch.subarray(0, count * values), type, out);
  };
}

function convert(values: Float32Array, type: FeedType, out: FeedArray): void {
  const to = out as Float64Array | Uint16Array;
  const isHalf = type === 'float16';
  for (let at = 0; at < values.length; at++) to[at] = isHalf ? numberToHalf(values[at]) : values[at];
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** @throws AppError where fractions would be fed to an input of whole numbers */
export function requireStorable(type: FeedType, { dtype }: SampleFormat, label: string): void {
  if (!isFloatType(type) && dtype.startsWith('float'))
    throw new AppError(
      'bad-data',
      `${label} holds ${dtype}, but the input takes ${type}; save it as whole numbers (astype("${type}")).`,
    );
}

/** Stored values in another element type; whole numbers stay exact, what does not fit is refused. */
function copier(type: FeedType, raw: SampleFormat, label: string): RowsWriter {
  const { dtype, bigEndian, values, dims } = raw;
  if (dtype === type && !bigEndian && littleEndian)
    return (bytes, count, out) =>
      new Uint8Array(out.buffer, out.byteOffset, bytes.length).set(
        bytes.subarray(0, count * values * raw.itemBytes),
      );
  const read = valueReader(raw);
  const isWide = type === 'int64' || type === 'uint64';
  return (bytes, count, out) => {
    const at = read(bytes);
    for (let index = 0; index < count * values; index++) {
      const value = at(index);
      if (isWide) (out as BigInt64Array)[index] = BigInt(value);
      else if (type === 'float16') out[index] = numberToHalf(value);
      else {
        out[index] = value;
        if (out[index] !== value && !isFloatType(type) && type !== 'bool')
          throw new AppError(
            'bad-data',
            `${label} (${dims.join(' x ')}) holds ${value}, which does not fit the input's type ${type}.`,
          );
      }
    }
  };
}

/** One stored sample as a picture, its channels interleaved: bytes stay bytes. */
function pictureReader(raw: SampleFormat): (bytes: Uint8Array) => Picture {
  const { channels, height, width, values } = raw;
  const isBytes = raw.dtype === 'uint8';
  const isLast = raw.layout === 'NHWC';
  const plane = width * height;
  const read = valueReader(raw);
  return (bytes) => {
    const data = isBytes ? new Uint8Array(values) : new Float32Array(values);
    const at = read(bytes);
    for (let pixel = 0, to = 0; pixel < plane; pixel++)
      for (let channel = 0; channel < channels; channel++, to++)
        data[to] = at(isLast ? to : channel * plane + pixel);
    return { width, height, channels, data };
  };
}

/** Memory of a feed's tensor for so many samples, of this thread alone. */
export function newFeedArray({ type, values }: Feed, samples: number): FeedArray {
  return new feedTypes[type](samples * values);
}
