import { badImage } from './image-files.ts';
import type { Picture } from './picture.ts';

/**
 * Reads a Windows bitmap (BITMAPINFOHEADER and later): 1, 4, 8, 24 and 32 bits a pixel, without compression, rows in
 * either order. libvips as built for sharp has no reader of its own.
 */
export function readBmp(bytes: Uint8Array, name: string, mostPixels: number): Picture {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 54) throw badImage(name, 'is cut off inside its header; copy it again.');
  const start = view.getUint32(10, true);
  const headerBytes = view.getUint32(14, true);
  const width = view.getInt32(18, true);
  const tall = view.getInt32(22, true);
  const bits = view.getUint16(28, true);
  const compression = view.getUint32(30, true);
  const height = Math.abs(tall);
  if (headerBytes < 40 || width <= 0 || height === 0) throw badImage(name, 'has a damaged BMP header.');
  if (width * height > mostPixels)
    throw badImage(name, `has ${width} x ${height} pixels, more than are read; make it smaller.`);
  const isBitfields = compression === 3 && bits === 32;
  if (![1, 4, 8, 24, 32].includes(bits) || (compression !== 0 && !isBitfields))
    throw badImage(
      name,
      `is a BMP of ${bits} bits with compression ${compression}; plain ones are read: save it as PNG.`,
    );
  if (isBitfields && (view.getUint32(54, true) !== 0xff0000 || view.getUint32(62, true) !== 0xff))
    throw badImage(name, 'is a BMP with an unusual order of colours; save it as PNG.');
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (start + rowBytes * height > bytes.length) throw badImage(name, 'is cut off; copy it again.');
  const data = new Uint8Array(width * height * 3);
  const palette = 14 + headerBytes;
  const colours = bits <= 8 ? view.getUint32(46, true) || 1 << bits : 0;
  for (let row = 0; row < height; row++) {
    const from = start + (tall > 0 ? height - 1 - row : row) * rowBytes;
    for (let col = 0, to = row * width * 3; col < width; col++, to += 3) {
      let at = from + (col * bits) / 8;
      if (bits <= 8) {
        const perByte = 8 / bits;
        const byte = bytes[from + Math.floor(col / perByte)];
        const index = (byte >> ((perByte - 1 - (col % perByte)) * bits)) & ((1 << bits) - 1);
        at = palette + 4 * index;
        if (index >= colours || at + 3 > start) throw badImage(name, 'names colours it does not have.');
      }
      data[to] = bytes[at + 2];
      data[to + 1] = bytes[at + 1];
      data[to + 2] = bytes[at];
    }
  }
  return { width, height, channels: 3, data };
}
