import { describe, expect, it } from 'vitest';
import type { RecipeData } from '#core/domain/recipe.ts';
import { halfToNumber, sampleDecoder } from '#workers/data/decode-samples.ts';
import { parseNpyHeader } from '#workers/data/arrays/npy-header.ts';
import { feedShapes, positionSizes, sampleFormat } from '#workers/data/sample-format.ts';
import { npyBytes } from '../../../fixtures/npy-files.ts';

type Data = Omit<RecipeData, 'images'>;

function formatOf(shape: number[], data: Partial<Data> = {}, descr = '<f4') {
  const header = parseNpyHeader(npyBytes(descr, shape, new Uint8Array(0)), 'x.npy');
  const source = {
    fileName: 'x.npy',
    key: '',
    label: 'x.npy',
    header,
    open: () => Promise.reject(new Error('unread')),
  };
  return sampleFormat(source, { scale: 1, ...data });
}

function decode(shape: number[], values: ArrayBufferView, data: Partial<Data> = {}, descr = '<f4'): number[] {
  const format = formatOf(shape, data, descr);
  const out = new Float32Array(format.samples * format.values);
  sampleDecoder(format)(
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    format.samples,
    out,
  );
  return [...out];
}

describe('sampleFormat', () => {
  it('takes the layout from the number of axes, and gives the inputs that networks may get', () => {
    const dims = (shape: number[], layout?: Data['layout']) =>
      feedShapes(formatOf(shape, { layout })).map((shape) => shape.dims);
    expect(dims([9, 3, 4, 5])).toEqual([
      [3, 4, 5],
      [4, 5, 3],
    ]);
    expect(dims([9, 4, 5])).toEqual([
      [1, 4, 5],
      [4, 5],
      [4, 5, 1],
    ]);
    expect(dims([9, 4])).toEqual([[4]]);
    expect(dims([9])).toEqual([[], [1]]);
    expect(dims([9, 2, 3, 4, 5])).toEqual([[2, 3, 4, 5]]);
    expect(dims([9, 4, 5, 3], 'NHWC')[0]).toEqual([3, 4, 5]);
    expect(dims([9, 2, 100], 'NCT')[0]).toEqual([2, 100]);
    expect(dims([9, 100, 2], 'NTC')).toEqual([
      [100, 2],
      [2, 100],
    ]);
    expect(dims([9, 100], 'NT')).toEqual([[100], [1, 100]]);
  });

  it('says which axes are positions', () => {
    expect(positionSizes(formatOf([9, 3, 4, 5]))).toEqual([4, 5]);
    expect(positionSizes(formatOf([9, 100, 2], { layout: 'NTC' }))).toEqual([100]);
    expect(positionSizes(formatOf([9, 4]))).toEqual([]);
  });

  it('reads at most `limit` samples', () => {
    expect(formatOf([9, 4], { limit: 5 }).samples).toBe(5);
    expect(formatOf([9, 4], { limit: 50 }).samples).toBe(9);
  });

  it.each([
    [[], {}, 'does not fit x.npy of shape []; use NCHW or NHWC for four axes'],
    [[9, 4, 5], { layout: 'NCHW' }, 'data.layout NCHW does not fit x.npy of shape [9, 4, 5]'],
    [[0, 4], {}, 'x.npy is empty (shape [0, 4]).'],
    [
      [9, 3, 4, 5],
      { mean: [1, 2] },
      'data.mean has 2 values; x.npy has 3 channels: give one, or one per channel.',
    ],
    [[9, 3, 4, 5], { std: [1, 2] }, 'data.std has 2 values'],
  ] as [number[], Partial<Data>, string][])('refuses shape %j with %j', (shape, data, sentence) => {
    expect(() => formatOf(shape, data)).toThrow(sentence);
  });
});

describe('sampleDecoder', () => {
  const ramp = Float32Array.from({ length: 24 }, (_, at) => at);

  it('keeps channel-first data in order and moves channels of NHWC forward', () => {
    expect(decode([2, 3, 2, 2], ramp)).toEqual([...ramp]);
    expect(decode([2, 2, 2, 3], ramp, { layout: 'NHWC' })).toEqual([
      0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11, 12, 15, 18, 21, 13, 16, 19, 22, 14, 17, 20, 23,
    ]);
    expect(decode([2, 3, 4], ramp)).toEqual([...ramp]);
    expect(decode([2, 12], ramp, { layout: 'NC' })).toEqual([...ramp]);
  });

  it('scales first, then takes off the mean and divides by the deviation, per channel or for all', () => {
    const pixels = Uint8Array.of(0, 51, 102, 255);
    const data = { scale: 1 / 255, mean: [0.5], std: [0.25] };
    expect(decode([1, 2, 2], pixels, data, '|u1')).toEqual(
      [-2, -1.2, -0.4, 2].map((x) => expect.closeTo(x, 6) as number),
    );
    const perChannel = { mean: [1, 2], std: [2, 4] };
    expect(decode([1, 2, 1, 2], Float32Array.of(3, 5, 10, 14), perChannel)).toEqual([1, 2, 2, 3]);
    expect(decode([1, 1, 2, 2], Float32Array.of(3, 10, 5, 14), { ...perChannel, layout: 'NHWC' })).toEqual([
      1, 2, 2, 3,
    ]);
  });

  it('reads every number type, of either byte order, at any alignment', () => {
    const numbers = [0, 1, 100, 7];
    const types: [string, number, (view: DataView, at: number, x: number, little: boolean) => void][] = [
      ['b1', 1, (view, at, x) => view.setUint8(at, x)],
      ['u1', 1, (view, at, x) => view.setUint8(at, x)],
      ['i1', 1, (view, at, x) => view.setInt8(at, x)],
      ['u2', 2, (view, at, x, little) => view.setUint16(at, x, little)],
      ['i2', 2, (view, at, x, little) => view.setInt16(at, x, little)],
      ['u4', 4, (view, at, x, little) => view.setUint32(at, x, little)],
      ['i4', 4, (view, at, x, little) => view.setInt32(at, x, little)],
      ['u8', 8, (view, at, x, little) => view.setBigUint64(at, BigInt(x), little)],
      ['i8', 8, (view, at, x, little) => view.setBigInt64(at, BigInt(x), little)],
      ['f4', 4, (view, at, x, little) => view.setFloat32(at, x, little)],
      ['f8', 8, (view, at, x, little) => view.setFloat64(at, x, little)],
    ];
    for (const [type, size, set] of types) {
      for (const order of ['<', '>']) {
        for (const start of [0, 1]) {
          const bytes = new Uint8Array(start + numbers.length * size);
          const view = new DataView(bytes.buffer, start);
          numbers.forEach((x, at) => set(view, at * size, x, order === '<'));
          expect(decode([1, 4], bytes.subarray(start), {}, order + type), order + type).toEqual(numbers);
        }
      }
    }
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7bff);
    expect(decode([1, 4], halves, {}, '<f2')).toEqual([1, -2, 2 ** -24, 65504]);
  });
});

describe('halfToNumber', () => {
  it('agrees with IEEE 754 on every bit pattern', () => {
    for (let bits = 0; bits < 0x8000; bits++) {
      const exponent = bits >> 10;
      const fraction = bits & 1023;
      const expected =
        exponent === 31
          ? fraction > 0
            ? Number.NaN
            : Infinity
          : exponent === 0
            ? fraction * 2 ** -24
            : (1024 + fraction) * 2 ** (exponent - 25);
      expect(halfToNumber(bits)).toBe(expected);
      expect(halfToNumber(bits | 0x8000)).toBe(-expected);
    }
  });
});
