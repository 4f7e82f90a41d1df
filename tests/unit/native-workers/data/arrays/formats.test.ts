import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openContainer } from '#workers/data/array-source.ts';
import { inspectArrayFile } from '#workers/data/inspect-data.ts';
import {
  arrayFile,
  openArray,
  referenceImages,
  referenceValues,
  valuesAt,
  valuesOf,
} from '../../../../fixtures/array-files.ts';
import { npyBytes, zipBytes } from '../../../../fixtures/npy-files.ts';
import { temporaryFolder } from '../../../../fixtures/temporary-folder.ts';

/** File, key, dtype, what it holds, whether single samples can be read. */
const arrays: [string, string | undefined, string, number[], boolean][] = [
  ['values.npy', undefined, 'float32', referenceValues, true],
  ['big-endian.npy', undefined, 'float32', referenceValues, true],
  ['half.npy', undefined, 'float16', referenceValues, true],
  ['double.npy', undefined, 'float64', referenceValues, true],
  ['fortran.npy', undefined, 'float32', referenceValues, true],
  ['fortran-images.npy', undefined, 'uint8', referenceImages, true],
  ['probe.npz', 'values', 'float32', referenceValues, true],
  ['probe.npz', 'images', 'uint8', referenceImages, true],
  ['packed.npz', 'values', 'float32', referenceValues, true],
  ['packed.npz', 'images', 'uint8', referenceImages, false],
  ['probe.h5', 'values', 'float32', referenceValues, true],
  ['probe.h5', 'layers/block1/packed', 'float32', referenceValues, false],
  ['probe.h5', 'layers/block1/big', 'float32', referenceValues, true],
  ['probe.h5', 'layers/block1/half', 'float16', referenceValues, true],
  ['probe.h5', 'layers/block1/wide', 'int64', referenceValues, true],
  ['probe.h5', 'layers/block1/flags', 'bool', referenceValues.map((value) => Number(value > 0)), true],
  ['probe.h5', 'soft', 'float32', referenceValues, true],
  ['probe.h5', 'images', 'uint8', referenceImages, true],
  ['latest.h5', undefined, 'float32', referenceValues, false],
  ['probe.safetensors', 'values', 'float32', referenceValues, true],
  ['probe.safetensors', 'images', 'uint8', referenceImages, true],
  ['probe.safetensors', 'wide', 'int64', referenceValues, true],
  ['probe.safetensors', 'half', 'float16', referenceValues, true],
  ['bfloat16.safetensors', undefined, 'bfloat16', referenceValues, true],
  ['probe.parquet', 'values', 'float32', referenceValues, false],
  ['probe.parquet', 'lists', 'float64', referenceValues, false],
  ['probe.parquet', 'a', 'float32', columnOf(0), false],
  ['probe.parquet', 'b', 'int32', columnOf(1), false],
  ['probe.parquet', 'half', 'float16', columnOf(2), false],
  ['none.parquet', 'all columns', 'float32', twoColumns(), false],
  ['gzip.parquet', 'all columns', 'float32', twoColumns(), false],
  ['zstd.parquet', 'all columns', 'float32', twoColumns(), false],
  ['brotli.parquet', 'all columns', 'float32', twoColumns(), false],
  ['lz4.parquet', 'all columns', 'float32', twoColumns(), false],
  ['images-idx4-ubyte', undefined, 'uint8', referenceImages, true],
  ['images-idx4-ubyte.gz', undefined, 'uint8', referenceImages, false],
  ['values-idx2-int', undefined, 'int32', referenceValues, true],
  ['values-idx2-float', undefined, 'float32', referenceValues, true],
  ['cifar-10.bin', 'images', 'uint8', cifarPixels(), true],
  ['cifar-100.bin', undefined, 'uint8', cifarPixels(), true],
];

function columnOf(column: number): number[] {
  return referenceValues.filter((_, at) => at % 6 === column);
}

function twoColumns(): number[] {
  return referenceValues.filter((_, at) => at % 6 < 2);
}

function cifarPixels(): number[] {
  return Array.from({ length: 3 * 3072 }, (_, at) => at % 253);
}

/** A copy of a file of the reference under another name, changed. */
function changed(name: string, change: (bytes: Buffer) => Buffer, as = name): string {
  const path = join(temporaryFolder(), as);
  writeFileSync(path, change(readFileSync(arrayFile(name))));
  return path;
}

describe('every format, written by the real tools', () => {
  it.each(arrays)('%s, array %s, is %s', async (file, key, dtype, expected, isRandom) => {
    const source = await openArray(arrayFile(file), key);
    expect(source.header.dtype).toBe(dtype);
    expect(await valuesOf(source)).toEqual(expected);
    expect(await valuesOf(source)).toEqual(expected);
    expect(await valuesAt(source)).toEqual(isRandom ? expected : null);
  });

  it('is told by its content, not by its name', async () => {
    for (const name of ['probe.npz', 'probe.h5', 'probe.safetensors', 'probe.parquet']) {
      const path = changed(name, (bytes) => bytes, 'data.npy');
      expect((await inspectArrayFile(path)).arrays).toEqual((await inspectArrayFile(arrayFile(name))).arrays);
    }
  });

  it('with one dataset a sample is an array of all of them, in the order of their names', async () => {
    const path = arrayFile('groups.h5');
    const { arrays, others } = await inspectArrayFile(path);
    expect(arrays[0]).toEqual({ key: 'pictures/*', dtype: 'uint8', shape: [70, 4, 6] });
    expect(arrays).toHaveLength(1 + 70 + 64);
    const names = Array.from({ length: 70 }, (_, at) => String(at)).sort();
    const values = names.flatMap((name) => Array.from({ length: 24 }, (_, at) => Number(name) + at));
    const source = await openArray(path, 'pictures/*');
    expect(await valuesOf(source)).toEqual(values);
    expect(await valuesAt(source)).toEqual(values);
    expect(others).toEqual([
      {
        key: 'uneven/*',
        why: expect.stringMatching(
          /^holds 64 datasets that are not of one type and shape \(uneven\/00 is float32 3 x 5, uneven\/01 float32 4 x 5\)/,
        ) as string,
      },
    ]);
    await expect(openArray(path, 'uneven/*')).rejects.toThrow(
      /^groups\.h5, array "uneven\/\*" holds 64 datasets/,
    );
  });

  it('lists what can be read, and says of the rest why not when it is asked for', async () => {
    const { arrays: found } = await inspectArrayFile(arrayFile('probe.h5'));
    expect(found.map(({ key, shape }) => `${key} ${shape.join('x')}`).sort()).toEqual([
      'images 12x2x4x3',
      'layers/block1/big 12x6',
      'layers/block1/flags 12x6',
      'layers/block1/half 12x6',
      'layers/block1/packed 12x6',
      'layers/block1/wide 12x6',
      'outside 12x6',
      'scalar ',
      'soft 12x6',
      'values 12x6',
    ]);
    const refusal = (file: string, key?: string) =>
      openArray(arrayFile(file), key).then(valuesOf, (error: Error) => error.message);
    expect(await refusal('probe.h5', 'complex')).toMatch(/holds no plain numbers/);
    expect(await refusal('probe.h5', 'ids')).toMatch(/array "ids" holds texts/);
    expect(await refusal('probe.h5', 'fixed_ids')).toMatch(/array "fixed_ids" holds texts/);
    expect(await refusal('probe.h5', 'lzf')).toMatch(/packed with the filter "lzf"; gzip is read/);
    expect(await refusal('probe.h5', 'virtual')).toMatch(/virtual dataset of other files, which are never/);
    expect(await refusal('probe.h5', 'elsewhere')).toMatch(/has no array "elsewhere"/);
    expect(await refusal('pickled.npy')).toMatch(/Python objects \(a pickle\), which are never loaded/);
  });

  it('reads texts, which name samples', async () => {
    const expected = Array.from({ length: 12 }, (_, at) => `sample-${String(at).padStart(2, '0')}`);
    const texts = [
      ['probe.npz', 'ids'],
      ['packed.npz', 'ids'],
      ['probe.h5', 'ids'],
      ['probe.h5', 'fixed_ids'],
      ['probe.parquet', 'ids'],
    ];
    for (const [file, key] of texts) {
      const { members } = await openContainer(arrayFile(file));
      expect(await members.find((member) => member.key === key)?.texts?.read(), file).toEqual(expected);
    }
  });
});

describe('HDF5', () => {
  it('that is noise behind its signature is damaged, not a link to a plugin', async () => {
    const noise = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 197 + 13) % 256));
    const path = changed('probe.h5', (bytes) => Buffer.concat([bytes.subarray(0, 8), noise]));
    await expect(openContainer(path)).rejects.toThrow(
      /^probe\.h5 cannot be opened as HDF5: .*it is damaged or cut off/,
    );
  });

  it('never opens another file, even one that is there', async () => {
    const path = changed('probe.h5', (bytes) => bytes);
    writeFileSync(join(path, '../raw-values.bin'), Buffer.alloc(288, 1));
    writeFileSync(join(path, '../other.h5'), readFileSync(arrayFile('probe.h5')));
    await expect(openArray(path, 'outside').then(valuesOf)).rejects.toThrow(
      /probe\.h5, dataset "outside", cannot be read: it lies in another file \(".*raw-values\.bin"\), which is never opened/,
    );
    await expect(openArray(path, 'elsewhere')).rejects.toThrow(/has no array "elsewhere"/);
  });

  it('is refused in one sentence where it is cut off, and others are read after it', async () => {
    const whole = readFileSync(arrayFile('probe.h5')).length;
    for (const length of [600, 2000, whole >> 1, whole - 100]) {
      const path = changed('probe.h5', (bytes) => bytes.subarray(0, length));
      await expect(openArray(path, 'images').then(valuesOf)).rejects.toMatchObject({ code: 'bad-data' });
      expect(await openArray(arrayFile('probe.h5'), 'values').then(valuesOf)).toEqual(referenceValues);
    }
  });
});

describe('Parquet', () => {
  it('refuses gaps, lists of different lengths and columns of other kinds', async () => {
    const path = arrayFile('probe.parquet');
    await expect(openArray(path, 'gaps').then(valuesOf)).rejects.toThrow(
      /array "gaps", row 4, has no number \(null\)/,
    );
    await expect(openArray(path, 'uneven').then(valuesOf)).rejects.toThrow(
      /row 1, has a list of 2 values where the first row has 1/,
    );
    await expect(openArray(path, 'ids')).rejects.toThrow(/column of texts/);
  });

  it('refuses a file that is cut off', async () => {
    const path = changed('probe.parquet', (bytes) => bytes.subarray(0, bytes.length - 9));
    await expect(openArray(path, 'a')).rejects.toThrow(/is cut off: a Parquet file ends as it begins/);
  });
});

describe('safetensors', () => {
  const header = (text: string, values: number) => (_: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(text.length, 0);
    return Buffer.concat([head, Buffer.from(text), Buffer.alloc(values)]);
  };
  it.each([
    [
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}',
      12,
      /values are at bytes 4 to 12, where 8 was due/,
    ],
    ['{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}', 16, /at bytes 8 to 16, where 0 was due/],
    ['{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}', 8, /its shape needs 12 bytes, it has 8/],
    [
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
      4,
      /is cut off: its tensors need 8 bytes, it has 4/,
    ],
    [
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
      9,
      /is damaged: its tensors need 8 bytes, it has 9/,
    ],
    ['{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}', 8, /has dtype F8_E4M3; .* convert it/],
    ['{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}', 8, /has no dtype, shape and data_offsets/],
    ['{"a":{"dtype":"F32","shape":[9007199254740991,9],"data_offsets":[0,8]}}', 8, /that no memory can hold/],
    [
      '{"../../x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
      8,
      /named "\.\.\/\.\.\/x", which is no plain name/,
    ],
    ['{"a":', 0, /header that is no JSON/],
    ['{}', 0, /holds no tensors/],
  ])('refuses %s', async (text, values, sentence) => {
    const path = changed('probe.safetensors', header(text, values));
    await expect(inspectArrayFile(path)).rejects.toThrow(sentence);
  });
});

describe('IDX and CIFAR', () => {
  it('refuse files of another length than they promise', async () => {
    await expect(openArray(changed('values-idx2-int', (bytes) => bytes.subarray(0, 99)))).rejects.toThrow(
      /values-idx2-int is cut off: its header promises 300 bytes, it has 99/,
    );
    const packed = (bytes: Buffer) => gzipSync(bytes.subarray(0, bytes.length - 9));
    await expect(openArray(changed('images-idx4-ubyte', packed)).then(valuesOf)).rejects.toThrow(
      /ends before its last sample/,
    );
    await expect(
      openArray(changed('images-idx4-ubyte.gz', (bytes) => bytes.subarray(0, 200))).then(valuesOf),
    ).rejects.toMatchObject({ code: 'bad-data' });
    await expect(openArray(changed('cifar-10.bin', (bytes) => bytes.subarray(1)))).rejects.toThrow(
      /is no CIFAR binary/,
    );
  });
});

describe('.npz', () => {
  it('refuses archives that unpack to more than they can hold, and names that leave a folder', async () => {
    const array = npyBytes('<f4', [2], Float32Array.of(1, 2));
    const file = (bytes: Buffer) => {
      const path = join(temporaryFolder(), 'bomb.npz');
      writeFileSync(path, bytes);
      return path;
    };
    const honest = zipBytes([{ name: 'a.npy', bytes: array }]);
    const directory = honest.lastIndexOf('PK\u0001\u0002');
    const lying = Buffer.from(honest);
    lying.writeUInt32LE(0x7fffffff, directory + 24);
    await expect(inspectArrayFile(file(lying))).rejects.toThrow(
      /no honest archive: "a\.npy" claims to unpack to 2147483647/,
    );
    const traversal = zipBytes([{ name: '../../etc/a.npy', bytes: array }]);
    await expect(inspectArrayFile(file(traversal))).rejects.toMatchObject({ code: 'bad-data' });
  });
});

describe('Fortran order', () => {
  it('is gathered from a file that is larger than what may be held', async () => {
    // 300 MB of one column that is not zero: a sparse file.
    const rows = 1_200_000;
    const path = join(temporaryFolder(), 'large.npy');
    const head = npyBytes('<f4', [rows, 64], new Uint8Array(0), { fortran: true });
    writeFileSync(
      path,
      Buffer.concat([head, Buffer.from(Float32Array.from({ length: rows }, (_, at) => at).buffer)]),
    );
    truncateSync(path, head.length + rows * 64 * 4);
    const { readAt } = await openArray(path);
    const into = new Uint8Array(3 * 64 * 4);
    await readAt?.(1_000_000 * 64 * 4, into);
    const found = new Float32Array(into.buffer);
    expect([found[0], found[1], found[64], found[128]]).toEqual([1_000_000, 0, 1_000_001, 1_000_002]);
  });
});
