import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDataset } from '#workers/data/dataset.ts';
import { inspectArrayFile } from '#workers/data/inspect-data.ts';
import { decodeImage } from '#workers/data/images/decode-image.ts';
import { previewSamples } from '#workers/data/preview.ts';

// Files that pyarrow and h5py wrote: see generate_encoded_images.py.
const reference = join(import.meta.dirname, '../../../../reference');
const encoded = (name: string) => join(reference, 'encoded', name);
const names = [
  'colour.jpg',
  'grey.jpg',
  'palette.png',
  'cmyk.jpg',
  'progressive.jpg',
  'one-bit.png',
  'turned.jpg',
  'full-chroma.jpg',
];

async function imagesOf(file: string, key?: string) {
  const dataset = await openDataset({ path: encoded(file), key, scale: 1 });
  if (!dataset.images) return expect.unreachable(`${file} was read as an array`);
  return { dataset, images: dataset.images };
}

async function decodedFile(name: string) {
  return decodeImage(readFileSync(join(reference, 'images', name)), name);
}

describe('encoded images in a table', () => {
  it.each([
    ['a struct of bytes and path, as Hugging Face writes it', 'datasets.parquet', undefined],
    ['a struct, named', 'datasets.parquet', 'image'],
    ['a binary column in many pages, some of a dictionary', 'pages.parquet', undefined],
    ['pages of version 2 without a dictionary', 'pages-v2.parquet', 'jpeg'],
    ['HDF5, byte arrays of variable length', 'encoded.h5', 'jpeg'],
    ['HDF5, the same in packed chunks', 'encoded.h5', 'packed'],
    ['HDF5, opaque', 'encoded.h5', 'opaque'],
  ] as const)('are the pictures of the files they were made of: %s', async (_, file, key) => {
    const { dataset, images } = await imagesOf(file, key);
    const rows = images.samples;
    expect(rows).toBe(file.startsWith('pages') ? 16 : 8);
    // From the last to the first: any row can be read.
    for (let row = rows - 1; row >= 0; row--) {
      const [found, asked] = [await images.decode(row, {}), await decodedFile(names[row % 8])];
      expect(
        Buffer.compare(Buffer.from(found.data.buffer), Buffer.from(asked.data.buffer)),
        `row ${row}`,
      ).toBe(0);
    }
    dataset.close();
  });
});

describe('what is told of such a file', () => {
  it('names the columns of images, what lies beside them, and what neither is', async () => {
    const { arrays, others } = await inspectArrayFile(encoded('bad.parquet'));
    expect(arrays).toEqual([
      {
        key: 'image',
        dtype: 'image',
        shape: [8],
        images: expect.objectContaining({ count: 8, width: 61, height: 45 }),
      },
      { key: 'label', dtype: 'int64', shape: [8] },
    ]);
    expect(others).toEqual([{ key: 'caption', why: expect.stringMatching(/^is a column of texts/) }]);
    const h5 = await inspectArrayFile(encoded('encoded.h5'));
    expect(h5.arrays.filter(({ images }) => images).map(({ key }) => key)).toEqual([
      'bad',
      'jpeg',
      'opaque',
      'packed',
    ]);
    expect(h5.others!.map(({ key }) => key)).toEqual(['floats', 'ids']);
  });

  it('says which column to name where several could be meant, and refuses what cannot be', async () => {
    const open = (file: string, more = {}) => openDataset({ path: encoded(file), scale: 1, ...more });
    await expect(open('encoded.h5')).rejects.toThrow(/holds .*name one as data\.key/);
    await expect(open('bad.parquet', { key: 'caption' })).rejects.toThrow(
      'bad.parquet, array "caption" is a column of texts; columns of numbers, of lists of numbers and of encoded images are read.',
    );
    await expect(open('encoded.h5', { key: 'floats' })).rejects.toThrow(
      /"floats" is of a type that holds no plain numbers/,
    );
    await expect(open('datasets.parquet', { layout: 'NHWC' })).rejects.toThrow('Images need no data.layout');
    await expect(open('datasets.parquet', { key: 'pixels' })).rejects.toThrow(
      'datasets.parquet has no array "pixels"; it holds label and image.',
    );
  });
});

describe('a row that is no picture', () => {
  it.each([
    ['bad.parquet', undefined, 2, /^row 2 of bad\.parquet cannot be decoded: /],
    [
      'bad.parquet',
      undefined,
      4,
      /^row 4 of bad\.parquet has no bytes \(null\); paths beside them are not followed/,
    ],
    ['bad.parquet', undefined, 5, /^row 5 of bad\.parquet is no JPEG, PNG, WebP, TIFF or BMP image/],
    ['bad.parquet', undefined, 6, /^row 6 of bad\.parquet is empty \(0 bytes\)/],
    ['encoded.h5', 'bad', 2, /^row 2 of encoded\.h5 cannot be decoded: /],
    ['encoded.h5', 'bad', 4, /^row 4 of encoded\.h5 is empty \(0 bytes\)/],
  ] as const)('is named: %s %s %i', async (file, key, row, sentence) => {
    const { dataset, images } = await imagesOf(file, key);
    await expect(images.decode(row, {})).rejects.toThrow(sentence);
    await expect(images.decode(row + 1 === 8 ? 0 : 7, {})).resolves.toMatchObject({
      width: expect.any(Number),
    });
    dataset.close();
  });

  it('where only paths were kept, says that they are not followed', async () => {
    await expect(
      previewSamples({ path: encoded('paths-only.parquet'), key: 'image', scale: 1 }, 1),
    ).rejects.toThrow(
      /^row 0 of paths-only\.parquet has no bytes \(null\); .* Repair or remove it, or leave such images out with data\.onError: skip\.$/,
    );
  });
});
