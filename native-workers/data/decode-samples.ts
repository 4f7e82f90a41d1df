import type { ArrayDtype } from './arrays/array-header.ts';
import type { SampleFormat } from './sample-format.ts';

type Reader = (view: DataView, offset: number, littleEndian: boolean) => number;

const readers: Record<ArrayDtype, Reader> = {
  bool: (view, offset) => view.getUint8(offset),
  uint8: (view, offset) => view.getUint8(offset),
  int8: (view, offset) => view.getInt8(offset),
  uint16: (view, offset, little) => view.getUint16(offset, little),
  int16: (view, offset, little) => view.getInt16(offset, little),
  uint32: (view, offset, little) => view.getUint32(offset, little),
  int32: (view, offset, little) => view.getInt32(offset, little),
  uint64: (view, offset, little) => Number(view.getBigUint64(offset, little)),
  int64: (view, offset, little) => Number(view.getBigInt64(offset, little)),
  float16: (view, offset, little) => halfToNumber(view.getUint16(offset, little)),
  bfloat16: (view, offset, little) => bfloatToNumber(view.getUint16(offset, little)),
  float32: (view, offset, little) => view.getFloat32(offset, little),
  float64: (view, offset, little) => view.getFloat64(offset, little),
};

/** IEEE 754 binary16. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

const bits = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function bfloatToNumber(half: number): number {
  bits.setUint32(0, half << 16);
  return bits.getFloat32(0);
}

/** A function that turns the bytes of `count` samples into network input: (value * scale - mean) / std. */
export function sampleDecoder(
  format: SampleFormat,
  order: 'first' | 'last' = 'first',
): (bytes: Uint8Array, count: number, out: Float32Array | Float64Array) => void {
  const { channels, height, width, values, scale } = format;
  const plane = height * width;
  const isLast = (format.layout === 'NHWC' || format.layout === 'NTC') && channels > 1;
  const makesLast = order === 'last' && channels > 1;
  const ways = Array.from({ length: channels }, (_, channel): PlaneWay => ({
    from: isLast ? channel : channel * plane,
    step: isLast ? channels : 1,
    to: makesLast ? channel : channel * plane,
    stride: makesLast ? channels : 1,
    gain: scale / (format.std?.[channel] ?? 1),
    offset: -(format.mean?.[channel] ?? 0) / (format.std?.[channel] ?? 1),
  }));
  const planesOf = planeWriter(format, ways, plane);
  return (bytes, count, out) => {
    const write = planesOf(bytes);
    for (let sample = 0; sample < count; sample++)
      for (let channel = 0; channel < channels; channel++) write(channel, sample * values, out);
  };
}

/** How one channel of a sample is read and written: value * gain + offset. */
interface PlaneWay {
  from: number;
  step: number;
  to: number;
  stride: number;
  gain: number;
  offset: number;
}

type WritePlane = (channel: number, sample: number, out: Float32Array | Float64Array) => void;

/**
 * Writes one channel of the sample that starts at a value's index. A loop of its own for bytes, which are looked up,
 * and for aligned floats: one that calls a function for every value takes five times as long.
 */
function planeWriter(
  format: SampleFormat,
  ways: readonly PlaneWay[],
  plane: number,
): (bytes: Uint8Array) => WritePlane {
  const { dtype, bigEndian } = format;
  if (dtype === 'uint8' || dtype === 'bool') {
    const tables = ways.map(({ gain, offset }) =>
      Float64Array.from({ length: 256 }, (_, value) => value * gain + offset),
    );
    return (bytes) => (channel, sample, out) => {
      const { from, step, to, stride } = ways[channel];
      const table = tables[channel];
      let [read, write] = [sample + from, sample + to];
      for (let left = plane; left > 0; left--, read += step, write += stride) out[write] = table[bytes[read]];
    };
  }
  if (dtype === 'float32' && !bigEndian) {
    return (bytes) => {
      const floats = alignedFloats(bytes);
      return (channel, sample, out) => {
        const { from, step, to, stride, gain, offset } = ways[channel];
        let [read, write] = [sample + from, sample + to];
        for (let left = plane; left > 0; left--, read += step, write += stride)
          out[write] = floats[read] * gain + offset;
      };
    };
  }
  const valueAt = valueReader(format);
  return (bytes) => {
    const read = valueAt(bytes);
    return (channel, sample, out) => {
      const { from, step, to, stride, gain, offset } = ways[channel];
      for (let i = 0; i < plane; i++)
        out[sample + to + i * stride] = read(sample + from + i * step) * gain + offset;
    };
  };
}

function alignedFloats(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
}

/** Aligned little-endian bytes, 8-bit and 32-bit float data are read through typed arrays; the rest by DataView. */
export function valueReader(
  format: Pick<SampleFormat, 'dtype' | 'itemBytes' | 'bigEndian'>,
): (bytes: Uint8Array) => (index: number) => number {
  const { dtype, itemBytes, bigEndian } = format;
  if (dtype === 'uint8' || dtype === 'bool') return (bytes) => (index) => bytes[index];
  if (dtype === 'float32' && !bigEndian) {
    return (bytes) => {
      const floats = alignedFloats(bytes);
      return (index) => floats[index];
    };
  }
  const reader = readers[dtype];
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return (index) => reader(view, index * itemBytes, !bigEndian);
  };
}
