import type Sharp from 'sharp';
import type { Preprocess } from '#core/domain/preprocess.ts';
import { AppError } from '#core/errors.ts';
import { badImage } from './image-files.ts';
import { emptyLike, type Picture } from './picture.ts';
import { readBmp } from './read-bmp.ts';

/** A picture with more pixels is refused before it is decoded: 10 000 x 10 000. */
const mostPixels = 1e8;

let loaded: Promise<typeof Sharp> | undefined;

/** Loaded with the first image: runs on arrays need none of it. */
function sharpLibrary(): Promise<typeof Sharp> {
  loaded ??= import('sharp').then(
    ({ default: sharp }) => {
      // Several pictures are decoded side by side: each by one thread, none kept.
      sharp.concurrency(1);
      sharp.cache(false);
      return sharp;
    },
    (error: unknown) => {
      throw new AppError(
        'engine-failed',
        'sharp, which decodes images, cannot be loaded; run npm ci again (its prebuilt library for this system is missing).',
        {},
        error,
      );
    },
  );
  return loaded;
}

export type Decoding = Pick<Preprocess, 'orientation' | 'alpha'>;

/**
 * Decodes one JPEG, PNG, WebP, TIFF or BMP to grey or RGB, 0..255, as Pillow's `Image.open(...).convert('RGB')` does:
 * colour profiles are not applied, nor is EXIF orientation unless asked, alpha is dropped unless a background is named,
 * CMYK becomes (255 - C)(255 - K) / 255 and so on, the first page of a TIFF is read. Unlike Pillow, 16-bit values are
 * divided by 257 and keep their fractions (Pillow cuts them off at 255).
 */
export async function decodeImage(bytes: Uint8Array, name: string, how: Decoding = {}): Promise<Picture> {
  if (bytes.length === 0) throw badImage(name, 'is empty (0 bytes).');
  if (bytes[0] === 0x42 && bytes[1] === 0x4d) return readBmp(bytes, name, mostPixels);
  try {
    return await withSharp(bytes, name, how);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason =
      error instanceof Error ? error.message.split('\n')[0].replace(/[\s.:]+$/, '') : String(error);
    const what = /unsupported image format/i.test(reason)
      ? 'is no JPEG, PNG, WebP, TIFF or BMP image, whatever its name says.'
      : /exceeds pixel limit/i.test(reason)
        ? 'has more than 100 million pixels; make it smaller.'
        : `cannot be decoded: ${reason}.`;
    throw badImage(name, what, error);
  }
}

const formats = new Set(['jpeg', 'png', 'webp', 'tiff']);

async function withSharp(bytes: Uint8Array, name: string, how: Decoding): Promise<Picture> {
  const sharp = await sharpLibrary();
  const image = sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: mostPixels });
  const meta = await image.metadata();
  if (!formats.has(meta.format))
    throw badImage(name, `is ${meta.format}, not a JPEG, PNG, WebP, TIFF or BMP image.`);
  const isGrey = meta.space === 'b-w' || meta.space === 'grey16';
  const isDeep = meta.depth === 'ushort';
  if (!isDeep && meta.depth !== 'uchar')
    throw badImage(name, `holds ${meta.depth} numbers; 8 and 16 bits a channel are read.`);
  const turned = how.orientation === 'exif' ? image.autoOrient() : image;
  if (meta.space === 'cmyk') {
    const raw = await turned
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return fromCmyk(raw.data, raw.info.width, raw.info.height);
  }
  const space = isGrey ? (isDeep ? 'grey16' : 'b-w') : isDeep ? 'rgb16' : 'srgb';
  const { data, info } = await turned
    .toColourspace(space)
    .raw({ depth: isDeep ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const values = isDeep ? fromDeep(data) : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return withoutAlpha({ width, height, channels, data: values }, how.alpha ?? 'drop');
}

function fromDeep(bytes: Buffer): Float32Array {
  const values = new Float32Array(bytes.length >> 1);
  for (let at = 0; at < values.length; at++) values[at] = bytes.readUInt16LE(2 * at) / 257;
  return values;
}

/** 255 stands for no ink less, as Pillow converts: (255 - C) (255 - K) / 255, rounded. */
function fromCmyk(ink: Uint8Array, width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4) {
    const rest = 255 - ink[from + 3];
    for (let channel = 0; channel < 3; channel++)
      data[to++] = Math.max(0, rest - byteProduct(ink[from + channel], rest));
  }
  return { width, height, channels: 3, data };
}

/** a b / 255, rounded. */
function byteProduct(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

function withoutAlpha(picture: Picture, alpha: NonNullable<Decoding['alpha']>): Picture {
  const { channels, data, width, height } = picture;
  const kept = channels >= 3 ? 3 : 1;
  if (channels === kept) return picture;
  const out = emptyLike({ ...picture, channels: kept }, width, height);
  const ground = alpha === 'white' ? 255 : 0;
  const round = data instanceof Uint8Array ? Math.round : (value: number) => value;
  for (let from = 0, to = 0; to < out.data.length; from += channels) {
    const cover = alpha === 'drop' ? 1 : data[from + kept] / 255;
    for (let channel = 0; channel < kept; channel++)
      out.data[to++] = round(data[from + channel] * cover + ground * (1 - cover));
  }
  return out;
}
