const signature = Buffer.from([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
/** A user block of 512 x 2^k bytes may lie before the signature. */
const userBlocks = [0, 512, 1024, 2048, 4096];
export const hdf5PrefixBytes = 4096 + 8;

export function isHdf5(start: Buffer): boolean {
  return hdf5StartOf(start) >= 0;
}

/** Where the superblock begins; -1 where none does. */
export function hdf5StartOf(start: Buffer): number {
  return userBlocks.find((at) => start.subarray(at, at + 8).equals(signature)) ?? -1;
}
