import { describe, expect, it } from 'vitest';
import { parseNpyHeader } from '#workers/data/arrays/npy-header.ts';
import { npyBytes, type NpyOptions } from '../../../../fixtures/npy-files.ts';

const one = Float32Array.of(1);
const parse = (descr: string, shape: number[], options: NpyOptions = {}) =>
  parseNpyHeader(npyBytes(descr, shape, one, options), 'x.npy');

describe('parseNpyHeader', () => {
  it.each([1, 2, 3] as const)('reads format version %i', (version) => {
    const bytes = npyBytes('<f4', [2, 3, 5], one, { version });
    expect(parseNpyHeader(bytes, 'x.npy')).toEqual({
      dtype: 'float32',
      itemBytes: 4,
      bigEndian: false,
      shape: [2, 3, 5],
      count: 30,
      headerBytes: bytes.length - 4,
      isFortran: false,
    });
  });

  it.each([
    ['|b1', 'bool', 1, false],
    ['|u1', 'uint8', 1, false],
    ['|i1', 'int8', 1, false],
    ['<u2', 'uint16', 2, false],
    ['>i2', 'int16', 2, true],
    ['<u4', 'uint32', 4, false],
    ['=i4', 'int32', 4, false],
    ['<i8', 'int64', 8, false],
    ['>u8', 'uint64', 8, true],
    ['<f2', 'float16', 2, false],
    ['>f4', 'float32', 4, true],
    ['<f8', 'float64', 8, false],
  ])('reads dtype %s', (descr, dtype, itemBytes, bigEndian) => {
    expect(parse(descr, [4])).toMatchObject({ dtype, itemBytes, bigEndian, count: 4 });
  });

  it('reads shapes of any rank, a single number and none included', () => {
    expect(parse('<f4', [7])).toMatchObject({ shape: [7], count: 7 });
    expect(parse('<f4', [], { shapeText: '' })).toMatchObject({ shape: [], count: 1 });
    expect(parse('<f4', [0, 3])).toMatchObject({ count: 0 });
    expect(parse('<f4', [], { shapeText: '2L, 3L' })).toMatchObject({ shape: [2, 3] });
  });

  it('tells Fortran order, which is no other order of one axis', () => {
    expect(parse('<f4', [3], { fortran: true })).toMatchObject({ shape: [3], isFortran: false });
    expect(parse('<f4', [2, 2], { fortran: true })).toMatchObject({ shape: [2, 2], isFortran: true });
  });

  it.each([
    ['|O', [2], {}, /holds Python objects \(a pickle\), which are never loaded/],
    ['<U10', [2], {}, /has dtype <U10; integers, bool and float16\/32\/64 are read/],
    ['<c8', [2], {}, /has dtype <c8/],
    ['<f3', [2], {}, /has dtype <f3/],
    ['<f4', [2], { shapeText: '-1, 3' }, /unreadable shape \(-1, 3\)/],
    ['<f4', [2], { shapeText: '1e9, 3' }, /unreadable shape/],
    ['<f4', [2], { shapeText: '99999999999999999999,' }, /unreadable shape/],
    ['<f8', [2], { shapeText: '999999999999, 999999999999' }, /that no memory can hold/],
  ] as [string, number[], NpyOptions, RegExp][])(
    'refuses dtype %s, shape %j %j',
    (descr, shape, options, sentence) => {
      expect(() => parse(descr, shape, options)).toThrow(sentence);
    },
  );

  it('refuses a structured array, with the remedy', () => {
    const text = "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (3,), }";
    const bytes = Buffer.concat([
      Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0]),
      Buffer.from(text),
    ]);
    expect(() => parseNpyHeader(bytes, 'x.npy')).toThrow(/structured array; save each field/);
  });

  it('refuses what is no array, or only the beginning of one', () => {
    const whole = npyBytes('<f4', [2], one);
    for (const bytes of [Buffer.alloc(0), Buffer.from('PK'), Buffer.alloc(40), Buffer.from('\u0093NUMPX')])
      expect(() => parseNpyHeader(bytes, 'x.npy')).toThrow(/x\.npy is not a NumPy array/);
    expect(() => parseNpyHeader(whole.subarray(0, 30), 'x.npy')).toThrow(/cut off inside its header/);
    expect(() => parseNpyHeader(npyBytes('<f4', [2], one, { version: 2 }).subarray(0, 11), 'x')).toThrow(
      /cut off/,
    );
    const later = Buffer.from(whole);
    later[6] = 4;
    expect(() => parseNpyHeader(later, 'x.npy')).toThrow('has .npy version 4; versions 1 to 3 are read.');
    const long = npyBytes('<f4', [2], one, { version: 2 });
    long.writeUInt32LE(1 << 30, 8);
    expect(() => parseNpyHeader(long, 'x.npy')).toThrow(/header longer than 64 KiB/);
    const nothing = Buffer.from(whole);
    nothing.fill(0x20, 10);
    expect(() => parseNpyHeader(nothing, 'x.npy')).toThrow(/without descr, fortran_order and shape/);
  });
});
