import { deflateSync, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { base64Of } from '#core/figure/base64.ts';
import { reduceImage } from '#core/figure/image-reduce.ts';
import { encodeIndexedPng, encodePng, storedZlib } from '#core/figure/png-encode.ts';
import { paletteOf } from '#core/figure/colour/maps.ts';

const image = (rows: number, cols: number) => ({
  rows,
  cols,
  cells: Uint8Array.from({ length: rows * cols }, (_, at) => (at * 7) % 256),
  palette: paletteOf('viridis'),
});

/** Width, height, and the bytes of every line without its filter type, which has to be 0. */
function decoded(png: Buffer): { rows: number; cols: number; colourType: number; bytes: Buffer } {
  const [cols, rows, colourType] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25]];
  let packed = Buffer.alloc(0);
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) !== 'IDAT') continue;
    packed = Buffer.concat([packed, png.subarray(at + 8, at + 8 + png.readUInt32BE(at))]);
  }
  const lines = inflateSync(packed);
  const width = lines.length / rows;
  const parts = Array.from({ length: rows }, (_, row) => {
    expect(lines[row * width]).toBe(0);
    return lines.subarray(row * width + 1, (row + 1) * width);
  });
  return { rows, cols, colourType, bytes: Buffer.concat(parts) };
}

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
    const read = decoded(Buffer.from(png));
    expect([read.rows, read.cols, read.colourType]).toEqual([rows, cols, 3]);
    expect(read.bytes.equals(source.cells)).toBe(true);
  }
});

test('a picture in true colour is read back', () => {
  const rgb = Uint8Array.from({ length: 3 * 2 * 4 }, (_, at) => at * 9);
  const read = decoded(Buffer.from(encodePng({ rows: 2, cols: 4, rgb })));
  expect([read.rows, read.cols, read.colourType]).toEqual([2, 4, 2]);
  expect(read.bytes.equals(rgb)).toBe(true);
  expect(() => encodePng({ rows: 2, cols: 2, rgb })).toThrow('2 x 2');
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
