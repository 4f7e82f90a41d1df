import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolvePreprocess, type Preprocess, type PreprocessFile } from '#core/domain/preprocess.ts';
import { decodeImage } from '#workers/data/images/decode-image.ts';
import { preparePicture, writeNumbers } from '#workers/data/images/prepare-picture.ts';
import { resizePicture } from '#workers/data/images/resize-picture.ts';
import { npzValues } from '../../../../fixtures/npz-values.ts';

// Pillow's own results, see generate_image_reference.py: bytes are equal, numbers to float32's rounding.
const folder = join(import.meta.dirname, '../../../../reference');
let reference: Awaited<ReturnType<typeof npzValues>>;
beforeAll(async () => {
  reference = await npzValues(join(folder, 'images-reference.npz'));
});

const bytesOf = (name: string) => readFileSync(join(folder, 'images', name));
const decoded = (name: string, how = {}) => decodeImage(bytesOf(name), name, how);

function largestDifference(found: ArrayLike<number>, key: string): number {
  const { values } = reference.get(key)!;
  expect(found.length).toBe(values.length);
  return values.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at])), 0);
}

describe('decoding', () => {
  it.each([
    'colour.jpg',
    'full-chroma.jpg',
    'progressive.jpg',
    'turned.jpg',
    'grey.jpg',
    'cmyk.jpg',
    'colour.png',
    'palette.png',
    'alpha.png',
    'grey-alpha.png',
    'one-bit.png',
    'colour.webp',
    'colour.tif',
    'colour.bmp',
    'palette.bmp',
    'one-bit.bmp',
  ])('gives the bytes of Pillow: %s', async (name) => {
    const picture = preparePicture(await decoded(name), { scale: 1 }, 3);
    expect([picture.width, picture.height]).toEqual([61, 45]);
    expect(largestDifference(picture.data, `decoded.${name}`)).toBe(0);
  });

  it('keeps all of 16 bits, in 0..255', async () => {
    const picture = await decoded('deep.png');
    expect(picture.channels).toBe(1);
    expect(largestDifference(picture.data.map((value) => value * 257) as Float32Array, 'deep')).toBeLessThan(
      0.01,
    );
  });

  it('turns a picture as its camera noted, where that is asked for', async () => {
    const [stored, turned] = [
      await decoded('turned.jpg'),
      await decoded('turned.jpg', { orientation: 'exif' }),
    ];
    expect([turned.width, turned.height]).toEqual([45, 61]);
    // Orientation 6: the first row becomes the last column.
    for (const col of [0, 20, 60])
      for (const channel of [0, 1, 2])
        expect(turned.data[(col * 45 + 44) * 3 + channel]).toBe(stored.data[col * 3 + channel]);
  });

  it('puts a ground under transparent pixels, where one is named', async () => {
    const [kept, black, white] = await Promise.all(
      (['drop', 'black', 'white'] as const).map((alpha) => decoded('alpha.png', { alpha })),
    );
    expect(kept.channels).toBe(3);
    const cover = (white.data[0] - black.data[0]) / -255 + 1;
    expect(Math.abs(black.data[0] - kept.data[0] * cover)).toBeLessThan(1);
    expect(Math.max(...black.data)).toBeLessThan(256);
  });
});

describe('resizing', () => {
  it.each([
    ['smaller-bilinear', 23, 17, 'bilinear'],
    ['smaller-bicubic', 23, 17, 'bicubic'],
    ['larger-bilinear', 140, 99, 'bilinear'],
    ['larger-bicubic', 140, 99, 'bicubic'],
    ['mixed-bicubic', 20, 90, 'bicubic'],
  ] as const)('gives the bytes of Pillow: %s', async (name, width, height, filter) => {
    const picture = resizePicture(await decoded('colour.jpg'), width, height, filter);
    expect(largestDifference(picture.data, `resized.${name}`)).toBe(0);
  });

  it('of numbers differs from that of bytes by their rounding', async () => {
    const bytes = await decoded('colour.jpg');
    const numbers = { ...bytes, data: Float32Array.from(bytes.data) };
    const [one, other] = [bytes, numbers].map((picture) => resizePicture(picture, 23, 17, 'bilinear').data);
    const most = Math.max(...Array.from(one, (value, at) => Math.abs(value - other[at])));
    expect(most).toBeGreaterThan(0.1);
    expect(most).toBeLessThan(1.01);
  });
});

describe('what a network reads', () => {
  async function prepared(keys: PreprocessFile, every = 1): Promise<Float32Array> {
    const how: Preprocess = resolvePreprocess(keys);
    const picture = preparePicture(await decoded('colour.jpg'), how, how.channels === 'grey' ? 1 : 3);
    const { width, height, channels } = picture;
    const out = new Float32Array(width * height * channels);
    writeNumbers(picture, how, out, 'first');
    return out.filter(
      (_, at) => (at % width) % every === 0 && (Math.floor(at / width) % height) % every === 0,
    );
  }

  it.each([
    ['imagenet', { preset: 'imagenet' }, 9],
    ['clip', { preset: 'clip' }, 9],
    ['small', { preset: 'imagenet', resize: 20, crop: 17 }, 1],
    [
      'grey',
      {
        channels: 'grey',
        resize: 24,
        interpolation: 'bicubic',
        crop: 16,
        scale: 1 / 255,
        mean: 0.5,
        std: 0.25,
      },
      1,
    ],
    ['padded', { crop: 51, scale: 1 / 255 }, 1],
  ] as [string, PreprocessFile, number][])('is what torchvision makes: %s', async (name, keys, every) => {
    expect(largestDifference(await prepared(keys, every), `prepared.${name}`)).toBeLessThan(1e-6);
  });

  it('has its channels in the order asked for, means with them, first or last', async () => {
    const picture = { width: 1, height: 2, channels: 3, data: Uint8Array.of(10, 20, 30, 40, 50, 60) };
    const write = (how: Preprocess, order: 'first' | 'last') => {
      const out = new Float32Array(6);
      writeNumbers(picture, how, out, order);
      return [...out];
    };
    expect(write({ scale: 1 }, 'first')).toEqual([10, 40, 20, 50, 30, 60]);
    expect(write({ scale: 1 }, 'last')).toEqual([10, 20, 30, 40, 50, 60]);
    expect(write({ scale: 1, channels: 'bgr', mean: [30, 20, 10] }, 'first')).toEqual([0, 30, 0, 30, 0, 30]);
  });
});

describe('files that are no pictures', () => {
  it.each([
    [
      'half a JPEG',
      () => bytesOf('colour.jpg').subarray(0, 900),
      'cannot be decoded: VipsJpeg: premature end',
    ],
    ['half a PNG', () => bytesOf('colour.png').subarray(0, 3000), 'cannot be decoded'],
    ['half a BMP', () => bytesOf('colour.bmp').subarray(0, 3000), 'is cut off; copy it again.'],
    ['nothing', () => new Uint8Array(0), 'is empty (0 bytes).'],
    ['text', () => Buffer.from('a text that is no image'), 'is no JPEG, PNG, WebP, TIFF or BMP image'],
    [
      'an SVG',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'),
      'is svg, not a JPEG',
    ],
    ['a BMP of a billion pixels', () => hugeBmp(), 'has 40000 x 40000 pixels, more than are read'],
  ])('%s', async (_, bytes, sentence) => {
    await expect(decodeImage(bytes(), 'a/picture.jpg')).rejects.toThrow(`a/picture.jpg ${sentence}`);
  });

  it('a PNG that claims more than 100 million pixels, before it is decoded', async () => {
    const png = Buffer.from(bytesOf('colour.png'));
    png.writeUInt32BE(20_000, 16);
    png.writeUInt32BE(20_000, 20);
    const { crc32 } = await import('node:zlib');
    png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
    await expect(decodeImage(png, 'bomb.png')).rejects.toThrow('bomb.png has more than 100 million pixels');
  });
});

function hugeBmp(): Buffer {
  const bmp = Buffer.from(bytesOf('colour.bmp'));
  bmp.writeInt32LE(40_000, 18);
  bmp.writeInt32LE(40_000, 22);
  return bmp;
}
