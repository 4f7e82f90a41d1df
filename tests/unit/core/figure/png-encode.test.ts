import { deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { base64Of } from '#core/figure/base64.ts';
import { reduceImage } from '#core/figure/image-reduce.ts';
import { encodeIndexedPng, storedZlib } from '#core/figure/png-encode.ts';
import { paletteOf } from '#core/figure/colour/maps.ts';
import { decodeIndexedPng } from '#main/export/embedded-images.ts';

const image = (rows: number, cols: number) => ({
  rows,
  cols,
  cells: Uint8Array.from({ length: rows * cols }, (_, at) => (at * 7) % 256),
  palette: paletteOf('viridis'),
});

test.each([0, 1, 65535, 65536, 200_000])('stored zlib of %i bytes is read back by zlib', (length) => {
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 255);
  expect(inflateSync(storedZlib(bytes)).equals(bytes)).toBe(true);
});

test.each([
  [1, 1],
  [3, 5],
  [300, 400],
])('a PNG of %i x %i cells is read back, stored and deflated', (rows, cols) => {
  const source = image(rows, cols);
  for (const png of [encodeIndexedPng(source), encodeIndexedPng(source, (bytes) => deflateSync(bytes))]) {
    const read = decodeIndexedPng(Buffer.from(png));
    expect([read.rows, read.cols]).toEqual([rows, cols]);
    expect(Buffer.from(read.cells).equals(source.cells)).toBe(true);
  }
});

test('a picture that contradicts itself is refused', () => {
  expect(() => encodeIndexedPng({ ...image(2, 2), rows: 3 })).toThrow('3 x 2');
});

test.each([0, 1, 2, 3, 24_575, 24_576, 24_577])('base64 of %i bytes', (length) => {
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 13) & 255);
  expect(base64Of(bytes)).toBe(Buffer.from(bytes).toString('base64'));
});

test('reducing takes means weighted by overlap and leaves missing cells out', () => {
  const of = (rows: number, cols: number, ...cells: number[]) => ({
    ...image(rows, cols),
    cells: Uint8Array.from(cells),
  });
  expect([...reduceImage(of(2, 2, 0, 100, 50, 250), 1, 1).cells]).toEqual([100]);
  expect([...reduceImage(of(1, 3, 0, 90, 180), 1, 2).cells]).toEqual([30, 150]);
  expect([...reduceImage(of(1, 2, 255, 40), 1, 1).cells]).toEqual([40]);
  expect([...reduceImage(of(1, 2, 255, 255), 1, 1).cells]).toEqual([255]);
  const small = image(2, 3);
  expect(reduceImage(small, 9, 9)).toBe(small);
});
