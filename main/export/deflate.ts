import { zlibSync } from 'fflate';

/**
 * zlib streams for the pictures and fonts inside figures. Not Node's zlib: that of Electron and of other processors may
 * pack the same bytes differently, and a figure has to be the same file everywhere.
 */
export function deflate(bytes: Uint8Array): Uint8Array {
  return zlibSync(bytes, { level: 6 });
}
