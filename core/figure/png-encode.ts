import type { IndexedImage, RgbImage } from './scene.ts';

/** Makes a zlib stream (RFC 1950) of the bytes, the same for the same input. */
export type Deflate = (bytes: Uint8Array) => Uint8Array;

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const storedBlockMax = 65535;

/** An indexed or a true-colour PNG, one pixel a cell, without time or text chunks (PNG Specification, third edition, W3C). */
export function encodePng(image: IndexedImage | RgbImage, deflate: Deflate = storedZlib): Uint8Array {
  return 'palette' in image ? encodeIndexedPng(image, deflate) : encodeRgbPng(image, deflate);
}

/** One byte a cell and a palette of 256 colours. Without `deflate` the cells are stored uncompressed. */
export function encodeIndexedPng(image: IndexedImage, deflate: Deflate = storedZlib): Uint8Array {
  const { rows, cols, cells, palette } = image;
  if (rows < 1 || cols < 1 || cells.length !== rows * cols || palette.length !== 768) {
    throw new RangeError(`A ${rows} x ${cols} picture needs ${rows * cols} cells and 256 colours.`);
  }
  return pngFile(
    { rows, cols, colourType: 3 },
    [pngChunk('PLTE', palette)],
    deflate(linesOf(cells, rows, cols)),
  );
}

function encodeRgbPng({ rows, cols, rgb }: RgbImage, deflate: Deflate): Uint8Array {
  if (rows < 1 || cols < 1 || rgb.length !== 3 * rows * cols) {
    throw new RangeError(`A ${rows} x ${cols} picture needs ${3 * rows * cols} bytes.`);
  }
  return pngFile({ rows, cols, colourType: 2 }, [], deflate(linesOf(rgb, rows, 3 * cols)));
}

/** Every line begins with its filter type, 0. */
function linesOf(bytes: Uint8Array, rows: number, width: number): Uint8Array {
  const lines = new Uint8Array(rows * (width + 1));
  for (let row = 0; row < rows; row++) {
    lines.set(bytes.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  }
  return lines;
}

function pngFile(
  { rows, cols, colourType }: { rows: number; cols: number; colourType: 2 | 3 },
  before: Uint8Array[],
  packed: Uint8Array,
): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, cols);
  view.setUint32(4, rows);
  header.set([8, colourType, 0, 0, 0], 8);
  return concat([
    Uint8Array.from(signature),
    pngChunk('IHDR', header),
    ...before,
    pngChunk('IDAT', packed),
    pngChunk('IEND', new Uint8Array(0)),
  ]);
}

/** Length, type, data and CRC-32 of one PNG chunk. */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  for (let at = 0; at < 4; at++) chunk[4 + at] = type.charCodeAt(at);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

export function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A zlib stream of stored blocks: no compression, no dependency. */
export function storedZlib(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / storedBlockMax));
  const out = new Uint8Array(2 + 5 * blocks + bytes.length + 4);
  const view = new DataView(out.buffer);
  out.set([0x78, 0x01]);
  let at = 2;
  for (let block = 0; block < blocks; block++) {
    const part = bytes.subarray(block * storedBlockMax, (block + 1) * storedBlockMax);
    out[at] = block === blocks - 1 ? 1 : 0;
    view.setUint16(at + 1, part.length, true);
    view.setUint16(at + 3, part.length ^ 0xffff, true);
    out.set(part, at + 5);
    at += 5 + part.length;
  }
  view.setUint32(at, adler32(bytes));
  return out;
}

/** Tables for four bytes a step (slicing by four): the k-th tells of a byte k places further on. */
const crcTables = Array.from({ length: 4 }, () => new Int32Array(256));
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  crcTables[0][n] = c;
}
for (let n = 0; n < 256; n++) {
  for (let k = 1; k < 4; k++) {
    const c = crcTables[k - 1][n];
    crcTables[k][n] = crcTables[0][c & 255] ^ (c >>> 8);
  }
}

function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = crcTables;
  const whole = bytes.length & ~3;
  let crc = -1;
  for (let at = 0; at < whole; at += 4) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc = t3[crc & 255] ^ t2[(crc >>> 8) & 255] ^ t1[(crc >>> 16) & 255] ^ t0[crc >>> 24];
  }
  for (let at = whole; at < bytes.length; at++) crc = t0[(crc ^ bytes[at]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let from = 0; from < bytes.length; from += 3800) {
    // 3800 bytes cannot overflow 32 bits before the remainder is taken (zlib's NMAX is 5552).
    const to = Math.min(from + 3800, bytes.length);
    for (let at = from; at < to; at++) {
      a += bytes[at];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
