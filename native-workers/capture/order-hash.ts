import { createHash } from 'node:crypto';
import { idsDigest, type SampleIds } from '../data/sample-ids.ts';

const hashedAtOnce = 1 << 16;

/**
 * SHA-256 over the sample indices in the order read, with their folds (little-endian uint32, then one byte each), and
 * over the digest of the samples' ids where there are any.
 */
export function orderHash(order: Int32Array, folds: Uint8Array, ids: SampleIds | null): string {
  const hash = createHash('sha256');
  hash.update(new Uint8Array(order.buffer, order.byteOffset, order.byteLength));
  // Part by part: a copy of all of them would be most of the memory of a pass over many small samples.
  for (let first = 0; first < order.length; first += hashedAtOnce)
    hash.update(Uint8Array.from(order.subarray(first, first + hashedAtOnce), (image) => folds[image]));
  if (ids) hash.update(idsDigest(ids.ids));
  return hash.digest('hex');
}
