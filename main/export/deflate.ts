// Its build for Node declares a `require`, which a bundle cannot have twice; the packing is the same.
import { zlibSync } from 'fflate/browser';
import { storedZlib } from '#core/figure/png-encode.ts';

/** Above this, time counts more than the last percent of size. */
const large = 8 << 20;
const probe = 1 << 20;
/** Noise packs to about nine tenths, which is not worth the wait. */
const worthIt = 0.8;

/**
 * zlib streams for the pictures and fonts inside figures. Not Node's zlib: that of Electron and of other processors may
 * pack the same bytes differently, and a figure has to be the same file everywhere. Large pictures that hardly get
 * smaller, told by the piece in their middle, are stored as they are.
 */
export function deflate(bytes: Uint8Array): Uint8Array {
  if (bytes.length < large) return zlibSync(bytes, { level: 6 });
  const middle = (bytes.length - probe) >> 1;
  const piece = zlibSync(bytes.subarray(middle, middle + probe), { level: 1 });
  return piece.length > worthIt * probe ? storedZlib(bytes) : zlibSync(bytes, { level: 1 });
}

/** Base64 by Node: the same text, many times as fast. */
export const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
