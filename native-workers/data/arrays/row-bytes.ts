import { Readable } from 'node:stream';
import type { ArrayBytes } from './array-container.ts';
import { rowBytes, type ArrayHeader } from './array-header.ts';

/** Bytes read at a time from files whose rows must be put together first. */
export const slabBytes = 16 * 2 ** 20;

/**
 * An array that is read in slabs of rows (a row: one index of the first axis), whose bytes `readRows` puts into
 * row-major order. `rowsAtOnce`: rows of one slab; by default as many as `slabBytes` hold.
 */
export function rowsAsBytes(
  header: ArrayHeader,
  readRows: (first: number, count: number) => Promise<Uint8Array> | Uint8Array,
  rowsAtOnce = Math.max(1, Math.floor(slabBytes / Math.max(1, rowBytes(header)))),
): ArrayBytes {
  const size = rowBytes(header);
  const rows = header.shape[0] ?? 1;
  async function* slabs(): AsyncGenerator<Uint8Array> {
    for (let first = 0; first < rows; first += rowsAtOnce)
      yield await readRows(first, Math.min(rowsAtOnce, rows - first));
  }
  return {
    open: () => Promise.resolve(Readable.from(slabs(), { objectMode: false, highWaterMark: 0 })),
    async readAt(at, into) {
      for (let done = 0; done < into.length;) {
        const first = Math.floor((at + done) / size);
        const skipped = at + done - first * size;
        const wanted = Math.ceil((skipped + into.length - done) / size);
        const slab = await readRows(first, Math.min(rowsAtOnce, wanted));
        const part = slab.subarray(skipped, skipped + into.length - done);
        into.set(part, done);
        done += part.length;
      }
    },
  };
}
