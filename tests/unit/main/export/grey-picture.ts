import { inflateSync } from 'node:zlib';

/** Luminance of every pixel over white, 0 to 255. */
export interface GreyPicture {
  rows: number;
  cols: number;
  grey: Float32Array;
}

/** Reads a PNG of 8 bits a channel, not interlaced: what renderers write (PNG, third edition, sections 9 and 11). */
export function greyOfPng(png: Uint8Array): GreyPicture {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.length);
  const [cols, rows] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const [depth, kind, , , interlaced] = bytes.subarray(24, 29);
  const channels = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[kind];
  if (depth !== 8 || interlaced !== 0 || channels === undefined) {
    throw new RangeError(
      `No picture of this kind is read: depth ${depth}, type ${kind}, interlaced ${interlaced}.`,
    );
  }
  const parts: Buffer[] = [];
  let palette: Buffer | undefined;
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const data = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
    const name = bytes.toString('latin1', at + 4, at + 8);
    if (name === 'IDAT') parts.push(data);
    if (name === 'PLTE') palette = data;
  }
  const raw = unfiltered(inflateSync(Buffer.concat(parts)), rows, cols * channels, channels);
  const grey = new Float32Array(rows * cols);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const at = pixel * channels;
    const value = palette ? light(palette, 3 * raw[at]) : channels < 3 ? raw[at] : light(raw, at);
    const alpha = channels % 2 === 0 ? raw[at + channels - 1] / 255 : 1;
    grey[pixel] = value * alpha + 255 * (1 - alpha);
  }
  return { rows, cols, grey };
}

function light(source: Uint8Array, from: number): number {
  return 0.2126 * source[from] + 0.7152 * source[from + 1] + 0.0722 * source[from + 2];
}

function unfiltered(data: Uint8Array, rows: number, stride: number, channels: number): Uint8Array {
  const out = new Uint8Array(rows * stride);
  for (let row = 0; row < rows; row++) {
    const filter = data[row * (stride + 1)];
    for (let col = 0; col < stride; col++) {
      const at = row * stride + col;
      const left = col >= channels ? out[at - channels] : 0;
      const up = row > 0 ? out[at - stride] : 0;
      const corner = row > 0 && col >= channels ? out[at - stride - channels] : 0;
      out[at] = data[row * (stride + 1) + 1 + col] + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  return filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** Means of squares of `block` pixels a side, row by row; what is left over at the far edges is not looked at. */
export function blockMeans({ rows, cols, grey }: GreyPicture, block: number): number[][] {
  return Array.from({ length: Math.floor(rows / block) }, (_, row) =>
    Array.from({ length: Math.floor(cols / block) }, (_, col) => {
      let sum = 0;
      for (let y = row * block; y < (row + 1) * block; y++) {
        for (let x = col * block; x < (col + 1) * block; x++) sum += grey[y * cols + x];
      }
      return sum / (block * block);
    }),
  );
}

/** Half as large on either side. */
export function halved(picture: GreyPicture): GreyPicture {
  const rows = blockMeans(picture, 2);
  return { rows: rows.length, cols: rows[0].length, grey: Float32Array.from(rows.flat()) };
}
