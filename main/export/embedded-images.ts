import { inflateSync } from 'node:zlib';
import { base64Of } from '#core/figure/base64.ts';
import { reduceImage } from '#core/figure/image-reduce.ts';
import { encodeIndexedPng } from '#core/figure/png-encode.ts';
import type { IndexedImage } from '#core/figure/scene.ts';

const imageTag =
  /<image x="[\d.-]+" y="[\d.-]+" width="([\d.]+)" height="([\d.]+)"([^>]*?)xlink:href="data:image\/png;base64,([^"]+)"/g;

/**
 * One of our SVGs with every matrix that has more cells than pixels at `dpi` averaged down to the pixels. A renderer
 * that draws pixelated images by taking the nearest cell would skip rows and columns instead.
 */
export function reduceEmbeddedImages(svg: string, dpi: number): string {
  return svg.replace(imageTag, (tag, width: string, height: string, _rest, data: string) => {
    const pixels = (pt: string): number => Math.max(1, Math.ceil((Number(pt) * dpi) / 72));
    const png = Buffer.from(data, 'base64');
    const [cols, rows] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    if (cols <= pixels(width) && rows <= pixels(height)) return tag;
    const reduced = reduceImage(decodeIndexedPng(png), pixels(height), pixels(width));
    return tag.replace(data, base64Of(encodeIndexedPng(reduced)));
  });
}

/** Reads back what `encodeIndexedPng` writes: 8-bit palette, no filter, one IDAT chunk. */
export function decodeIndexedPng(png: Buffer): IndexedImage {
  const [cols, rows] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
  }
  const palette = chunks.get('PLTE');
  const packed = chunks.get('IDAT');
  if (!palette || !packed)
    throw new RangeError('The embedded picture is not an indexed PNG of this program.');
  const lines = inflateSync(packed);
  const cells = new Uint8Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const from = row * (cols + 1) + 1;
    cells.set(lines.subarray(from, from + cols), row * cols);
  }
  return { rows, cols, cells, palette };
}
